"""Business days that are over are closed: their figures are kept, and read instead of orders."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from enum import Enum, auto

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ocpizza.domain.hours import business_day
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.order import Order
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.sales.day import figures_of

DAY = timedelta(days=1)
# A refund that a bank sends back is known to have failed within so long.
LOOK_BACK = 30 * DAY


class Outcome(Enum):
    """What became of a day that is over."""

    CLOSED = auto()
    CORRECTED = auto()
    SAME = auto()
    ORDERS_OPEN = auto()


def days_to_close(session: Session, restaurant_id: int, now: datetime) -> list[date]:
    """Return the days that are over and not closed, and those of the last month.

    These are looked at again: an order of the last minute may have been recorded since, a payment
    or a refund may have ended otherwise. From the first order on, every day counts; of a
    restaurant that sells no more, until a month after its last order: money is given back later.
    They are closed in this order, up to the first that cannot be.
    """
    ids = {"restaurant_id": restaurant_id}
    days = select(func.min(Order.business_day), func.max(Order.business_day)).filter_by(**ids)
    first, last = session.execute(days).one()
    if first is None:
        return []
    yesterday = business_day(now) - DAY
    # A clock that was ahead may have closed days that are still to come.
    closed = select(func.max(ClosedDay.day)).filter_by(**ids).where(ClosedDay.day <= yesterday)
    newest = session.scalars(closed).one() or first
    active = session.get_one(Restaurant, restaurant_id).active
    begins = max(first, min(newest, yesterday - LOOK_BACK))
    ends = yesterday if active else min(last + LOOK_BACK, yesterday)
    return [begins + DAY * ahead for ahead in range((ends - begins).days + 1)]


def close_day(session: Session, restaurant_id: int, day: date, now: datetime) -> Outcome:
    """Keep a day's figures, unless one of its orders is open: somebody has to say how that ended.

    The restaurant's row is locked, so that two hosts close a day once; nobody who orders waits.
    """
    restaurant = select(Restaurant.id).filter_by(id=restaurant_id)
    session.scalars(restaurant.with_for_update(key_share=True)).one()
    figures, still_open = figures_of(session, restaurant_id, day)
    if still_open:
        return Outcome.ORDERS_OPEN
    kept = session.get(ClosedDay, (restaurant_id, day))
    if kept is None:
        values = asdict(figures) | {"day": day, "closed_at": now}
        session.add(ClosedDay(restaurant_id=restaurant_id, **values))
        return Outcome.CLOSED
    found = asdict(figures)
    changed = [name for name, value in found.items() if getattr(kept, name) != value]
    for name in changed:
        setattr(kept, name, found[name])
    return Outcome.CORRECTED if changed else Outcome.SAME
