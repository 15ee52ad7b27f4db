"""UC3.1: put what an order held into the basket again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.checkout import Details
from ocpizza.domain.menu import Menu
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.repeat import OrderedLine, Repeat, repeat
from ocpizza.models.basket import Basket, BasketLine
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, Use
from ocpizza.services.basket.basket import touch
from ocpizza.services.basket.lines import drop_lines
from ocpizza.services.catalogue.storefront import storefront_by_id
from ocpizza.services.checkout.agreement import selection_of
from ocpizza.services.checkout.start_change import details_of
from ocpizza.services.order.queries import load_order


class RestaurantGone(Exception):
    """The restaurant of the order takes no orders any more."""


class ChangeFirst(Exception):
    """The basket is there to change an order: that is ended first."""


class BasketInUse(Exception):
    """There is something else in the basket: it must be asked before it is replaced."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same again, and the restaurant that makes it."""

    order: Order
    point: PointOfSale
    repeat: Repeat


def preview_repeat(session: Session, order_id: int) -> Repeated:
    """Return what ordering the same again would come to today. Raises RestaurantGone."""
    order = load_order(session, order_id)
    shop = storefront_by_id(session, order.restaurant_id)
    if shop is None:
        raise RestaurantGone
    lines = [_ordered(line, shop.menu) for line in order.revision.lines]
    return Repeated(order, shop.point, repeat(lines, shop.menu))


def repeat_order(
    session: Session,
    basket: Basket,
    order_id: int,
    now: datetime,
    *,
    replace: bool,
    linked: bool = False,
) -> Repeated:
    """Fill a basket (locked) with what the order held, at today's prices, as far as there is.

    What was in it goes with `replace` only, and never for nothing. By its link alone (`linked`),
    which may have been passed on, nobody is told an order's phone and e-mail.

    Raises RestaurantGone, ChangeFirst and BasketInUse, with the basket as it was.
    """
    if basket.changes_order_id is not None:
        raise ChangeFirst
    found = preview_repeat(session, order_id)
    wanted = found.repeat.wanted
    if not wanted:
        return found
    if basket.lines and not replace and _held(basket) != wanted:
        raise BasketInUse
    _refill(session, basket, wanted)
    basket.restaurant_id = found.point.id
    if Details.from_json(basket.details) is None and found.order.erased_at is None:
        untold = {"phone": None, "email": None} if linked else {}
        basket.details = details_of(found.order).to_json() | {"comment": ""} | untold
    touch(basket, now)
    return found


def _held(basket: Basket) -> dict[str, int]:
    return {line.selection: line.quantity for line in basket.lines}


def _refill(session: Session, basket: Basket, wanted: dict[str, int]) -> None:
    drop_lines(basket, list(basket.lines))
    # The old lines first: a basket has one line a selection.
    session.flush()
    for selection, quantity in wanted.items():
        basket.lines.append(BasketLine(selection=selection, quantity=quantity))


def _ordered(line: OrderLine, menu: Menu) -> OrderedLine:
    options = {
        used.ingredient_id: used.ingredient
        for part in line.parts
        for used in part.ingredients
        if used.use is not Use.BASE
    }
    return OrderedLine(
        name=line.name,
        size_name=line.size_name,
        quantity=line.quantity,
        unit_price_cents=line.unit_price_cents,
        selection=selection_of(line, menu.assortment),
        ingredients=options,
        size_name_en=line.size_name_en,
    )
