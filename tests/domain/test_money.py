"""Exact cents: one rounding, one way to share out."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.money import apportion, divide_half_up, vat_contained

cents = st.integers(0, 1_000_000)
weights = st.lists(st.integers(0, 100_000), min_size=1, max_size=30)


@given(cents, weights)
def test_shares_add_up_to_what_is_shared(total, weights):
    assert sum(apportion(total, weights)) == total


@given(cents, weights.filter(any))
def test_each_share_is_within_a_cent_of_the_exact_one(total, weights):
    for share, weight in zip(apportion(total, weights), weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights))) < 1


@given(cents, weights.filter(any))
def test_whoever_weighs_nothing_gets_nothing(total, weights):
    shares = apportion(total, weights)
    assert all(share == 0 for share, w in zip(shares, weights, strict=True) if w == 0)


@given(weights, st.data())
def test_no_share_of_a_discount_exceeds_its_line(amounts, data):
    discount = data.draw(st.integers(0, sum(amounts)))
    shares = apportion(discount, amounts)
    assert all(0 <= share <= a for share, a in zip(shares, amounts, strict=True))


@given(cents, st.integers(1, 20))
def test_the_first_takes_all_where_nobody_weighs_anything(total, number):
    assert apportion(total, [0] * number) == [total] + [0] * (number - 1)


def test_the_largest_remainders_get_the_cents_that_are_left():
    assert apportion(250, [950, 1150, 280]) == [100, 121, 29]
    assert apportion(100, [1, 1, 1]) == [34, 33, 33]
    assert apportion(10, [5, 2]) == [7, 3]  # not the heaviest: 7.14 and 2.86


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (5, 10, 1),
        (4, 10, 0),
        (15, 10, 2),
        (-5, 10, -1),
        (-4, 10, 0),
        (-1, 2, -1),
        (0, 7, 0),
        (14, 7, 2),
    ],
)
def test_halves_are_rounded_away_from_zero(numerator, denominator, rounded):
    assert divide_half_up(numerator, denominator) == rounded


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_a_rounded_quotient_is_within_a_half_of_the_exact_one(numerator, denominator):
    exact = Fraction(numerator, denominator)
    assert abs(divide_half_up(numerator, denominator) - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("amount", "rate", "vat"),
    [(1100, 1000, 100), (1200, 2000, 200), (211, 550, 11), (0, 1000, 0), (950, 1000, 86)],
)
def test_vat_is_what_the_price_contains(amount, rate, vat):
    assert vat_contained(amount, rate) == vat


@given(cents, st.sampled_from([0, 550, 1000, 2000]))
def test_vat_is_never_more_than_the_price(amount, rate):
    vat = vat_contained(amount, rate)
    assert 0 <= vat <= amount
    assert abs(vat - (amount - Fraction(amount * 10_000, 10_000 + rate))) <= Fraction(1, 2)
