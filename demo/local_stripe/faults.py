"""Faults on demand: `POST /_control/faults` with JSON {"path", "kind", "times", "seconds"}.

`path` is a regular expression over « METHOD /path ». Kinds: `before` and `after` cut the connection
before or after the request has acted, `slow` answers late, `nonsense` answers after it has acted
with what nobody can read, `error` is Stripe's own 500, `busy` its 429 while somebody else is at the
same object, `refused` a definite 402.
"""

import asyncio
import re
from dataclasses import dataclass

from aiohttp import web

from local_stripe.failure import Failure

KINDS = ("before", "after", "slow", "nonsense", "error", "busy", "refused")


@dataclass
class Fault:
    """What goes wrong, where, how many times more."""

    path: str
    kind: str
    times: int = 1
    seconds: float = 0


waiting: list[Fault] = []
calls: list[str] = []


def _next(call: str) -> Fault | None:
    for fault in waiting:
        if re.search(fault.path, call):
            fault.times -= 1
            if fault.times <= 0:
                waiting.remove(fault)
            return fault
    return None


@web.middleware
async def middleware(request: web.Request, handler):
    call = f"{request.method} {request.path}"
    if not request.path.startswith("/v1/"):
        return await handler(request)
    calls.append(call)
    fault = _next(call)
    kind = fault.kind if fault else ""
    if kind == "before":
        return _cut(request)
    if kind == "error":
        raise Failure(500, "api_error", "api_error", "An unexpected error.")
    if kind == "busy":
        raise Failure(429, "invalid_request_error", "lock_timeout", "It cannot be accessed now.")
    if kind == "refused":
        raise Failure(402, "card_error", "card_declined", "Your card was declined.")
    if kind == "slow":
        await asyncio.sleep(fault.seconds)
    answer = await handler(request)
    if kind == "after":
        return _cut(request)
    if kind == "nonsense":
        return web.Response(text="<html>Bad gateway", content_type="text/html")
    return answer


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def add(request: web.Request) -> web.Response:
    fault = Fault(**await request.json())
    if fault.kind not in KINDS:
        raise web.HTTPBadRequest
    waiting.append(fault)
    return web.json_response({})


async def clear(request: web.Request) -> web.Response:
    waiting.clear()
    return web.json_response({})
