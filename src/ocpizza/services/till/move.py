"""Cash put into a till or taken out of it without a customer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author
from ocpizza.models.till import TillMovement, TillMovementKind, TillSession
from ocpizza.services.till.drawer import drawer_of
from ocpizza.services.till.session import lock_till


@dataclass(frozen=True, slots=True)
class Moved:
    """What a colleague says: how much came, or went where it is less than nothing; why."""

    cents: Cents
    note: str
    key: str


@dataclass
class NotInDrawer(Exception):
    """More is taken out than there is."""

    left_cents: Cents


def move_cash(
    session: Session, till: TillSession, said: Moved, author: Author, now: datetime
) -> TillMovement:
    """Return the movement; the same form sent again gives the one that it made.

    Raises TillClosed and NotInDrawer.
    """
    locked = lock_till(session, till.restaurant_id, till.id)
    if known := made_by(session, said.key):
        return known
    left = drawer_of(session, locked).expected_cents
    if said.cents < 0 and left + said.cents < 0:
        raise NotInDrawer(left)
    kind = TillMovementKind.PUT_IN if said.cents > 0 else TillMovementKind.TAKEN_OUT
    movement = TillMovement(
        till_session_id=locked.id,
        kind=kind,
        delta_cents=said.cents,
        author_id=author.account_id,
        key=said.key,
        note=said.note,
        at=now,
    )
    session.add(movement)
    session.flush()
    return movement


def made_by(session: Session, key: str) -> TillMovement | None:
    """Return the movement that this form has made already."""
    return session.scalars(select(TillMovement).where(TillMovement.key == key)).one_or_none()
