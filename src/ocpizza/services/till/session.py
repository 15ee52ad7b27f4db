"""A till is opened with its float; whoever receives or gives back cash holds it open meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author
from ocpizza.models.till import TillMovement, TillSession


class DifferenceUnexplained(Exception):
    """What was brought or counted is not what it should be, and nobody says why."""


class TillClosed(Exception):
    """No till is open here: its float is to be counted first."""


@dataclass
class AlreadyOpen(Exception):
    """A colleague has opened it already."""

    till: TillSession


def find_till(session: Session, restaurant_id: int, *, whole: bool = False) -> TillSession | None:
    """Return the till that is open at a restaurant, for pages that only read.

    `whole`: with all that its report shows.
    """
    query = _open(restaurant_id).options(joinedload(TillSession.opened_by))
    return session.scalars(with_movements(query) if whole else query).one_or_none()


def with_movements(query: Select[TillSession]) -> Select[TillSession]:
    """Return a query of tills that brings their movements, with who is named, and their pieces."""
    movements = selectinload(TillSession.movements)
    return query.options(
        movements.joinedload(TillMovement.driver),
        movements.joinedload(TillMovement.author),
        selectinload(TillSession.pieces),
    )


def hold_till(session: Session, restaurant_id: int) -> TillSession | None:
    """Return the till that is open, which nobody closes until the end of the transaction.

    After the order, before receipts.
    """
    query = _open(restaurant_id).with_for_update(of=TillSession, read=True)
    # One that was closed while we waited for it: the next may be open already.
    for _ in range(2):
        if found := session.scalars(query.execution_options(populate_existing=True)).one_or_none():
            return found
    return None


def lock_till(session: Session, restaurant_id: int, till_id: int) -> TillSession:
    """Return an open till for oneself: nobody else receives or counts meanwhile.

    Raises TillClosed.
    """
    query = _open(restaurant_id).where(TillSession.id == till_id)
    query = query.with_for_update(of=TillSession).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise TillClosed
    return found


def open_till(
    session: Session, restaurant_id: int, float_cents: Cents, author: Author | None, now: datetime
) -> TillSession:
    """Return the till that is opened with this float. Raises AlreadyOpen."""
    if found := find_till(session, restaurant_id):
        raise AlreadyOpen(found)
    till = TillSession(
        restaurant_id=restaurant_id,
        opened_by_id=author.account_id if author else None,
        opened_at=now,
        float_cents=float_cents,
    )
    try:
        with session.begin_nested():
            session.add(till)
            session.flush()
    except IntegrityError:
        # A colleague opened it at the same moment.
        raise AlreadyOpen(session.scalars(_open(restaurant_id)).one()) from None
    return till


def _open(restaurant_id: int) -> Select[TillSession]:
    return select(TillSession).where(
        TillSession.restaurant_id == restaurant_id, TillSession.closed_at.is_(None)
    )
