"""B1: what a basket is worth today and what would stand in the way of ordering it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.agreement import Agreement
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import BelowMinimum, Details, OrderRefused, wished_mode
from ocpizza.domain.destination import Destination
from ocpizza.domain.item import shortages
from ocpizza.domain.menu import Menu
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.promotion import Verdict, judge_agreed
from ocpizza.domain.quote import Quote
from ocpizza.domain.requirements import (
    holds_alcohol,
    minimum_missing,
    obstacles,
    quote_less_discount,
    too_little,
)
from ocpizza.models.basket import Basket
from ocpizza.models.order import Source
from ocpizza.models.vat import Mode
from ocpizza.services.basket.contents import Contents, contents
from ocpizza.services.basket.promotion import judge_basket
from ocpizza.services.catalogue.storefront import storefront_by_id
from ocpizza.services.checkout.agreement import read_agreement, without_order


@dataclass(frozen=True, slots=True)
class Review:
    """A basket with its restaurant, prices and obstacles; `left` is per short line's id.

    `obstacles` stand in the way of any order, `too_little` in that of a delivery only; where a
    delivery is wished that cannot be, the prices are those of taking it away.
    `change` is what was agreed on the order that the basket changes, if it changes one;
    `promotion` is the basket's own, or that order's.
    """

    basket: Basket
    point: PointOfSale
    menu: Menu
    inside: Contents
    mode: Mode
    quote: Quote
    left: dict[int, int]
    minimum_missing_cents: int
    closes_at: datetime | None
    opens_at: datetime | None
    obstacles: tuple[OrderRefused, ...] = ()
    too_little: BelowMinimum | None = None
    promotion: Verdict | None = None
    change: Agreement | None = None

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way but the personal details."""
        return not self.obstacles and not self.minimum_missing_cents

    @property
    def alcohol(self) -> bool:
        """Whether its customer is asked for their age."""
        return holds_alcohol(self.inside.items)

    @property
    def difference_cents(self) -> int:
        """What a change makes dearer, negative where it makes cheaper."""
        return self.quote.total_cents - (self.change.total_cents if self.change else 0)


def review_basket(
    session: Session,
    basket: Basket | None,
    now: datetime,
    customer: Author | None = None,
    source: Source = Source.WEB,
    destination: Destination | None = None,
) -> Review | None:
    """Return the review of a basket, None when there is nothing in it.

    `customer` is who is signed in, whom promotions are for; `source`, where it is ordered;
    `destination`, where they said last that it goes.
    """
    if basket is None or basket.restaurant_id is None or not basket.lines:
        return None
    shop = storefront_by_id(session, basket.restaurant_id)
    if shop is None:
        return None
    point, menu, change = shop.point, shop.menu, None
    if basket.changes_order_id is not None:
        change = read_agreement(session, basket.changes_order_id, menu.assortment)
        menu = without_order(menu, change)
    inside = contents(basket, menu, change)
    details = Details.from_json(basket.details)
    if order := basket.changes_order or basket.awaits_order:
        # Agreed already, whatever they look at meanwhile.
        mode = order.mode
    else:
        mode = _default_mode(point, details, destination)
    if source is not Source.WEB:
        # A colleague chooses it first, and may never ask for a name.
        mode = wished_mode(basket.details) or mode
    fee = change.delivery_fee_cents if change else point.delivery_fee_cents
    if change:
        verdict = judge_agreed(change.promotion, inside.items) if change.promotion else None
    else:
        customer_id = customer.account_id if customer else None
        verdict = judge_basket(session, basket, inside.items, customer_id, now)
    quote = quote_less_discount(inside.items, mode, fee, verdict)
    little = too_little(point, quote) if quote.lines else None
    missing = minimum_missing(point, mode, quote) if quote.lines else 0
    if missing and not change:
        mode = Mode.TAKEAWAY
        quote = quote_less_discount(inside.items, mode, fee, verdict)
    return Review(
        basket,
        point,
        menu,
        inside,
        mode,
        quote,
        _left(inside, menu),
        missing,
        point.closes_at(now),
        point.opens_at(now),
        _obstacles(basket, inside, source, point, menu, little, now),
        little,
        verdict,
        change,
    )


def quotes(review: Review) -> dict[Mode, Quote]:
    """Return what a basket costs in each mode that visitors may choose."""
    fee = review.point.delivery_fee_cents
    return {
        mode: quote_less_discount(review.inside.items, mode, fee, review.promotion)
        for mode in review.point.modes
    }


def _obstacles(
    basket: Basket,
    inside: Contents,
    source: Source,
    point: PointOfSale,
    menu: Menu,
    little: BelowMinimum | None,
    now: datetime,
) -> tuple[OrderRefused, ...]:
    if basket.awaits_order_id is not None:
        # Its order is made already, and holds what it needs.
        return ()
    order = basket.changes_order
    if order is None:
        return tuple(obstacles(inside, source, point, menu.stock, now))
    found = obstacles(inside, order.source, point, menu.stock, now, may_be_closed=True)
    # How it is handed over is not changed any more.
    kept = little if order.mode is Mode.DELIVERY else None
    return (*found, kept) if kept else tuple(found)


def _left(inside: Contents, menu: Menu) -> dict[int, int]:
    """Return how many of each line that is short can be made."""
    short = {id(found.item): found.left for found in shortages(inside.items, menu.stock)}
    left: Counter[int] = Counter()
    for line, item, quantity in inside.portions:
        left[line.id] += short.get(id(item), quantity)
    return {line.id: left[line.id] for line, item, _ in inside.portions if id(item) in short}


def _default_mode(
    point: PointOfSale, details: Details | None, destination: Destination | None
) -> Mode:
    """Return what was said last, or else what the restaurant offers first."""
    if destination:
        return destination.mode_at(point)
    if details:
        return details.mode
    return point.modes[0]
