"""`ocpizza live`: one process a host, which tells pages that they have changed.

If it ends, pages ask by themselves as they do without it.
"""

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import structlog
from aiohttp import web
from sqlalchemy import Engine

from ocpizza.live.hub import Hub
from ocpizza.live.server import beat, make_application, session_rights
from ocpizza.live.systemd import handed_over, tell_systemd
from ocpizza.live.ticket import derived_key
from ocpizza.live.watch import Watch
from ocpizza.security.sessions import cookie_key
from ocpizza.security.staff_idle import staff_idle
from ocpizza.settings import Settings

BACKLOG = 4096
# systemd is told as often that all is well; one whose thread or loop hangs is started anew.
WELL_EVERY, HUNG = 5.0, 45.0
# What is not told within it when it ends is asked for by the pages.
LAST_SECONDS = 2.0
log = structlog.get_logger()


class Live:
    """The server; `stop` ends it, from whatever thread. Its engine needs a few connections."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self._key = derived_key(cookie_key(settings["session.secret_file"]))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = asyncio.Event()
        self.ready = Event()

    def run(self) -> None:
        """Serve until told to stop."""
        asyncio.run(self._serve())

    def stop(self) -> None:
        """End it; streams end, and pages come back to whoever follows."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._over.set)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        idle = staff_idle(self._settings)
        hub = Hub(self._settings["live.streams"], time.time())
        watch = Watch(self._engine, hub, self._loop, idle, Event())
        thread = Thread(target=watch.run, name="watch", daemon=True)
        application = make_application(hub, self._key, session_rights(self._engine, idle))
        runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=LAST_SECONDS
        )
        await runner.setup()
        # Whoever comes back is told what changed meanwhile: that is known first.
        await asyncio.to_thread(watch.try_once)
        thread.start()
        await self._listen(runner)
        beating = asyncio.create_task(beat(hub))
        tell_systemd("READY=1")
        self.ready.set()
        try:
            await self._until_over(watch)
        finally:
            beating.cancel()
            watch.stop.set()
            for stream in hub:
                stream.end()
            await runner.cleanup()
            await asyncio.to_thread(thread.join, LAST_SECONDS)

    async def _until_over(self, watch: Watch) -> None:
        while not self._over.is_set():
            if time.monotonic() - watch.beat_at < HUNG:
                tell_systemd("WATCHDOG=1")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), WELL_EVERY)

    async def _listen(self, runner: web.AppRunner) -> None:
        handed = handed_over()
        if handed:
            await web.SockSite(runner, handed, backlog=BACKLOG).start()
            return
        path: Path = self._settings["live.socket"]
        path.parent.mkdir(parents=True, exist_ok=True)
        await web.UnixSite(runner, str(path), backlog=BACKLOG).start()
        # nginx's group may speak to it, where the folder lets it in.
        path.chmod(0o660)
