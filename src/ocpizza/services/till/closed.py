"""The tills of a restaurant that were closed, by the numbers of their reports (Z)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ocpizza.models.till import TillSession
from ocpizza.services.till.session import with_movements

PAGE = 20


@dataclass(frozen=True, slots=True)
class ClosedTills:
    """A page of them, the last one first, and whether there are older ones."""

    tills: Sequence[TillSession]
    older: bool


def list_closed(
    session: Session, restaurant_id: int, *, closed_by_id: int | None = None, before: int = 0
) -> ClosedTills:
    """Return a page of closed tills, those before a number or the last; of one who closed them."""
    query = (
        select(TillSession)
        .where(TillSession.restaurant_id == restaurant_id, TillSession.number.is_not(None))
        .options(joinedload(TillSession.closed_by))
        .order_by(TillSession.number.desc())
        .limit(PAGE + 1)
    )
    if closed_by_id is not None:
        query = query.where(TillSession.closed_by_id == closed_by_id)
    if before:
        query = query.where(TillSession.number < before)
    found = session.scalars(query).all()
    return ClosedTills(found[:PAGE], len(found) > PAGE)


def find_closed(session: Session, restaurant_id: int, number: int) -> TillSession | None:
    """Return the till with this number, with all that its report shows."""
    query = (
        select(TillSession)
        .where(TillSession.restaurant_id == restaurant_id, TillSession.number == number)
        .options(joinedload(TillSession.opened_by), joinedload(TillSession.closed_by))
    )
    return session.scalars(with_movements(query)).one_or_none()
