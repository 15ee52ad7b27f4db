"""When an ingredient runs out: by what was used a week ago, at today's pace."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from ocpizza.domain.running_out import Use, pace, runs_out

THEN = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
FLOUR, CHEESE = 1, 2


def uses(*quantities: int, id: int = FLOUR) -> list[Use]:
    """One an hour, from `THEN`."""
    return [Use(id, THEN + number * HOUR, each) for number, each in enumerate(quantities)]


def test_it_runs_out_at_the_hour_at_which_a_week_ago_as_much_had_been_used():
    assert runs_out({FLOUR: 300}, uses(100, 100, 100, 100), Fraction(1)) == {
        FLOUR: THEN + WEEK + 2 * HOUR
    }


def test_it_runs_out_at_the_same_hour_as_clocks_show_it():
    saturday = datetime(2026, 3, 28, 18, 0, tzinfo=UTC)
    found = runs_out({FLOUR: 1}, [Use(FLOUR, saturday, 1)], Fraction(1))
    assert found == {FLOUR: saturday + WEEK - HOUR}


def test_a_day_that_goes_quicker_sees_it_run_out_sooner():
    assert runs_out({FLOUR: 300}, uses(100, 100, 100, 100), Fraction(3, 2)) == {
        FLOUR: THEN + WEEK + HOUR
    }


def test_what_lasts_is_not_named():
    assert runs_out({FLOUR: 401, CHEESE: 5}, uses(100, 100, 100, 100), Fraction(1)) == {}


def test_what_is_gone_already_is_not_foreseen():
    assert runs_out({FLOUR: 0}, uses(100), Fraction(1)) == {}


def test_what_was_given_back_was_not_used():
    assert runs_out({FLOUR: 300}, uses(200, -200, 200, 100), Fraction(1)) == {
        FLOUR: THEN + WEEK + 3 * HOUR
    }


@pytest.mark.parametrize(
    ("today", "a_week_ago", "told"),
    [
        (10, 10, Fraction(1)),
        (15, 10, Fraction(3, 2)),
        (99, 10, Fraction(2)),
        (1, 10, Fraction(1, 2)),
        (8, 4, Fraction(1)),
        (0, 0, Fraction(1)),
    ],
)
def test_the_pace_is_todays_orders_by_those_of_a_week_ago_within_reason(today, a_week_ago, told):
    assert pace(today, a_week_ago) == told
