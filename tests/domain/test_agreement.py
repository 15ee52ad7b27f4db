"""UC1.3: what was ordered keeps its price, what is added has today's."""

import pytest

from menus import item, product
from ocpizza.domain.agreement import AgreedLine, Agreement
from ocpizza.models.vat import Mode

TODAY = item(product(1), place=1)
PRICE = TODAY.unit_price_cents
OTHER = item(product(2), place=1)


def agreed(quantity: int, price: int) -> Agreement:
    return Agreement(
        order_id=1,
        number="K7QM-2F9X",
        tracking_token="t" * 43,
        revision=1,
        mode=Mode.DELIVERY,
        total_cents=quantity * price,
        delivery_fee_cents=0,
        lines={TODAY.selection.text: AgreedLine(quantity, price)},
        taken={},
    )


def portions(agreement: Agreement, wanted, quantity: int) -> list[tuple[int, int]]:
    """(price each, quantity) of each portion."""
    return [(one.unit_price_cents, count) for one, count in agreement.portions(wanted, quantity)]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (1, [(800, 1)]),
        (2, [(800, 2)]),
        (3, [(800, 2), (PRICE, 1)]),
        (5, [(800, 2), (PRICE, 3)]),
    ],
)
def test_as_many_as_were_ordered_keep_their_price(wanted, expected):
    assert portions(agreed(2, 800), TODAY, wanted) == expected


def test_more_at_the_same_price_is_one_portion_of_today():
    ((one, count),) = agreed(2, PRICE).portions(TODAY, 3)
    assert (one.agreed_price_cents, count) == (None, 3)


def test_no_more_at_the_same_price_is_as_agreed():
    ((one, count),) = agreed(2, PRICE).portions(TODAY, 2)
    assert (one.agreed_price_cents, count) == (PRICE, 2)


def test_what_is_off_sale_today_stays_apart_though_its_price_is_the_same():
    off = item(product(1, available=False), place=1)
    assert portions(agreed(2, PRICE), off, 3) == [(PRICE, 2), (PRICE, 1)]


def test_what_was_not_ordered_has_the_price_of_today():
    ((one, count),) = agreed(2, 800).portions(OTHER, 2)
    assert (one.agreed_price_cents, one.unit_price_cents, count) == (
        None,
        OTHER.unit_price_cents,
        2,
    )
