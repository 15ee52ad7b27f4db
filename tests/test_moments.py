"""Hours and days as a Frenchman and an Englishman would write them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ocpizza.domain.hours import PARIS
from ocpizza.i18n.localizer import localizer
from ocpizza.moments import (
    about,
    calendar_day,
    calendar_day_of_year,
    clock,
    day,
    full_day,
    hour,
    long_day,
    when,
)


def paris(day: int, hours: int, minutes: int = 0) -> datetime:
    """A time in November 2026, when Paris has UTC + 1; the 28th is a Saturday."""
    return datetime(2026, 11, day, hours, minutes, tzinfo=PARIS).astimezone(UTC)


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("at", "french", "english"),
    [
        (paris(28, 18), "18 h", "6 pm"),
        (paris(28, 18, 30), "18 h 30", "6:30 pm"),
        (paris(28, 8, 5), "8 h 05", "8:05 am"),
        (paris(28, 12), "12 h", "noon"),
        (paris(28, 12, 30), "12 h 30", "12:30 pm"),
        (paris(28, 0), "minuit", "midnight"),
        (paris(28, 0, 20), "0 h 20", "12:20 am"),
    ],
)
def test_an_hour_is_written_as_each_language_does(at, french, english):
    assert plain(clock(at)) == french
    assert plain(clock(at, "en_GB")) == english


def test_an_hour_never_breaks_across_lines():
    for minute in range(24 * 60):
        assert " " not in hour(minute) + hour(minute, "en_GB")


def test_a_minute_after_midnight_is_one_of_the_night():
    assert (plain(hour(1530)), plain(hour(1530, "en_GB"))) == ("1 h 30", "1:30 am")


@pytest.mark.parametrize(
    ("now", "at", "french", "english"),
    [
        (paris(28, 11), paris(28, 18), "aujourd’hui à 18 h", "today at 6 pm"),
        (paris(28, 11), paris(28, 20), "ce soir à 20 h", "tonight at 8 pm"),
        (paris(28, 23), paris(29, 11, 30), "demain à 11 h 30", "tomorrow at 11:30 am"),
        (paris(28, 1), paris(28, 11, 30), "aujourd’hui à 11 h 30", "today at 11:30 am"),
        (paris(28, 23), paris(29, 1), "cette nuit à 1 h", "tonight at 1 am"),
        (paris(28, 11), paris(29, 1), "cette nuit à 1 h", "tonight at 1 am"),
        (paris(28, 1), paris(28, 2), "cette nuit à 2 h", "tonight at 2 am"),
        (paris(28, 11), paris(27, 19), "hier à 19 h", "yesterday at 7 pm"),
        (
            paris(26, 11),
            paris(28, 18),
            "samedi 28 novembre à 18 h",
            "on Saturday 28 November at 6 pm",
        ),
        (
            paris(28, 11),
            paris(21, 9),
            "samedi 21 novembre à 9 h",
            "on Saturday 21 November at 9 am",
        ),
    ],
)
def test_a_time_is_said_as_from_now(now, at, french, english):
    assert plain(localizer("fr").translate(when(at, now))) == french
    assert plain(localizer("en").translate(when(at, now))) == english


@pytest.mark.parametrize(
    ("now", "at", "french", "english"),
    [
        (paris(28, 18), paris(28, 21, 29), "vers 21 h", "around 9 pm"),
        (paris(28, 18), paris(28, 21, 59), "vers 21 h 30", "around 9:30 pm"),
        (paris(28, 18, 10), paris(28, 18, 29), "d’un moment à l’autre", "any moment now"),
        (paris(28, 18), paris(29, 1), "vers 1 h", "around 1 am"),
        (paris(28, 18), paris(29, 12), "demain", "tomorrow"),
        (paris(29, 1), paris(29, 20), "vers 20 h", "around 8 pm"),
    ],
)
def test_what_is_to_be_expected_is_said_no_closer_than_one_knows(now, at, french, english):
    assert plain(localizer("fr").translate(about(at, now))) == french
    assert plain(localizer("en").translate(about(at, now))) == english


def test_the_first_of_a_month_is_written_as_a_frenchman_does():
    assert full_day(date(2026, 11, 1)) == "1er novembre 2026"
    assert full_day(date(2026, 11, 11)) == "11 novembre 2026"
    assert full_day(date(2026, 11, 1), "en_GB") == "1 November 2026"
    first, at = date(2027, 1, 1), datetime(2027, 1, 1, 11, tzinfo=UTC)
    assert (calendar_day(first), day(at)) == ("vendredi 1er janvier", "vendredi 1er janvier")
    assert calendar_day_of_year(first) == "vendredi 1er janvier 2027"
    assert long_day(at) == "1er janvier 2027"


def test_the_same_hour_is_never_said_of_two_days():
    """Walking through a fortnight, each day's noon has words of its own."""
    now = paris(15, 12)
    said = [localizer("fr").translate(when(now + timedelta(days=n), now)) for n in range(-7, 8)]
    assert len(set(said)) == len(said)
