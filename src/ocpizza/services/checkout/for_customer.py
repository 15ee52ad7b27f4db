"""UC1.2 by telephone and at the counter: a colleague's basket becomes the customer's order."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ocpizza.domain.author import Author
from ocpizza.domain.contact import normal_phone
from ocpizza.domain.repeat import Repeat
from ocpizza.domain.sorting import reading_order
from ocpizza.models.basket import Basket
from ocpizza.models.order import Order, Source
from ocpizza.services.basket.basket import forget_baskets
from ocpizza.services.basket.begun import hold_customer, keep_typed
from ocpizza.services.checkout.place import Checkout, place_order
from ocpizza.services.checkout.repeat import BasketInUse, repeat_order
from ocpizza.services.checkout.start_change import details_of
from ocpizza.services.order.callers import find_account


def place_for_customer(
    session: Session, token: str, checkout: Checkout, now: datetime, author: Author
) -> Order:
    """Return the order that a colleague places, by the shop's own rules.

    The basket goes with what it knew of the customer: the same form sent again still finds its
    order. Raises OrderRefused, with nothing changed and the basket kept.
    """
    hold_customer(session, token)
    order = place_order(session, token, checkout, now, author)
    if order.placed_at == now:
        forget_baskets(session, [token])
    return order


class LinesBegun(Exception):
    """There is something in the order already, which the same again would take the place of."""


def know_caller(session: Session, basket: Basket, order: Order, now: datetime) -> None:
    """Take what an earlier order told of its customer into an order that is begun, and whose
    promotions it may have.

    What was typed already stays where nothing is known, but nothing of anybody else.
    """
    told = details_of(order).to_json()
    known = {name: value for name, value in told.items() if value and name != "comment"}
    typed = basket.details
    if _is_somebody_else(typed, order):
        others = {*told, "of_age"}
        typed = {name: value for name, value in typed.items() if name not in others}
    keep_typed(basket, typed | known | {"source": Source.PHONE}, now)
    basket.customer_id = find_account(session, order)


def _is_somebody_else(typed: dict[str, Any], order: Order) -> bool:
    """Whether what was typed is of another person than the one who ordered."""
    phone, name = typed.get("phone"), typed.get("contact_name")
    if phone and normal_phone(phone) != order.phone:
        return True
    return bool(name) and reading_order(name)[0] != reading_order(order.contact_name)[0]


def order_the_same(session: Session, basket: Basket, order: Order, now: datetime) -> Repeat:
    """Fill an order that is begun with what an earlier one held, as far as there is today.

    Raises LinesBegun and RestaurantGone, with the basket as it was.
    """
    try:
        repeated = repeat_order(session, basket, order.id, now, replace=False)
    except BasketInUse:
        raise LinesBegun from None
    know_caller(session, basket, order, now)
    return repeated.repeat
