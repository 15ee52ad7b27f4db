"""Figures of days add up, and averages are to the nearest."""

from dataclasses import astuple

from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.sales import NAMES, Figures, total

FIGURES = st.builds(Figures, **dict.fromkeys(NAMES, st.integers(0, 10**7)))


@given(st.lists(FIGURES, min_size=1))
def test_days_add_up_whatever_is_grouped(days):
    whole = total(days)
    assert astuple(whole) == tuple(map(sum, zip(*map(astuple, days), strict=True)))
    assert total([total(days[:1]), *days[1:]]) == whole


def test_no_day_is_nothing():
    assert total([]) == Figures()


def test_averages_are_to_the_nearest():
    assert Figures(orders=3, turnover_cents=2000).average_cents == 667
    assert Figures(orders=2, turnover_cents=25).average_cents == 13
    assert Figures(timed_orders=2, waited_seconds=29 * 60 + 30 + 30 * 60).waited_minutes == 30


def test_where_there_is_nothing_there_is_no_average():
    assert (Figures().average_cents, Figures().waited_minutes) == (None, None)
