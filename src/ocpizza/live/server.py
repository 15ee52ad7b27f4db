"""The streams: Server-Sent Events, for as many pages as there are, by one event loop.

A ticket comes in a header, never in an address: addresses are logged, by whoever stands between.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

from aiohttp import web
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ocpizza.domain.session_limits import StaffIdle
from ocpizza.live import ticket as tickets
from ocpizza.live.hub import Full, Hub, Stream
from ocpizza.live.rights import standing_rights
from ocpizza.live.ticket import HEADER, LAST_HEARD, PATH, Ticket
from ocpizza.live.topics import kind_of

HEALTH, COUNT = "/health/live", "/streams"
# Each stream says so often that it lives: less than proxies wait for, and pages.
BEAT = 15
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}
LATER = {"Retry-After": "60", "Cache-Control": "no-store"}
Standing = Callable[[str], dict[str, str]]


def make_application(hub: Hub, key: bytes, standing: Standing) -> web.Application:
    """Return the application; `standing` asks the database for the rights of a session."""

    async def stream(request: web.Request) -> web.StreamResponse:
        ticket = tickets.read(key, request.headers.get(HEADER, ""), time.time())
        if ticket is None:
            return _refused(401)
        try:
            if not await _stands(ticket, standing):
                return _refused(403)
        except SQLAlchemyError:
            # Pages that come back would say so by turns: `watch` asks the same and says it once.
            return _refused(503)
        try:
            opened = hub.open(ticket, _since(request, ticket))
        except Full:
            return _refused(503)
        try:
            return await _tell(request, opened, hub)
        finally:
            hub.close(opened)

    async def health(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def count(_request: web.Request) -> web.Response:
        return web.Response(text=f"{len(hub)} {hub.most}\n")

    application = web.Application()
    application.router.add_get(PATH, stream)
    application.router.add_get(HEALTH, health)
    application.router.add_get(COUNT, count)
    return application


async def beat(hub: Hub) -> None:
    """Have each stream say that it lives, a part of them each second."""
    turn = 0
    while True:
        await asyncio.sleep(1)
        turn = (turn + 1) % BEAT
        hub.beat([each for place, each in enumerate(hub) if place % BEAT == turn])


def session_rights(engine: Engine, idle: StaffIdle) -> Standing:
    """Return what asks the database for the rights of a session."""
    return lambda digest: standing_rights(engine, [digest], idle, datetime.now(UTC))


async def _stands(ticket: Ticket, standing: Standing) -> bool:
    if not ticket.session:
        return True
    return (await asyncio.to_thread(standing, ticket.session)).get(ticket.session) == ticket.rights


def _since(request: web.Request, ticket: Ticket) -> float:
    """As of when the page is: what it last heard, or when its part was drawn with its ticket."""
    heard = request.headers.get(LAST_HEARD, "")
    last = int(heard) if heard.isascii() and heard.isdecimal() and len(heard) < 12 else 0
    return float(max(min(last, int(time.time())), ticket.issued_at))


async def _tell(request: web.Request, stream: Stream, hub: Hub) -> web.StreamResponse:
    response = web.StreamResponse(headers=HEADERS)
    await response.prepare(request)
    kind = kind_of(stream.ticket.topic)
    said = "hello"
    try:
        while not stream.over:
            about = f"event: {said}\ndata: {kind}\n" if said else ""
            await response.write(f"id: {int(hub.heard_at)}\n{about}\n".encode())
            if not stream.news:
                await stream.woken.wait()
            stream.woken.clear()
            said, stream.news = stream.news, ""
    except ConnectionError:
        # Whoever looked has gone.
        pass
    return response


def _refused(status: int) -> web.Response:
    return web.Response(status=status, headers=LATER)
