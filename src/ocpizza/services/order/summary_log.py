"""B2: record that the summary of a revision was handed out, and how: the first time counts."""

from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import Update, bindparam, update
from sqlalchemy.orm import Session

from ocpizza.models.order_revision import OrderRevision


class SummaryDelivery(StrEnum):
    """How a summary reaches its customer; each is a column of the revision."""

    SHOWN = "summary_shown_at"
    DOWNLOADED = "summary_downloaded_at"
    MAILED = "summary_mailed_at"
    PRINTED = "summary_printed_at"


def record_summary_delivery(
    session: Session, revision_id: int, how: SummaryDelivery, now: datetime
) -> None:
    """Note the time unless one is noted already. Nobody sees another version of the order."""
    session.execute(_noting(how), {"revision_id": revision_id, "now": now})


@cache
def _noting(how: SummaryDelivery) -> Update:
    return (
        update(OrderRevision)
        .where(OrderRevision.id == bindparam("revision_id"), getattr(OrderRevision, how).is_(None))
        .values({how.value: bindparam("now")})
        .execution_options(synchronize_session=False)
    )
