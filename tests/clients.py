"""Clients that act at the same time, each in a thread and a transaction of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

Action = Callable[[Session], Any]


def all_at_once(engine: Engine, actions: Iterable[Action], *, deadlocks: bool = False) -> list[Any]:
    """Run every action at once and commit each; gives what each returned or raised, in order.

    What the database itself ends is a failure of the test, unless it expects `deadlocks`.
    """
    actions = list(actions)
    start = Barrier(len(actions))

    def act(action: Action) -> Any:
        start.wait()
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                return action(session)
        except OperationalError as error:
            if deadlocks:
                return error
            raise
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(act, actions))


def succeeded(
    outcomes: Iterable[Any], expected: type[Exception] | tuple[type[Exception], ...]
) -> list[Any]:
    """What went well; whatever did not must have been refused in the expected way."""
    good = []
    for outcome in outcomes:
        if not isinstance(outcome, Exception):
            good.append(outcome)
        elif not isinstance(outcome, expected):
            raise outcome
    return good
