"""What restaurants sold in a period, from the days that are closed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.comparison import Period
from ocpizza.domain.sales import NAMES, Figures
from ocpizza.models.closed_day import ClosedDay


@dataclass(frozen=True)
class Closed:
    """The figures of so many closed days."""

    days: int
    figures: Figures


def figures_by_restaurant(
    session: Session, restaurant_ids: Collection[int], period: Period
) -> dict[int, Closed]:
    """Return what each of these restaurants sold in a period, where it has closed a day."""
    sums = [func.sum(getattr(ClosedDay, name)).label(name) for name in NAMES]
    query = (
        select(ClosedDay.restaurant_id, func.count(), *sums)
        .where(*_in(restaurant_ids, period))
        .group_by(ClosedDay.restaurant_id)
    )
    rows = session.execute(query)
    return {own: Closed(days, Figures(*map(int, values))) for own, days, *values in rows}


def turnover_by_day(
    session: Session, restaurant_ids: Collection[int], period: Period
) -> dict[date, Cents]:
    """Return what these restaurants sold together, day by day, the first one first."""
    query = (
        select(ClosedDay.day, func.sum(ClosedDay.turnover_cents))
        .where(*_in(restaurant_ids, period))
        .group_by(ClosedDay.day)
        .order_by(ClosedDay.day)
    )
    return {day: int(cents) for day, cents in session.execute(query)}


def _in(restaurant_ids: Collection[int], period: Period) -> tuple[ColumnElement[bool], ...]:
    first, last = period
    return (
        ClosedDay.restaurant_id.in_(restaurant_ids),
        ClosedDay.day >= first,
        ClosedDay.day <= last,
    )
