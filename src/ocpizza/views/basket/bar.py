"""The bar at the foot of the shop's pages: how much is in the basket, and what it comes to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocpizza.domain.menu import Menu
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.quote import make_quote
from ocpizza.models.vat import Mode
from ocpizza.services.basket.contents import contents

if TYPE_CHECKING:
    from ocpizza.request import Request


@dataclass(frozen=True, slots=True)
class BasketBar:
    """`subtotal_cents` is None while another restaurant's menu is shown.

    `may_order` is whether what is in it is ordered next, as it is: not while it changes an order,
    or its order awaits a payment, nor where nothing is sold now.
    """

    count: int
    subtotal_cents: int | None
    may_order: bool = False


def basket_bar(request: "Request", point: PointOfSale, menu: Menu | None) -> BasketBar:
    """Return the bar for the visitor's basket, priced by `menu` when it is of this restaurant."""
    basket = request.basket
    if basket is None or not basket.lines:
        return BasketBar(0, 0)
    if menu is None or basket.restaurant_id != point.id:
        return BasketBar(sum(line.quantity for line in basket.lines), None)
    quote = make_quote(contents(basket, menu).items, Mode.TAKEAWAY, 0)
    has_order = basket.changes_order_id or basket.awaits_order_id
    may_order = not has_order and point.takes_orders(request.now)
    return BasketBar(quote.count, quote.subtotal_cents, may_order)
