"""B2: record that the summary of a revision was handed out, and how: the first time counts."""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import cast

from sqlalchemy import Table, Update, bindparam, update
from sqlalchemy.orm import Session

from ocpizza.models.order_revision import OrderRevision

REVISIONS = cast(Table, OrderRevision.__table__)


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
        update(REVISIONS)
        .where(REVISIONS.c.id == bindparam("revision_id"), REVISIONS.c[how].is_(None))
        .values({how.value: bindparam("now")})
    )
