"""Opening hours and business days, in Europe/Paris wall time."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
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


def business_day(at: datetime) -> date:
    """Return the business day of an instant: it runs from 06:00 to 06:00, Europe/Paris."""
    return (at.astimezone(PARIS).replace(tzinfo=None) - DAY_STARTS).date()


def span(day: date) -> tuple[datetime, datetime]:
    """Return the first instant of a business day and that of the next one (UTC)."""
    starts = int(DAY_STARTS.total_seconds()) // 60
    return _instant(day, starts), _instant(day + timedelta(days=1), starts)


def closing_time(openings: Iterable[Opening], at: datetime) -> datetime | None:
    """Return when a restaurant that is open `at` this instant closes (UTC), None if it is not."""
    day = business_day(at)
    for opening in openings:
        if opening.weekday == day.weekday():
            # Instants, not wall times: on one night in October 02:15 comes twice.
            closes = _instant(day, opening.closes_minute)
            if _instant(day, opening.opens_minute) <= at < closes:
                return closes
    return None


def next_opening(openings: Iterable[Opening], at: datetime) -> datetime | None:
    """Return the first opening after this instant (UTC), None if there is none in a week."""
    today = business_day(at)
    openings = list(openings)
    starts = (
        _instant(today + timedelta(days=ahead), opening.opens_minute)
        for ahead in range(8)
        for opening in openings
        if opening.weekday == (today + timedelta(days=ahead)).weekday()
    )
    return min((start for start in starts if start > at), default=None)


def in_order(spans: Iterable[Span]) -> tuple[Span, ...] | None:
    """Return the spans of a day from the first to the last, those that touch as one.

    None where two of them overlap.
    """
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last and span.opens_minute < last.closes_minute:
            return None
        if last and span.opens_minute == last.closes_minute:
            joined[-1] = Span(last.opens_minute, span.closes_minute)
        else:
            joined.append(span)
    return tuple(joined)


def _instant(day: date, minute: int) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    at = wall.replace(tzinfo=PARIS).astimezone(UTC)
    if at.astimezone(PARIS).replace(tzinfo=None) != wall:
        # On one night in March there is no 02:30: it is past as soon as clocks show 03:00.
        return wall.replace(minute=0, tzinfo=PARIS).astimezone(UTC)
    return at
