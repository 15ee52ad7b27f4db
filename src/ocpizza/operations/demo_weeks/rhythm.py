"""When people order: at noon, above all in the evening, and more as the week ends."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from ocpizza.domain.hours import span
from ocpizza.operations.demo_weeks.house import House

# How many orders a middling day brings, Monday first.
BY_WEEKDAY = (15, 17, 19, 21, 33, 36, 26)
# By hour of the day, of a day as long as the first restaurant's.
BY_HOUR = dict(enumerate((0.6, 0.3, 0.1), 24)) | {
    11: 1.0, 12: 4.5, 13: 3.0, 14: 0.8, 15: 0.3, 16: 0.3, 17: 0.7,
    18: 2.5, 19: 6.0, 20: 7.0, 21: 4.0, 22: 1.8, 23: 0.9,
}  # fmt: skip
PEAK = max(BY_HOUR.values())
# Some restaurants are known better than others; the fourth is the smallest.
POPULARITY = (1.25, 1.0, 1.1, 0.7, 0.9)
MIN_OPEN_MINUTES = 20


def moments(house: House, day: date, chance: Random) -> Iterator[datetime]:
    """Yield when somebody orders on a business day, while the restaurant is open."""
    wanted = BY_WEEKDAY[day.weekday()] * POPULARITY[house.rank % len(POPULARITY)]
    number = max(1, round(wanted * chance.uniform(0.8, 1.2)))
    hours, weights = list(BY_HOUR), list(BY_HOUR.values())
    first = span(day)[0] - timedelta(hours=6)
    for hour in chance.choices(hours, weights, k=number):
        minute = 60 * hour + chance.randrange(60)
        if any(
            opening.weekday == day.weekday()
            and opening.opens_minute <= minute < opening.closes_minute - MIN_OPEN_MINUTES
            for opening in house.openings
        ):
            yield first + timedelta(minutes=minute, seconds=chance.randrange(60))


def rush(at: datetime, first: datetime) -> float:
    """Return how busy a kitchen is, from 0 to 1, `first` being the beginning of the day."""
    hour = int((at - first).total_seconds() // 3600) + 6
    return BY_HOUR.get(hour, 0) / PEAK
