"""Who else takes part in `bench/live.py`, each in a process of its own: visitors, the team.

What they take of the machine's cores is counted apart from what the shop takes.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from load import Visitor
from ocpizza.db import make_engine
from ocpizza.live.topics import of_order, of_restaurant
from ocpizza.models.order_status import Status
from ocpizza.services.order.advance import Step, advance_order

STEPS = (Status.TO_PREPARE, Status.ACCEPTED, Status.PREPARING, Status.READY)
processes = get_context("spawn")


class Helper:
    """A process that does what it is told; each thing has an answer."""

    def __init__(self, act: Any, *values: Any) -> None:
        self._pipe, theirs = processes.Pipe()
        self._process = processes.Process(target=act, args=(theirs, *values), daemon=True)
        self._process.start()
        theirs.close()
        self.pid = self._process.pid or 0
        self._pipe.recv()

    def begin(self, what: str, *values: Any) -> None:
        self._pipe.send((what, *values))

    def end(self) -> Any:
        return self._pipe.recv()

    def ask(self, what: str, *values: Any) -> Any:
        self.begin(what, *values)
        return self.end()

    def stop(self) -> None:
        self._process.terminate()
        self._process.join(30)


@contextmanager
def helper(act: Any, *values: Any) -> Iterator[Helper]:
    made = Helper(act, *values)
    try:
        yield made
    finally:
        made.stop()


def visitors(pipe: Connection, at: Path, paths: list[str]) -> None:
    """What four visitors wait for a page, ten times a second each, in seconds, sorted."""
    pipe.send("ready")
    while True:
        _what, seconds = pipe.recv()
        took: list[float] = []
        until = time.perf_counter() + seconds

        def visit(until: float = until, took: list[float] = took) -> None:
            visitor = Visitor(at)
            while (began := time.perf_counter()) < until:
                visitor.get(random.choice(paths))
                took.append(time.perf_counter() - began)
                time.sleep(max(0.0, 0.1 - (time.perf_counter() - began)))

        threads = [threading.Thread(target=visit) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        pipe.send(sorted(took))


def team(pipe: Connection, url: str, orders: list[Any], cook: Any, a_second: float) -> None:
    """Orders advance one after the other, so many a second; tells when each was committed."""
    engine = make_engine(url)
    pipe.send("ready")
    committed: list[tuple[float, str, str]] = []

    def advance() -> None:
        began, done = time.perf_counter(), 0
        for before, after in pairwise(STEPS):
            for order_id, number, _token, restaurant_id in orders:
                time.sleep(max(0.0, began + done / a_second - time.perf_counter()))
                with Session(engine) as session:
                    step = Step(before, after)
                    advance_order(session, order_id, step, cook, datetime.now(UTC))
                    session.commit()
                    now = time.time()
                committed.append((now, of_order(number), of_restaurant(restaurant_id)))
                done += 1

    threading.Thread(target=advance, daemon=True).start()
    while True:
        pipe.recv()
        pipe.send([*committed])


def burner(pipe: Connection, share: float) -> None:
    """Take as much of a core as pages did: what is left for the shop is the same."""
    pipe.send("ready")
    while True:
        busy = time.process_time() + share / 100
        while time.process_time() < busy:
            pass
        time.sleep(max(0.0, (1 - share) / 100))
