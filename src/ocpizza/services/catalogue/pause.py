"""A restaurant takes no orders from the web for a while, because it cannot make them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.restaurant import Restaurant
from ocpizza.models.staff_change import Subject
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.trail.record import Change, Facts, Signature, record_change


def pause_online_orders(
    session: Session, restaurant_id: int, until: datetime, reason: str, signed: Signature
) -> None:
    """Take none until then (UTC); customers read why. What was ordered already goes on."""
    _set(session, restaurant_id, until, reason, signed)


def resume_online_orders(session: Session, restaurant_id: int, signed: Signature) -> None:
    """Take them again, at once."""
    _set(session, restaurant_id, None, None, signed)


def _set(
    session: Session,
    restaurant_id: int,
    until: datetime | None,
    reason: str | None,
    signed: Signature,
) -> None:
    lock_catalogue(session)
    query = select(Restaurant).where(Restaurant.id == restaurant_id)
    restaurant = session.scalars(query.execution_options(populate_existing=True)).one()
    before = _facts(restaurant)
    restaurant.paused_until, restaurant.pause_note = until, reason
    session.flush()
    change = Change(Subject.RESTAURANT, before, _facts(restaurant), restaurant_id, restaurant.name)
    record_change(session, signed, change)


def _facts(restaurant: Restaurant) -> Facts:
    return {"paused_at": restaurant.paused_until, "pause_note": restaurant.pause_note}
