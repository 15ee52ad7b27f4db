"""UC1.2 by telephone and at the counter: a colleague's basket becomes the customer's order."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.author import Author
from ocpizza.models.order import Order
from ocpizza.services.basket.basket import forget_baskets
from ocpizza.services.checkout.place import Checkout, place_order


def place_for_customer(
    session: Session, token: str, checkout: Checkout, now: datetime, author: Author
) -> Order:
    """Return the order that a colleague places, by the shop's own rules.

    The basket goes with what it knew of the customer: the same form sent again still finds its
    order. Raises OrderRefused, with nothing changed and the basket kept.
    """
    order = place_order(session, token, checkout, now, author)
    if order.placed_at == now:
        forget_baskets(session, [token])
    return order
