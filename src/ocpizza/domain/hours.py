"""Opening hours and business days, in Europe/Paris wall time."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
DAY_STARTS = timedelta(hours=6)


class Span(NamedTuple):
    """From when to when one is open, in minutes from the midnight that begins the business day."""

    opens_minute: int
    closes_minute: int


class Opening(NamedTuple):
    """A range of a business day: weekday (0 is Monday), minutes from that day's midnight."""

    weekday: int
    opens_minute: int
    closes_minute: int


class Exceptional(NamedTuple):
    """Business days from the first to the last, with hours of their own, and why; none: closed."""

    first_day: date
    last_day: date
    note: str
    spans: tuple[Span, ...] = ()

    def covers(self, day: date) -> bool:
        """Return whether it is about this business day."""
        return self.first_day <= day <= self.last_day


# How far ahead of now, or of the end of what is exceptional, an opening is looked for: the same
# day of the week after, too.
LOOK_AHEAD = timedelta(days=8)
# Nobody plans exceptional days so far ahead.
MAX_AHEAD = timedelta(days=800)


def business_day(at: datetime) -> date:
    """Return the business day of an instant: it runs from 06:00 to 06:00, Europe/Paris."""
    return (at.astimezone(PARIS).replace(tzinfo=None) - DAY_STARTS).date()


def span(day: date) -> tuple[datetime, datetime]:
    """Return the first instant of a business day and that of the next one (UTC)."""
    starts = int(DAY_STARTS.total_seconds()) // 60
    return _instant(day, starts), _instant(day + timedelta(days=1), starts)


def same_hour(at: datetime, days: int) -> datetime:
    """Return when clocks show the same so many days later, or before where `days` is less than 0.

    (UTC.) A week is an hour more or less where clocks change in it.
    """
    wall = at.astimezone(PARIS).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=PARIS).astimezone(UTC)


def spans_of(
    openings: Iterable[Opening], day: date, exceptions: Iterable[Exceptional] = ()
) -> tuple[Span, ...]:
    """Return the spans of a business day: the exceptional ones, else those of its weekday."""
    for exceptional in exceptions:
        if exceptional.covers(day):
            return exceptional.spans
    weekday = day.weekday()
    return tuple(Span(*opening[1:]) for opening in openings if opening.weekday == weekday)


def closing_time(
    openings: Iterable[Opening], at: datetime, exceptions: Iterable[Exceptional] = ()
) -> datetime | None:
    """Return when a restaurant that is open `at` this instant closes (UTC), None if it is not."""
    day = business_day(at)
    for opens_minute, closes_minute in spans_of(openings, day, exceptions):
        # Instants, not wall times: on one night in October 02:15 comes twice.
        closes = _instant(day, closes_minute)
        if _instant(day, opens_minute) <= at < closes:
            return closes
    return None


def within(span: Span, at: datetime) -> bool:
    """Return whether an instant is in a span of its business day."""
    day = business_day(at)
    return _instant(day, span.opens_minute) <= at < _instant(day, span.closes_minute)


def next_opening(
    openings: Iterable[Opening], at: datetime, exceptions: Iterable[Exceptional] = ()
) -> datetime | None:
    """Return the first opening after this instant (UTC).

    None if there is none in a week, nor in the week after what is exceptional.
    """
    openings, exceptions = tuple(openings), tuple(exceptions)
    day = business_day(at)
    end = max([day, *(each.last_day for each in exceptions)])
    end = min(end, day + MAX_AHEAD) + LOOK_AHEAD
    while day < end:
        opens = (_instant(day, each.opens_minute) for each in spans_of(openings, day, exceptions))
        if later := [start for start in opens if start > at]:
            return min(later)
        day += timedelta(days=1)
    return None


def in_order(spans: Iterable[Span]) -> tuple[Span, ...] | None:
    """Return the spans of a day from the first to the last, those that touch as one.

    None where two of them overlap.
    """
    joined: list[Span] = []
    for each in sorted(spans):
        last = joined[-1] if joined else None
        if last and each.opens_minute < last.closes_minute:
            return None
        if last and each.opens_minute == last.closes_minute:
            joined[-1] = Span(last.opens_minute, each.closes_minute)
        else:
            joined.append(each)
    return tuple(joined)


@lru_cache(maxsize=2000)
def _instant(day: date, minute: int) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    at = wall.replace(tzinfo=PARIS).astimezone(UTC)
    if at.astimezone(PARIS).replace(tzinfo=None) != wall:
        # On one night in March there is no 02:30: it is past as soon as clocks show 03:00.
        return wall.replace(minute=0, tzinfo=PARIS).astimezone(UTC)
    return at
