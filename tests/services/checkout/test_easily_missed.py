"""Rules of money and authorship that one changed word would break, and nothing else would show.

Amounts are written out: a test that takes them from the code agrees with whatever that says.
"""

import pytest
from sqlalchemy import update

from factories import (
    NOON,
    author_of,
    checkout_of,
    details_of,
    make_account,
    make_basket,
    make_pizzeria,
    make_promotion,
    make_staff,
    order_of,
)
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import BelowMinimum, TooLittleForCard
from ocpizza.models.account import Role
from ocpizza.models.basket import BasketLine
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.product import ProductSize
from ocpizza.models.vat import Mode
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.place import place_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.advance import Step, advance_order
from ocpizza.services.order.queries import load_order

GUEST = Author(None, Role.CUSTOMER)


def place(session, basket, author=None, **values) -> Order:
    checkout = checkout_of(session, basket, customer=author, **values)
    return place_order(session, basket.token, checkout, NOON, author)


@pytest.mark.parametrize(("minimum", "missing"), [(1710, 0), (1711, 1), (1900, 190)])
def test_the_minimum_of_a_delivery_is_of_what_is_left_after_the_discount(session, minimum, missing):
    """Two Margheritas at 9,50 € less ten percent are 17,10 €."""
    pizzeria = make_pizzeria(session, minimum_order_cents=minimum)
    julia = author_of(make_account(session, email="julia@example.org", email_verified_at=NOON))
    basket = make_basket(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    basket.promotion_id = make_promotion(session).id
    session.flush()
    if not missing:
        assert place(session, basket, julia).revision.discount_cents == 190
        return
    with pytest.raises(BelowMinimum) as refusal:
        place(session, basket, julia)
    assert (refusal.value.minimum_cents, refusal.value.missing_cents) == (minimum, missing)


@pytest.mark.parametrize(("cents", "accepted"), [(1, False), (49, False), (50, True), (51, True)])
def test_less_than_fifty_cents_are_not_paid_online(session, pizzeria, cents, accepted):
    session.execute(update(ProductSize).values(price_cents=cents))
    session.expire_all()
    basket = make_basket(session, pizzeria, details=details_of(Mode.TAKEAWAY))
    if not accepted:
        with pytest.raises(TooLittleForCard):
            place(session, basket, means=Means.ONLINE_CARD)
        assert place(session, basket).revision.total_cents == cents
        return
    assert place(session, basket, means=Means.ONLINE_CARD).status is Status.AWAITING_PAYMENT


@pytest.mark.parametrize("role", [Role.PIZZAIOLO, Role.MANAGER])
def test_whoever_accepts_an_order_is_its_pizza_maker(session, pizzeria, role):
    order = order_of(session, pizzeria)
    who = author_of(make_staff(session, role, pizzeria.restaurant))
    advance_order(session, order.id, Step(Status.TO_PREPARE, Status.ACCEPTED), who, NOON)
    session.flush()
    assert order.pizzaiolo_id == who.account_id
    event = load_order(session, order.id).events[-1]
    assert (event.status, event.author_id, event.author_role) == (
        Status.ACCEPTED,
        who.account_id,
        role,
    )


def test_a_manager_who_only_goes_on_does_not_become_its_pizza_maker(session, pizzeria):
    order = order_of(session, pizzeria, status=Status.ACCEPTED)
    first = order.pizzaiolo_id
    manager = author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant))
    for before, after in ((Status.ACCEPTED, Status.PREPARING), (Status.PREPARING, Status.READY)):
        advance_order(session, order.id, Step(before, after), manager, NOON)
    assert order.pizzaiolo_id == first


def change(session, order: Order, pizzeria, quantity: int) -> list[tuple[int, int]]:
    """Change to so many Margheritas; the (quantity, price) of each line then."""
    basket = start_change(session, order.id, NOON)
    choice = pizzeria.select("margherita").text
    basket.lines = []
    session.flush()
    basket.lines = [BasketLine(selection=choice, quantity=quantity)]
    session.flush()
    shown = review_basket(session, basket, NOON).quote.total_cents
    change_order(session, basket.token, Change(basket.checkout_key, shown), GUEST, NOON)
    session.flush()
    session.expire_all()
    lines = load_order(session, order.id).revision.lines
    return [(line.quantity, line.unit_price_cents) for line in lines]


def raise_prices(session, by: int) -> None:
    session.execute(update(ProductSize).values(price_cents=ProductSize.price_cents + by))
    session.expire_all()


def test_of_two_prices_agreed_for_the_same_the_lower_one_is_kept(session, pizzeria, add_up):
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    raise_prices(session, 100)
    assert change(session, order, pizzeria, 3) == [(2, 950), (1, 1050)]
    raise_prices(session, 100)
    assert change(session, order, pizzeria, 4) == [(3, 950), (1, 1150)]
    add_up(session)


def test_the_lower_one_is_kept_whichever_was_agreed_first(session, pizzeria, add_up):
    raise_prices(session, 100)
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    raise_prices(session, -100)
    assert change(session, order, pizzeria, 3) == [(2, 1050), (1, 950)]
    assert change(session, order, pizzeria, 3) == [(3, 950)]
    add_up(session)
