"""Opening hours and business days, in Paris time, on both nights when the clock changes."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocpizza.domain.hours import (
    PARIS,
    Exceptional,
    Opening,
    Span,
    business_day,
    closing_time,
    in_order,
    next_opening,
    same_hour,
)

EVENING = [Opening(2, 18 * 60, 25 * 60)]  # Wednesday 18:00 to 01:00
ROUND_THE_CLOCK = [Opening(weekday, 360, 1800) for weekday in range(7)]
MARCH_NIGHT = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 02:00 becomes 03:00
OCTOBER_NIGHT = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # 03:00 becomes 02:00
YEAR_2020 = datetime(2020, 1, 1, tzinfo=UTC)

instants = st.one_of(
    st.integers(0, 20 * 365 * 24 * 60).map(lambda minutes: YEAR_2020 + timedelta(minutes=minutes)),
    st.builds(
        lambda night, minutes: night + timedelta(minutes=minutes),
        st.sampled_from([MARCH_NIGHT, OCTOBER_NIGHT]),
        st.integers(-24 * 60, 24 * 60),
    ),
)
openings = st.lists(
    st.builds(
        lambda weekday, a, b: Opening(weekday, min(a, b), max(a, b)),
        st.integers(0, 6),
        st.integers(360, 1079),
        st.integers(1080, 1800),
    ),
    max_size=6,
)


def paris(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "closes"),
    [
        (paris(3, 4, 17, 59), None),
        (paris(3, 4, 18), paris(3, 5, 1)),
        (paris(3, 4, 23, 59), paris(3, 5, 1)),
        (paris(3, 5, 0, 59), paris(3, 5, 1)),
        (paris(3, 5, 1), None),
        (paris(3, 5, 18), None),
    ],
)
def test_an_evening_that_ends_after_midnight_belongs_to_its_day(at, closes):
    assert closing_time(EVENING, at) == closes


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (paris(3, 5, 5, 59), date(2026, 3, 4)),
        (paris(3, 5, 6), date(2026, 3, 5)),
        (paris(3, 5, 0), date(2026, 3, 4)),
        (paris(1, 1, 2), date(2025, 12, 31)),
        (paris(3, 29, 5, 59), date(2026, 3, 28)),
        (paris(3, 29, 6), date(2026, 3, 29)),
        (paris(10, 25, 2, 30, fold=1), date(2026, 10, 24)),
        (paris(10, 25, 6), date(2026, 10, 25)),
    ],
)
def test_the_business_day_begins_at_six_in_paris(at, day):
    assert business_day(at) == day


@given(instants)
@example(MARCH_NIGHT)
@example(OCTOBER_NIGHT)
def test_a_restaurant_that_never_closes_is_open(at):
    closes = closing_time(ROUND_THE_CLOCK, at)
    assert closes is not None
    assert at < closes <= at + timedelta(hours=25)


@given(openings, instants)
@example([Opening(5, 1080, 1590)], OCTOBER_NIGHT + timedelta(minutes=15))
@example([Opening(5, 1080, 1590)], MARCH_NIGHT + timedelta(minutes=15))
def test_a_closing_time_is_still_to_come(openings, at):
    closes = closing_time(openings, at)
    assert closes is None or closes > at


@given(openings, instants)
def test_one_is_open_from_the_next_opening_on(openings, at):
    opens = next_opening(openings, at)
    if opens is None:
        assert openings == []
    else:
        assert at < opens <= at + timedelta(days=8)
        assert closing_time(openings, opens) is not None


@given(openings, instants)
def test_nothing_opens_before_the_next_opening(openings, at):
    opens = next_opening(openings, at)
    if opens is not None and closing_time(openings, at) is None:
        before = opens - timedelta(minutes=1)
        assert before <= at or closing_time(openings, before) is None


@given(instants, st.sampled_from([-7, 7]))
@example(MARCH_NIGHT + timedelta(days=7), -7)
def test_a_week_before_at_the_same_hour_is_seven_business_days_before(at, days):
    then = same_hour(at, days)
    assert business_day(then) == business_day(at) + timedelta(days=days)
    assert abs(then - at - timedelta(days=days)) <= timedelta(hours=1)


def test_a_week_in_which_clocks_change_is_an_hour_less_or_more():
    assert same_hour(paris(3, 29, 20), -7) == paris(3, 22, 20)
    assert same_hour(paris(10, 18, 20), 7) == paris(10, 25, 20)


def test_the_next_opening_may_be_a_week_away():
    assert next_opening(EVENING, paris(3, 4, 18)) == paris(3, 11, 18)


def test_the_next_opening_is_today_until_it_is_past():
    assert next_opening(EVENING, paris(3, 4, 17, 59)) == paris(3, 4, 18)


def test_a_restaurant_without_hours_never_opens():
    assert next_opening([], paris(3, 4, 12)) is None
    assert closing_time([], paris(3, 4, 12)) is None


def test_a_late_night_in_march_is_an_hour_shorter():
    late = [Opening(5, 18 * 60, 28 * 60)]  # Saturday 18:00 to 04:00
    opens, closes = paris(3, 28, 18), closing_time(late, paris(3, 28, 23))
    assert closes == paris(3, 29, 4)
    assert closes - opens == timedelta(hours=9)


def test_a_late_night_in_october_is_an_hour_longer():
    late = [Opening(5, 18 * 60, 28 * 60)]
    opens, closes = paris(10, 24, 18), closing_time(late, paris(10, 24, 23))
    assert closes == paris(10, 25, 4)
    assert closes - opens == timedelta(hours=11)


def test_the_lunch_break_is_closed():
    both = [Opening(2, 11 * 60, 14 * 60), Opening(2, 18 * 60, 22 * 60)]
    assert closing_time(both, paris(3, 4, 15)) is None
    assert next_opening(both, paris(3, 4, 15)) == paris(3, 4, 18)


SPRING_2027 = datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
AUTUMN_2026 = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
days = st.lists(
    st.tuples(st.integers(360, 1799), st.integers(1, 600)).map(
        lambda typed: Span(typed[0], min(1800, typed[0] + typed[1]))
    ),
    max_size=6,
)
near_changes = st.builds(
    lambda night, minutes: night + timedelta(minutes=minutes),
    st.sampled_from([SPRING_2027, AUTUMN_2026]),
    st.integers(-20 * 60, 20 * 60),
)


def minutes_of(spans) -> set[int]:
    return {minute for opens, closes in spans for minute in range(opens, closes)}


@given(days)
def test_spans_in_order_say_the_same_and_never_touch(spans):
    found = in_order(spans)
    if found is None:
        assert sum(closes - opens for opens, closes in spans) > len(minutes_of(spans))
    else:
        assert minutes_of(found) == minutes_of(spans)
        assert all(one.closes_minute < next.opens_minute for one, next in pairwise(found))


@given(days, near_changes)
@example([Span(1590, 1620)], SPRING_2027)  # 02:30 to 03:00, on the night without them
@example([Span(1080, 1590), Span(1620, 1740)], SPRING_2027 + timedelta(minutes=15))
@example([Span(1080, 1590), Span(1620, 1740)], AUTUMN_2026 + timedelta(minutes=15))
def test_spans_that_do_not_overlap_do_not_on_nights_when_clocks_change_either(spans, at):
    spans = in_order(spans) or ()
    week = [Opening(weekday, *span) for weekday in range(7) for span in spans]
    ends = [closing_time([opening], at) for opening in week]
    assert len([end for end in ends if end]) <= 1
    assert closing_time(week, at) == next(filter(None, ends), None)


def test_an_hour_that_there_is_not_is_past_when_clocks_show_three():
    late = [Opening(5, 18 * 60, 26 * 60 + 30)]  # Saturday 18:00 to 02:30
    assert closing_time(late, SPRING_2027 - timedelta(minutes=1)) == SPRING_2027
    assert closing_time(late, SPRING_2027) is None


CHRISTMAS = Exceptional(date(2026, 12, 24), date(2026, 12, 25), "Noël")
some_days = st.dates(date(2026, 10, 20), date(2027, 4, 2))
exceptions = st.lists(
    st.builds(
        lambda first, length, spans: Exceptional(
            first, first + timedelta(days=length), "Congés", in_order(spans) or ()
        ),
        some_days,
        st.integers(0, 20),
        days,
    ),
    max_size=3,
)


def test_exceptional_days_are_closed_and_the_next_opening_is_after_them():
    eve = paris(12, 24, 12)
    assert closing_time(ROUND_THE_CLOCK, eve, [CHRISTMAS]) is None
    assert next_opening(ROUND_THE_CLOCK, eve, [CHRISTMAS]) == paris(12, 26, 6)


def test_the_night_before_belongs_to_the_day_before():
    night = paris(12, 24, 2)
    assert closing_time(ROUND_THE_CLOCK, night, [CHRISTMAS]) == paris(12, 24, 6)


def test_exceptional_hours_hold_instead_of_those_of_the_week():
    eve = CHRISTMAS._replace(last_day=date(2026, 12, 24), spans=(Span(660, 900),))
    assert closing_time(ROUND_THE_CLOCK, paris(12, 24, 12), [eve]) == paris(12, 24, 15)
    assert closing_time([], paris(12, 24, 12), [eve]) == paris(12, 24, 15)
    assert next_opening([], paris(12, 20, 12), [eve]) == paris(12, 24, 11)


def test_after_a_month_of_holidays_one_opens_again():
    august = Exceptional(date(2026, 8, 1), date(2026, 8, 31), "Congés")
    assert next_opening(EVENING, paris(8, 1, 12), [august]) == paris(9, 2, 18)


@given(openings, near_changes, exceptions)
def test_with_exceptions_too_one_is_open_from_the_next_opening_on(openings, at, exceptions):
    opens = next_opening(openings, at, exceptions)
    if opens is None:
        assert closing_time(openings, at + timedelta(days=100), exceptions) is None
    else:
        assert opens > at
        closes = closing_time(openings, opens, exceptions)
        assert closes is None or closes > opens


@given(openings, near_changes, exceptions)
def test_nobody_is_open_on_a_day_that_is_exceptionally_closed(openings, at, exceptions):
    day = business_day(at)
    first = next((each for each in exceptions if each.covers(day)), None)
    if first and not first.spans:
        assert closing_time(openings, at, exceptions) is None
