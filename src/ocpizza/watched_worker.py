"""A worker of gunicorn's that ends when all its threads hang.

gunicorn sees whether the main thread of a worker goes on, which takes connections whatever becomes
of them: one whose threads all hang would go on taking what the others could answer.
"""

import os
import sys
import time
from threading import get_ident
from typing import Any

import structlog
from gunicorn.workers.gthread import ThreadWorker

# Seconds. nginx has given up long before, and nothing that a page asks for may take as long.
HUNG = 60
STATUS = 1
log = structlog.get_logger()


class WatchedWorker(ThreadWorker):
    """One that knows since when each of its threads has been busy with one thing."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._busy: dict[int, float] = {}

    def handle(self, conn: Any) -> Any:
        """Answer a request; in one of the threads."""
        self._busy[get_ident()] = time.monotonic()
        try:
            return super().handle(conn)
        finally:
            del self._busy[get_ident()]

    def notify(self) -> None:
        """Tell gunicorn that the main thread goes on, which it does every second."""
        super().notify()
        busy = self._busy.copy()
        if len(busy) == self.cfg.threads and time.monotonic() - max(busy.values()) > HUNG:
            frames = sys._current_frames()
            at = sorted({_where(frames[thread]) for thread in busy if thread in frames})
            log.critical("every thread of a worker hangs, it is replaced", worker=self.pid, at=at)
            # An orderly end would wait for them.
            os._exit(STATUS)


def _where(frame: Any) -> str:
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
