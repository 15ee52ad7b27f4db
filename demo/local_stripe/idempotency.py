"""Idempotency-Key as Stripe keeps it: the same key gives the first answer again."""

import asyncio
from dataclasses import dataclass

from aiohttp import web
from localstripe.errors import UserError

from local_stripe.failure import Failure


@dataclass
class Kept:
    """The request that a key was first used for, and its answer."""

    call: str
    answer: asyncio.Future[web.Response]


kept: dict[str, Kept] = {}


@web.middleware
async def middleware(request: web.Request, handler):
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or not key:
        return await handler(request)
    call = f"{request.path} {await request.text()}"
    first = kept.get(key)
    if first is None:
        return await _answer_first(key, call, request, handler)
    if first.call != call:
        message = "Keys for idempotent requests can only be used with the same parameters."
        raise Failure(400, "idempotency_error", "idempotency_error", message)
    if not first.answer.done():
        raise Failure(409, "invalid_request_error", "idempotency_key_in_use", "Still at it.")
    again = first.answer.result()
    return web.Response(
        body=again.body,
        status=again.status,
        content_type="application/json",
        headers={"Idempotent-Replayed": "true"},
    )


async def _answer_first(key: str, call: str, request: web.Request, handler):
    answer: asyncio.Future[web.Response] = asyncio.get_running_loop().create_future()
    kept[key] = Kept(call, answer)
    try:
        result = await handler(request)
    except UserError as error:
        result = error.to_response()
    except BaseException:
        del kept[key]
        raise
    answer.set_result(result)
    return result
