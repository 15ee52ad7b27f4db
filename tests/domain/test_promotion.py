"""UC3.2: what a promotion takes off, and every condition that may stand in its way."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus import drink, halves, item, menu, orders, product
from ocpizza.domain.benefit import Benefit
from ocpizza.domain.promotion import (
    Customer,
    Ineligibility,
    Terms,
    around_birthday,
    judge,
    judge_agreed,
)
from ocpizza.domain.quote import make_quote
from ocpizza.models.promotion import PromotionKind
from ocpizza.models.vat import Mode

NOON = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)  # Wednesday, 12:00 in Paris
HERE, ELSEWHERE = 1, 2
TENTH = Benefit(kind=PromotionKind.PERCENTAGE, percent=10)
JULIA = Customer(birthday=date(1986, 3, 6))
PIZZA, COLA = product(1), drink(9)


def terms(benefit: Benefit = TENTH, **values) -> Terms:
    return Terms(id=7, code="DIX", name="Dix", benefit=benefit, **values)


def free(sold, place: int = 0, **values) -> Benefit:
    size_id = sold.sizes[place].id
    return Benefit(kind=PromotionKind.FREE_PRODUCT, product_size_id=size_id, **values)


def verdict(of: Terms, lines=None, customer=JULIA, now=NOON, restaurant_id=HERE):
    return judge(of, restaurant_id, customer, lines or [(item(PIZZA), 1)], now)


benefits = st.one_of(
    st.builds(
        Benefit,
        kind=st.just(PromotionKind.PERCENTAGE),
        percent=st.integers(1, 100),
        minimum_cents=st.integers(0, 5000),
    ),
    st.builds(
        Benefit,
        kind=st.just(PromotionKind.AMOUNT),
        amount_cents=st.integers(1, 10_000),
        minimum_cents=st.integers(0, 5000),
    ),
    st.builds(
        Benefit,
        kind=st.just(PromotionKind.FREE_PRODUCT),
        product_size_id=st.sampled_from([11, 12, 13, 21, 22]),
        minimum_cents=st.integers(0, 5000),
    ),
)


@given(benefits, orders(), st.integers(0, 500))
def test_a_total_is_never_negative_and_its_vat_is_that_of_what_is_paid(benefit, order, fee):
    lines, _ = order
    found = judge_agreed(terms(benefit), lines)
    quote = make_quote(lines, Mode.DELIVERY, fee, found.discount_cents, found.promotion_id)
    assert 0 <= found.discount_cents <= quote.subtotal_cents
    assert quote.discount_cents == found.discount_cents
    assert quote.total_cents >= fee
    assert sum(line.discount_cents for line in quote.lines) == found.discount_cents
    assert all(0 <= line.discount_cents <= line.amount_cents for line in quote.lines)
    assert 0 <= sum(quote.vat_by_rate.values()) <= quote.total_cents


@given(benefits, orders())
def test_what_holds_reaches_its_minimum_and_what_does_not_takes_nothing_off(benefit, order):
    lines, _ = order
    found = judge_agreed(terms(benefit), lines)
    assert found.holds == (not found.missing_cents and not benefit.lacks_product(lines))
    assert found.holds or (found.discount_cents, found.promotion_id) == (0, None)


@given(st.integers(1, 100), orders())
def test_a_percentage_is_rounded_half_up(percent, order):
    lines, _ = order
    subtotal = make_quote(lines, Mode.TAKEAWAY, 0).subtotal_cents
    benefit = Benefit(kind=PromotionKind.PERCENTAGE, percent=percent)
    assert benefit.discount_cents(lines) == (subtotal * percent + 50) // 100


@given(benefits, orders(), st.integers(1, 5))
def test_more_of_the_same_never_takes_less_off(benefit, order, more):
    lines, _ = order
    larger = [(lines[0][0], lines[0][1] + more), *lines[1:]]
    assert benefit.discount_cents(larger) >= benefit.discount_cents(lines)


@pytest.mark.parametrize(("amount", "discount"), [(100, 100), (750, 750), (751, 750)])
def test_an_amount_is_at_most_what_there_is_to_pay(amount, discount):
    benefit = Benefit(kind=PromotionKind.AMOUNT, amount_cents=amount)
    assert benefit.discount_cents([(item(PIZZA), 1)]) == discount


def test_a_free_product_is_one_of_it_and_what_is_added_to_it_is_paid():
    with_egg = item(PIZZA, 1, extras=[4])
    assert with_egg.unit_price_cents == 950 + 100
    assert free(PIZZA, 1).discount_cents([(with_egg, 3), (item(COLA), 1)]) == 950


def test_a_free_product_of_another_size_is_not_free():
    found = verdict(terms(free(PIZZA, 0)), [(item(PIZZA, 1), 1)])
    assert found.ineligibilities == (Ineligibility.PRODUCT,)


def test_half_of_a_free_product_is_not_free():
    """Half and half is dearer than what was offered, and another pizza."""
    other = product(2)
    both = halves(menu(PIZZA, other), PIZZA.sizes[1].id, other.sizes[1].id)
    found = verdict(terms(free(PIZZA, 1)), [(both, 1)])
    assert (found.ineligibilities, found.discount_cents) == ((Ineligibility.PRODUCT,), 0)


def test_a_free_product_keeps_the_price_that_was_agreed():
    agreed = replace(item(COLA), agreed_price_cents=250)
    assert free(COLA).discount_cents([(agreed, 1), (item(COLA), 2)]) == 250


def test_what_is_offered_does_not_count_towards_the_minimum():
    benefit = free(COLA, minimum_cents=800)
    lines = [(item(PIZZA), 1), (item(COLA), 1)]
    assert verdict(terms(benefit), lines).missing_cents == 50
    lines[1] = (item(COLA), 2)
    assert verdict(terms(benefit), lines).discount_cents == 280


def test_the_minimum_of_other_promotions_is_of_the_price_before_them():
    benefit = replace(TENTH, minimum_cents=750)
    assert verdict(terms(benefit)).discount_cents == 75
    short = verdict(terms(replace(benefit, minimum_cents=751)))
    assert (short.ineligibilities, short.missing_cents) == ((Ineligibility.MINIMUM,), 1)


@pytest.mark.parametrize(
    ("values", "ineligibility"),
    [
        ({}, None),
        ({"active": False}, Ineligibility.INACTIVE),
        ({"starts_at": NOON}, None),
        ({"starts_at": NOON + timedelta(seconds=1)}, Ineligibility.NOT_BEGUN),
        ({"ends_at": NOON + timedelta(seconds=1)}, None),
        ({"ends_at": NOON}, Ineligibility.ENDED),
        ({"weekday_mask": 1 << 2}, None),
        ({"weekday_mask": 127 - (1 << 2)}, Ineligibility.WEEKDAY),
        ({"from_minute": 720}, None),
        ({"from_minute": 721}, Ineligibility.HOURS),
        ({"to_minute": 721}, None),
        ({"to_minute": 720}, Ineligibility.HOURS),
        ({"restaurant_ids": frozenset({HERE, 5})}, None),
        ({"restaurant_ids": frozenset({ELSEWHERE})}, Ineligibility.RESTAURANT),
        ({"total_limit": 5, "times_used": 4}, None),
        ({"total_limit": 5, "times_used": 5}, Ineligibility.TOTAL_LIMIT),
        ({"total_limit": 0}, Ineligibility.TOTAL_LIMIT),
    ],
)
def test_each_condition_alone(values, ineligibility):
    found = verdict(terms(**values))
    assert found.ineligibilities == ((ineligibility,) if ineligibility else ())
    assert found.discount_cents == (0 if ineligibility else 75)


@pytest.mark.parametrize(
    ("values", "customer", "ineligibility"),
    [
        ({}, None, Ineligibility.SIGNED_OUT),
        ({}, Customer(has_ordered=True), None),
        ({"per_customer_limit": 1}, Customer(), None),
        ({"per_customer_limit": 1}, Customer(uses={8: 1}), None),
        ({"per_customer_limit": 2}, Customer(uses={7: 1, 8: 9}), None),
        ({"per_customer_limit": 2}, Customer(uses={7: 2}), Ineligibility.CUSTOMER_LIMIT),
        ({"first_order_only": True}, Customer(has_ordered=False), None),
        ({"first_order_only": True}, Customer(has_ordered=True), Ineligibility.FIRST_ORDER),
        ({"birthday_only": True}, JULIA, None),
        ({"birthday_only": True}, Customer(), Ineligibility.NO_BIRTHDAY),
        ({"birthday_only": True}, Customer(birthday=date(1986, 9, 6)), Ineligibility.BIRTHDAY),
    ],
)
def test_each_condition_of_the_customer_alone(values, customer, ineligibility):
    found = verdict(terms(**values), customer=customer)
    assert found.ineligibilities == ((ineligibility,) if ineligibility else ())


def test_everything_that_stands_in_the_way_is_named_at_once():
    of = terms(
        replace(TENTH, minimum_cents=5000), active=False, weekday_mask=1, first_order_only=True
    )
    found = verdict(of, customer=Customer(has_ordered=True))
    assert found.ineligibilities == (
        Ineligibility.INACTIVE,
        Ineligibility.WEEKDAY,
        Ineligibility.FIRST_ORDER,
        Ineligibility.MINIMUM,
    )


def test_a_promotion_that_says_nothing_of_days_holds_on_all_seven():
    assert terms().weekdays == [0, 1, 2, 3, 4, 5, 6]
    assert terms(weekday_mask=(1 << 0) + (1 << 6)).weekdays == [0, 6]


def test_a_verdict_names_the_promotion_only_while_it_holds():
    assert verdict(terms()).promotion_id == 7
    assert verdict(terms(active=False)).promotion_id is None


def test_the_night_after_tuesday_is_still_tuesdays():
    tuesday = terms(weekday_mask=1 << 1, from_minute=1320, to_minute=1560)
    night = datetime(2026, 3, 3, 23, 0, tzinfo=UTC)
    for minutes, holds in [(-121, False), (-120, True), (0, True), (119, True), (120, False)]:
        assert verdict(tuesday, now=night + timedelta(minutes=minutes)).holds is holds, minutes


def test_without_hours_it_holds_from_six_to_six():
    tuesday = terms(weekday_mask=1 << 1)
    six = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
    assert not verdict(tuesday, now=six - timedelta(seconds=1)).holds
    assert verdict(tuesday, now=six).holds
    assert verdict(tuesday, now=six + timedelta(days=1, seconds=-1)).holds
    assert not verdict(tuesday, now=six + timedelta(days=1)).holds


@pytest.mark.parametrize(
    ("birthday", "day", "around"),
    [
        (date(1986, 3, 6), date(2026, 3, 3), True),
        (date(1986, 3, 6), date(2026, 3, 9), True),
        (date(1986, 3, 6), date(2026, 3, 2), False),
        (date(1986, 3, 6), date(2026, 3, 10), False),
        (date(1990, 12, 31), date(2026, 1, 3), True),
        (date(1990, 1, 1), date(2026, 12, 29), True),
        (date(2000, 2, 29), date(2026, 2, 25), True),
        (date(2000, 2, 29), date(2026, 3, 3), True),
        (date(2000, 2, 29), date(2026, 3, 4), False),
        (date(2000, 2, 29), date(2028, 2, 26), True),
    ],
)
def test_the_week_around_a_birthday(birthday, day, around):
    assert around_birthday(birthday, day) is around


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(2024, 2040))
def test_every_birthday_has_seven_days_a_year(birthday, year):
    middle = date(year, 7, 1)
    days = [middle + timedelta(days=n) for n in range(-200, 200)]
    around = [day for day in days if around_birthday(birthday, day)]
    assert len(around) >= 7
    assert len(around) % 7 == 0 or around[0] == days[0] or around[-1] == days[-1]


def test_an_order_keeps_its_promotion_whatever_else_it_asks_for():
    of = terms(replace(TENTH, minimum_cents=700))
    assert judge_agreed(of, [(item(PIZZA), 1)]).discount_cents == 75
    assert judge_agreed(of, [(item(COLA), 1)]).ineligibilities == (Ineligibility.MINIMUM,)
