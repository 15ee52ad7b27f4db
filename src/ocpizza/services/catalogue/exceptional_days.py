"""Holidays, closures and other days on which a restaurant does not open as in other weeks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ocpizza.domain.hours import Exceptional, Span, business_day
from ocpizza.models.restaurant import ExceptionalDays, ExceptionalHours, Restaurant
from ocpizza.models.staff_change import Subject
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.trail.record import Change, Facts, Signature, record_change

MAX_KEPT = 60
# Every menu is drawn with those that are kept.
REMEMBERED = timedelta(days=31)


class DaysTaken(ValueError):
    """Other days that are exceptional already have some of these: `first` to `last`."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__()
        self.first, self.last = first, last


class TooManyDays(ValueError):
    """Nobody plans so many."""


class DaysGone(LookupError):
    """They are not exceptional any more, or are others by now."""


def list_exceptional(session: Session, restaurant_id: int, since: date) -> Sequence[Exceptional]:
    """Return what is exceptional from this business day on, the first first."""
    return [_as_told(each) for each in _kept(session, restaurant_id, since)]


def add_exceptional(
    session: Session, restaurant_id: int, days: Exceptional, today: date, signed: Signature
) -> None:
    """Have a restaurant open at these hours on these days, or not at all.

    What it had promised to customers before stays promised. Raises DaysTaken and TooManyDays.
    """
    lock_catalogue(session)
    kept = _kept(session, restaurant_id, min(days.first_day, today))
    if len(kept) >= MAX_KEPT:
        raise TooManyDays
    for each in kept:
        if each.first_day <= days.last_day and days.first_day <= each.last_day:
            raise DaysTaken(each.first_day, each.last_day)
    session.add(
        ExceptionalDays(
            restaurant_id=restaurant_id,
            first_day=days.first_day,
            last_day=days.last_day,
            closing_note=days.note,
            hours=[ExceptionalHours(opens_minute=a, closes_minute=b) for a, b in days.spans],
        )
    )
    session.flush()
    _record(session, signed, restaurant_id, None, _facts(days))


def remove_exceptional(
    session: Session, restaurant_id: int, first: date, last: date, signed: Signature
) -> None:
    """Have the hours of every week hold on these days again. Raises DaysGone."""
    lock_catalogue(session)
    days = session.get(ExceptionalDays, (restaurant_id, first), populate_existing=True)
    if days is None or days.last_day != last:
        raise DaysGone
    before = _facts(_as_told(days))
    session.delete(days)
    session.flush()
    _record(session, signed, restaurant_id, before, None)


def forget_past_days(session: Session, now: datetime) -> int:
    """Delete days that are long over; return how many. The trail keeps what they were."""
    over = select(ExceptionalDays).where(ExceptionalDays.last_day < business_day(now) - REMEMBERED)
    if session.scalar(over.with_only_columns(ExceptionalDays.restaurant_id).limit(1)) is None:
        return 0
    lock_catalogue(session)
    gone = session.scalars(over).all()
    for days in gone:
        session.delete(days)
    session.flush()
    return len(gone)


def _kept(session: Session, restaurant_id: int, since: date) -> Sequence[ExceptionalDays]:
    query = select(ExceptionalDays).where(
        ExceptionalDays.restaurant_id == restaurant_id, ExceptionalDays.last_day >= since
    )
    query = query.options(selectinload(ExceptionalDays.hours)).order_by(ExceptionalDays.first_day)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _as_told(days: ExceptionalDays) -> Exceptional:
    spans = tuple(Span(each.opens_minute, each.closes_minute) for each in days.hours)
    return Exceptional(days.first_day, days.last_day, days.closing_note, spans)


def _facts(days: Exceptional) -> Facts:
    return {
        "first_day": days.first_day,
        "last_day": days.last_day,
        "special_hours": [list(span) for span in days.spans],
        "closing_note": days.note,
    }


def _record(
    session: Session,
    signed: Signature,
    restaurant_id: int,
    before: Facts | None,
    after: Facts | None,
) -> None:
    name = session.get_one(Restaurant, restaurant_id).name
    record_change(session, signed, Change(Subject.RESTAURANT, before, after, restaurant_id, name))
