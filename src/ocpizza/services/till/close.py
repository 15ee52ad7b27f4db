"""A till is counted by coin and note and closed: what it says then stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author
from ocpizza.domain.cash import worth
from ocpizza.models.till import TillPieces, TillSession
from ocpizza.services.till.report import compute_report, fixed
from ocpizza.services.till.session import DifferenceUnexplained, lock_till


@dataclass(frozen=True, slots=True)
class Counted:
    """How many pieces of each value there are, what the page expected, why it is another sum."""

    pieces: Mapping[Cents, int]
    shown_expected_cents: Cents
    note: str = ""


@dataclass
class OtherExpected(Exception):
    """Cash came or went since the page was shown: this much is expected."""

    cents: Cents


def close_till(
    session: Session, till: TillSession, said: Counted, author: Author, now: datetime
) -> TillSession:
    """Return the till, closed under the next number of its restaurant, with its Z fixed.

    Whoever receives cash at this moment is waited for, or finds it closed. Raises TillClosed,
    OtherExpected and DifferenceUnexplained, with nothing changed.
    """
    locked = lock_till(session, till.restaurant_id, till.id)
    report = compute_report(session, locked)
    expected = report.drawer.expected_cents
    if expected != said.shown_expected_cents:
        raise OtherExpected(expected)
    counted = worth(said.pieces)
    if counted != expected and not said.note:
        raise DifferenceUnexplained
    for value, pieces in said.pieces.items():
        if pieces:
            session.add(TillPieces(till_session_id=locked.id, value_cents=value, pieces=pieces))
    # The next one is opened after this is committed, so that nobody takes the number meanwhile.
    last = select(func.max(TillSession.number))
    mine = last.where(TillSession.restaurant_id == locked.restaurant_id)
    locked.number = (session.scalar(mine) or 0) + 1
    locked.closed_by_id, locked.closed_at = author.account_id, now
    locked.counted_cents, locked.expected_cents = counted, expected
    locked.difference_note = said.note if counted != expected else ""
    locked.report = fixed(report)
    session.flush()
    return locked
