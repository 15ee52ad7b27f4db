"""Threads of their own for whatever is asked of Stripe: it may hang, whoever serves pages may not.

A few calls run at a time and a few more wait for their turn. Of those who serve pages, half at most
wait for an answer, briefly, and nobody while Stripe is slow. What finds no room is the worker's: it
is written in the database already. So is what a process leaves behind when it ends.
"""

import atexit
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import BoundedSemaphore, Condition, Event, Thread
from typing import Any

import structlog

CALLS_AT_A_TIME, MAX_WAITING = 3, 8
PATIENCE_SECONDS = 1.5
# At the end of a process: enough for a Stripe that answers.
LAST_SECONDS = 5
log = structlog.get_logger()


class Call:
    """Something to be done; `answer` or `error` is there once it is `done`.

    `questions` is how many answers of Stripe's it takes when all goes well.
    """

    def __init__(self, act: Callable[[], Any], questions: int = 1) -> None:
        self._act, self.done, self.questions = act, Event(), questions
        self.answer: Any = None
        self.error: Exception | None = None
        self.asked_at = time.monotonic()

    def run(self) -> None:
        try:
            self.answer = self._act()
        except Exception as error:
            self.error = error
        self.done.set()


class PaymentThreads:
    """What is handed over is done by a thread of ours, which is started when there is work.

    `serving` is how many threads of this process serve pages.
    """

    def __init__(self, serving: int, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._seats = BoundedSemaphore(max(1, serving // 2))
        self._changed = Condition()
        self._waiting: OrderedDict[Hashable, Call] = OrderedDict()
        self._running = 0
        self._begun: dict[Call, float] = {}
        self._slow = False
        self._ends_well = False

    def hand_over(self, key: Hashable, act: Callable[[], Any], questions: int = 1) -> Call | None:
        """Have `act` done soon; None where there is no room for it.

        What waits already under the same key is enough; what has begun may have asked too early.
        """
        with self._changed:
            call = self._waiting.get(key)
            if call is not None:
                return call
            if len(self._waiting) >= MAX_WAITING:
                log.warning("no room to speak to Stripe")
                return None
            call = self._waiting[key] = Call(act, questions)
            if self._running < CALLS_AT_A_TIME:
                self._start()
            return call

    def wait(self, call: Call) -> bool:
        """Wait a moment for a call, unless others do or Stripe is slow; whether it is done."""
        if call.done.is_set() or self._is_slow() or not self._seats.acquire(blocking=False):
            return call.done.is_set()
        try:
            done = call.done.wait(self._patience)
        finally:
            self._seats.release()
        # Until a call is quick again, nobody waits.
        self._slow = self._slow or not (done or call.questions > 1)
        return done

    def _is_slow(self) -> bool:
        """Return whether Stripe was slow last, or is: one call may take longer than another."""
        now, patience = time.monotonic(), self._patience
        with self._changed:
            late = [now - begun > patience * call.questions for call, begun in self._begun.items()]
        return self._slow or any(late)

    def finish(self, seconds: float) -> bool:
        """Wait until all is done, so long at most; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, seconds)

    def _start(self) -> None:
        if not self._ends_well:
            # Not before: an application is built in one process and serves in its children.
            self._ends_well = True
            atexit.register(self.finish, LAST_SECONDS)
        self._running += 1
        Thread(target=self._work, name="payments", daemon=True).start()

    def _work(self) -> None:
        while (call := self._next()) is not None:
            begun = self._begun[call]
            call.run()
            self._slow = time.monotonic() - begun > self._patience * call.questions
            with self._changed:
                del self._begun[call]

    def _next(self) -> Call | None:
        with self._changed:
            if self._waiting:
                call = self._waiting.popitem(last=False)[1]
                self._begun[call] = time.monotonic()
                return call
            self._running -= 1
            self._changed.notify_all()
            return None
