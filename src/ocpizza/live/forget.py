"""Changes that nobody comes back to any more are forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ocpizza.db import rows_changed
from ocpizza.models.live_change import LiveChange

KEPT = timedelta(hours=1)
AT_A_TIME = 5000


def forget_changes(session: Session, now: datetime) -> int:
    """Delete a few of the rows that are old; return how many.

    The last one stays: SQLite would give its id again.
    """
    last = select(func.max(LiveChange.id)).scalar_subquery()
    old = select(LiveChange.id).where(LiveChange.at < now - KEPT, LiveChange.id < last)
    some = session.scalars(old.order_by(LiveChange.at).limit(AT_A_TIME)).all()
    gone = delete(LiveChange).where(LiveChange.id.in_(some))
    return rows_changed(session, gone.execution_options(synchronize_session=False))
