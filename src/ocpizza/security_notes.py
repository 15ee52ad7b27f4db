"""Lines of the security log about what a transaction does: written once it is committed."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from ocpizza.security_log import Action, Result, tell

_WAITING = "security_log"


def note(session: Session, action: Action, **facts: Any) -> None:
    """Have a line written once the session's transaction is committed: for what was done."""
    waiting = session.info.setdefault(_WAITING, [])
    waiting.append((session.get_nested_transaction(), action, facts))


@event.listens_for(Session, "after_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for _, action, facts in session.info.pop(_WAITING, ()):
        tell(action, Result.DONE, **facts)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    waiting = session.info.get(_WAITING, [])
    if rolled_back.nested:
        waiting[:] = [each for each in waiting if each[0] is not rolled_back]
    else:
        waiting.clear()
