"""What happened to an order, as a row."""

from datetime import datetime

from ocpizza.domain.author import Author
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import Status


def status_event(status: Status, author: Author | None, at: datetime, note: str = "") -> OrderEvent:
    """Return the event that tells of a new status."""
    return OrderEvent(
        kind=EventKind.STATUS,
        status=status,
        author_id=author.account_id if author else None,
        author_role=author.role if author else None,
        note=note,
        at=at,
    )
