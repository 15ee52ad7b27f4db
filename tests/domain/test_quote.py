"""What an order costs, and the VAT inside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus import drink, item, orders, product
from ocpizza.domain.money import vat_contained
from ocpizza.domain.quote import make_quote
from ocpizza.models.vat import Mode, VatClass

modes = st.sampled_from(list(Mode))
PIZZA, COLA = item(product(1), 1), item(drink(8))
BEER = item(drink(9, vat_class=VatClass.ALCOHOL))
ICE = item(drink(7, vat_class=VatClass.SEALED_FOOD))


@given(orders(), modes, st.integers(0, 1000), st.integers(0, 3000))
def test_everything_in_a_quote_adds_up(order, mode, fee, discount):
    lines, _ = order
    quote = make_quote(lines, mode, fee, discount)
    assert quote.subtotal_cents == sum(line.amount_cents for line in quote.lines)
    assert quote.discount_cents == sum(line.discount_cents for line in quote.lines)
    assert quote.delivery_fee_cents == sum(line.fee_cents for line in quote.lines)
    parts = quote.subtotal_cents - quote.discount_cents + quote.delivery_fee_cents
    assert quote.total_cents == parts
    assert sum(quote.vat_by_rate.values()) == sum(line.vat_cents for line in quote.lines)


@given(orders(), modes, st.integers(0, 1000), st.integers(0, 3000))
def test_the_vat_of_a_line_is_that_of_what_is_paid_for_it(order, mode, fee, discount):
    for line in make_quote(order[0], mode, fee, discount).lines:
        assert line.amount_cents == line.item.unit_price_cents * line.quantity
        paid = line.amount_cents - line.discount_cents + line.fee_cents
        assert line.vat_cents == vat_contained(paid, line.vat_rate)


@given(orders(), st.integers(0, 1000))
def test_only_a_delivery_costs_a_delivery_fee(order, fee):
    lines, _ = order
    assert make_quote(lines, Mode.TAKEAWAY, fee).delivery_fee_cents == 0
    assert make_quote(lines, Mode.EAT_IN, fee).delivery_fee_cents == 0
    assert make_quote(lines, Mode.DELIVERY, fee).delivery_fee_cents == fee


@given(orders(), modes)
def test_a_discount_never_costs_the_house_more_than_the_order(order, mode):
    quote = make_quote(order[0], mode, 0, 10**9)
    assert quote.total_cents == 0
    assert quote.vat_by_rate == dict.fromkeys(quote.vat_by_rate, 0)


@pytest.mark.parametrize(
    ("mode", "rates"),
    [
        (Mode.EAT_IN, [1000, 1000, 1000, 2000]),
        (Mode.TAKEAWAY, [1000, 550, 550, 2000]),
        (Mode.DELIVERY, [1000, 550, 550, 2000]),
    ],
)
def test_the_rate_depends_on_what_it_is_and_how_it_is_eaten(mode, rates):
    quote = make_quote([(PIZZA, 1), (COLA, 1), (ICE, 1), (BEER, 1)], mode, 0)
    assert [line.vat_rate for line in quote.lines] == rates


def test_vat_is_shown_rate_by_rate_from_low_to_high():
    quote = make_quote([(PIZZA, 2), (BEER, 1), (COLA, 2)], Mode.TAKEAWAY, 0)
    assert list(quote.vat_by_rate.items()) == [(550, 29), (1000, 173), (2000, 47)]
    assert quote.total_cents == 1900 + 280 + 560
    assert quote.count == 5


def test_the_delivery_fee_is_taxed_like_what_is_delivered():
    quote = make_quote([(PIZZA, 1), (COLA, 1)], Mode.DELIVERY, 250)
    assert [line.fee_cents for line in quote.lines] == [193, 57]
    assert quote.total_cents == 950 + 280 + 250


def test_an_empty_basket_costs_nothing_not_even_delivery():
    quote = make_quote([], Mode.DELIVERY, 250, 100)
    assert (quote.total_cents, quote.count, quote.vat_by_rate) == (0, 0, {})
