"""Questions to Stripe that a page has: the answer to one that came too late waits for the next."""

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from ocpizza.payments.threads import Call, PaymentThreads

KEPT_SECONDS = 20


class StillAsking(Exception):
    """Stripe has not answered yet: the page may ask again in a moment."""


class Questions:
    """Answers are given once, to whoever asks first, and forgotten soon: they hold secrets."""

    def __init__(self, threads: PaymentThreads) -> None:
        self._threads = threads
        self._lock = Lock()
        self._asked: dict[Hashable, Call] = {}

    def ask(self, key: Hashable, act: Callable[[], Any]) -> Any:
        """Return what `act` answers, asked now or by an earlier page.

        Raises StillAsking, or what `act` raises.
        """
        call = self._call(key, act)
        if call is None or not self._threads.wait(call):
            raise StillAsking
        with self._lock:
            self._asked.pop(key, None)
        if call.error is not None:
            raise call.error
        return call.answer

    def _call(self, key: Hashable, act: Callable[[], Any]) -> Call | None:
        oldest = time.monotonic() - KEPT_SECONDS
        with self._lock:
            for old in [key for key, call in self._asked.items() if call.asked_at < oldest]:
                del self._asked[old]
            call = self._asked.get(key) or self._threads.hand_over(("question", key), act)
            if call is not None:
                self._asked[key] = call
            return call
