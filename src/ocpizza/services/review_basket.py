"""B1: what a basket is worth today and what would stand in the way of ordering it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.checkout import Details
from ocpizza.domain.item import shortages
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.quote import Quote, quote
from ocpizza.models.basket import Basket
from ocpizza.models.product import Kind
from ocpizza.models.vat import Mode
from ocpizza.services.fill_basket import Contents, contents
from ocpizza.services.open_shop import open_shop_by_id
from ocpizza.services.place_order import minimum_missing


@dataclass(frozen=True, slots=True)
class Review:
    """A basket with its restaurant, prices and obstacles; `left` is per short line's id."""

    basket: Basket
    point: PointOfSale
    inside: Contents
    mode: Mode
    offer: Quote
    left: dict[int, int]
    minimum_missing_cents: int
    closes_at: datetime | None
    opens_at: datetime | None

    @property
    def has_pizza(self) -> bool:
        """A web order holds at least one pizza."""
        return any(item.kind is Kind.PIZZA for item, _ in self.inside.items)

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way but the personal details."""
        return (
            self.has_pizza
            and not self.left
            and not self.inside.gone
            and not self.minimum_missing_cents
            and self.closes_at is not None
        )


def review_basket(session: Session, basket: Basket | None, now: datetime) -> Review | None:
    """The review of a basket, None when there is nothing in it."""
    if basket is None or basket.restaurant_id is None or not basket.lines:
        return None
    shop = open_shop_by_id(session, basket.restaurant_id)
    if shop is None:
        return None
    point, menu = shop.point, shop.menu
    inside = contents(basket, menu)
    details = Details.from_json(basket.details)
    mode = details.mode if details else default_mode(point)
    offer = quote(inside.items, mode, point.delivery_fee_cents)
    short = {id(found.item): found.left for found in shortages(inside.items, menu.stock)}
    return Review(
        basket,
        point,
        inside,
        mode,
        offer,
        {line.id: short[id(item)] for line, item in inside.lines if id(item) in short},
        minimum_missing(point, mode, offer) if offer.lines else 0,
        point.closes_at(now),
        point.opens_at(now),
    )


def default_mode(point: PointOfSale) -> Mode:
    """Delivery, where the restaurant delivers."""
    return Mode.DELIVERY if point.delivers else Mode.TAKEAWAY
