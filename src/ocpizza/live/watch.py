"""The thread that asks the database what changed and whose rights stand, for the event loop."""

import time
from asyncio import AbstractEventLoop
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from threading import Event
from typing import Any, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ocpizza.db import reason
from ocpizza.domain.session_limits import StaffIdle
from ocpizza.live.hub import Hub
from ocpizza.live.rights import standing_rights
from ocpizza.live.tail import LATELY, Tail, changed_lately
from ocpizza.outage import Outage, is_outage

# Four times a second: what is shown within one may wait a quarter of it here.
PAUSE = 0.25
# The database is asked less often while it fails.
DOWN = 2.0
# How long a stream may outlive the rights that opened it.
RIGHTS_EVERY = 2.0
FORGET_EVERY = 60.0
# A loop that does not answer for so long is not well.
PATIENCE = 10.0
T = TypeVar("T")
log = structlog.get_logger()


class Watch:
    """Asks until `stop` is set, however often the database fails, and tells the hub."""

    def __init__(
        self, engine: Engine, hub: Hub, loop: AbstractEventLoop, idle: StaffIdle, stop: Event
    ) -> None:
        self._engine, self._hub, self._loop, self._idle = engine, hub, loop, idle
        self.stop = stop
        self.beat_at = time.monotonic()
        self._tail: Tail | None = None
        self._began = False
        self._outage = Outage()
        self._due = {self._check_rights: 0.0, self._forget: 0.0}
        self._every = {self._check_rights: RIGHTS_EVERY, self._forget: FORGET_EVERY}

    def run(self) -> None:
        """Ask again and again."""
        while not self.stop.is_set():
            self.stop.wait(self.try_once())

    def try_once(self) -> float:
        """Ask what is due; return how long to wait until the next time."""
        pause = PAUSE
        try:
            self._ask()
            if self._outage.lasts:
                self._outage.answered()
        except SQLAlchemyError as error:
            if is_outage(error):
                self._outage.failed(error)
            else:
                log.error("the database failed, trying again", reason=reason(error))
            self._tail, pause = None, DOWN
        except Exception as error:
            # A thread that ends would not be missed until somebody waits for an order.
            log.error("cannot read what changed, trying again", exc_info=error)
            self._tail, pause = None, DOWN
        # Said also of a database that is down: another process would do no better.
        self.beat_at = time.monotonic()
        return pause

    def _ask(self) -> None:
        if self._tail is None:
            self._take_up()
        assert self._tail is not None
        began = time.time()
        self._tell(self._hub.hear, self._tail.read(), began)
        now = time.monotonic()
        for act, at in self._due.items():
            if now >= at:
                act()
                self._due[act] = now + self._every[act]

    def _take_up(self) -> None:
        """Go on from now; what came before is known, or doubted."""
        now = datetime.now(UTC)
        self._tail = Tail(self._engine)
        changes = [(change, at.timestamp()) for change, at in changed_lately(self._engine, now)]
        if self._began:
            # A database that was away may be another one now.
            self._tell(self._hub.doubt, now.timestamp())
        self._began = True
        known_from = (now - LATELY).timestamp()
        self._tell(self._hub.remember, changes, known_from)

    def _check_rights(self) -> None:
        asked = self._ask_loop(self._hub.sessions)
        standing = standing_rights(self._engine, asked, self._idle, datetime.now(UTC))
        self._tell(self._hub.keep_only, asked, standing)

    def _forget(self) -> None:
        self._tell(self._hub.forget, time.time())

    def _ask_loop(self, ask: Callable[[], T]) -> T:
        answer: Future[T] = Future()
        self._tell(lambda: answer.set_result(ask()))
        return answer.result(PATIENCE)

    def _tell(self, act: Callable[..., Any], *values: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act, *values)
