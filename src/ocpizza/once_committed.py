"""What is done once a transaction is committed; what was rolled back never happened."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

_WAITING = "once_committed"


def once_committed(session: Session, act: Callable[[], Any]) -> None:
    """Have it done once the session's transaction is committed."""
    waiting = session.info.setdefault(_WAITING, [])
    waiting.append((session.get_nested_transaction(), act))


@event.listens_for(Session, "after_commit")
def _do(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for _, act in session.info.pop(_WAITING, ()):
        act()


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    waiting = session.info.get(_WAITING, [])
    if rolled_back.nested:
        waiting[:] = [each for each in waiting if not _within(each[0], rolled_back)]
    else:
        waiting.clear()


def _within(inner: SessionTransaction | None, outer: SessionTransaction) -> bool:
    """Whether a savepoint, which may have been released since, goes with another one."""
    while inner is not None and inner is not outer:
        inner = inner.parent
    return inner is outer
