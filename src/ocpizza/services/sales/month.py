"""A month of a restaurant's days, for whoever runs it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ocpizza.domain.sales import NAMES, Figures, total
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.order import Order
from ocpizza.models.order_status import OPEN

DAY = timedelta(days=1)
A_FEW = 20


@dataclass(frozen=True)
class Month:
    """The closed days of a calendar month, and the first month there is anything of."""

    first: date
    days: dict[date, Figures]
    since: date | None

    @property
    def total(self) -> Figures:
        """What all of them come to."""
        return total(self.days.values()) if self.days else Figures()

    @property
    def before(self) -> date | None:
        """The month before it, None where there is nothing of it."""
        before = (self.first - DAY).replace(day=1)
        return before if self.since and before >= self.since.replace(day=1) else None

    @property
    def after(self) -> date:
        """The month after it."""
        return following(self.first)


def following(first: date) -> date:
    """Return the first day of the month after."""
    return (first + 31 * DAY).replace(day=1)


def month_of(session: Session, restaurant_id: int, first: date) -> Month:
    """Return the closed days of the month that begins with this day, the first one first."""
    own = select(ClosedDay).where(ClosedDay.restaurant_id == restaurant_id)
    these = own.where(ClosedDay.day >= first, ClosedDay.day < following(first))
    rows = session.scalars(these.order_by(ClosedDay.day))
    oldest = select(func.min(ClosedDay.day)).where(ClosedDay.restaurant_id == restaurant_id)
    return Month(first, {row.day: figures(row) for row in rows}, session.scalars(oldest).one())


def closed_day(session: Session, restaurant_id: int, day: date) -> Figures | None:
    """Return the figures of a day, None if it is not closed."""
    row = session.get(ClosedDay, (restaurant_id, day))
    return figures(row) if row else None


def left_open(session: Session, restaurant_id: int, today: date) -> list[tuple[str, date]]:
    """Return number and day of orders of days before that are still open, the oldest first.

    Their days cannot be closed. A few are enough: the next ones come when these have ended.
    """
    query = (
        select(Order.number, Order.business_day)
        .where(
            Order.restaurant_id == restaurant_id,
            Order.status.in_(OPEN),
            Order.business_day < today,
        )
        .order_by(Order.placed_at)
        .limit(A_FEW)
    )
    return [(number, day) for number, day in session.execute(query)]


def figures(row: ClosedDay) -> Figures:
    """Return what a closed day keeps."""
    return Figures(**{name: getattr(row, name) for name in NAMES})
