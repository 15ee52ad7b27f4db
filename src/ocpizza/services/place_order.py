"""UC1.2: turn a basket into an order and take its ingredients, in one transaction."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.checkout import (
    BelowMinimum,
    Details,
    DetailsMissing,
    LinesGone,
    NothingOrdered,
    OrderRefused,
    OutOfStock,
    PizzaMissing,
    PostcodeNotServed,
    RestaurantClosed,
    TotalChanged,
)
from ocpizza.domain.item import Item, shortages, total_needs
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.quote import Quote, quote
from ocpizza.models.basket import Basket
from ocpizza.models.order import Order, PaymentChoice, Source
from ocpizza.models.payment import Means
from ocpizza.models.product import Kind
from ocpizza.models.stock import Reason
from ocpizza.models.vat import Mode
from ocpizza.services.fill_basket import contents, empty_basket, find_basket
from ocpizza.services.move_stock import lock_stock, move_stock
from ocpizza.services.open_shop import open_shop_by_id
from ocpizza.services.write_order import Author, write_order


class StaleCheckout(OrderRefused):
    """The form is of an order that this basket knows nothing of; show the basket again."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """What the last step of the checkout says."""

    key: str
    means: Means
    shown_total_cents: int
    language: str = "fr"
    source: Source = Source.WEB


def place_order(
    session: Session,
    basket_token: str | None,
    checkout: Checkout,
    now: datetime,
    author: Author | None = None,
) -> Order:
    """Place the order of a basket, paid when it is handed over (B32).

    The same checkout sent again gives the order that it made. Raises OrderRefused, with nothing
    changed and the basket kept.
    """
    basket = find_basket(session, basket_token, lock=True)
    if basket is None or basket.checkout_key != checkout.key:
        return _already_placed(session, checkout.key)
    details = Details.from_json(basket.details)
    point, lines = _lines(session, basket, checkout.source)
    if details is None or not _reachable(details, checkout.source):
        raise DetailsMissing
    _check_open(point, now)
    _check_details(point, details)
    offer = quote(lines, details.mode, point.delivery_fee_cents)
    _check_sums(point, details, offer, checkout.shown_total_cents)
    locked = _take(session, point.id, lines)
    order = _new_order(point, details, checkout, now)
    write_order(session, order, details, offer, author, now)
    taken = {id: -quantity for id, quantity in total_needs(lines).items()}
    move_stock(
        session,
        point.id,
        locked,
        taken,
        reason=Reason.ORDER,
        at=now,
        order_id=order.id,
        author_id=author.account_id if author else None,
    )
    empty_basket(session, basket, now)
    return order


def minimum_missing(point: PointOfSale, mode: Mode, offer: Quote) -> int:
    """Cents that are missing to the restaurant's minimum for a delivery."""
    if mode is not Mode.DELIVERY:
        return 0
    worth = offer.subtotal_cents - offer.discount_cents
    return max(0, point.minimum_order_cents - worth)


def _already_placed(session: Session, key: str) -> Order:
    order = session.scalar(select(Order).where(Order.checkout_key == key))
    if order is None:
        raise StaleCheckout
    return order


def _lines(
    session: Session, basket: Basket, source: Source
) -> tuple[PointOfSale, Sequence[tuple[Item, int]]]:
    if basket.restaurant_id is None or not basket.lines:
        raise NothingOrdered
    shop = open_shop_by_id(session, basket.restaurant_id)
    if shop is None:
        raise LinesGone
    inside = contents(basket, shop.menu)
    if inside.gone:
        raise LinesGone
    kinds = {item.kind for item, _ in inside.items}
    if Kind.PIZZA not in kinds and source is not Source.COUNTER:
        raise PizzaMissing
    return shop.point, inside.items


def _reachable(details: Details, source: Source) -> bool:
    return bool(details.phone or details.email) or source is Source.COUNTER


def _check_open(point: PointOfSale, now: datetime) -> None:
    if point.closes_at(now) is None:
        raise RestaurantClosed(point.opens_at(now))


def _check_details(point: PointOfSale, details: Details) -> None:
    if details.mode is not Mode.DELIVERY:
        return
    if not (details.street and details.postcode and details.town):
        raise DetailsMissing
    if not point.delivers_to(details.postcode):
        raise PostcodeNotServed(details.postcode)


def _check_sums(point: PointOfSale, details: Details, offer: Quote, shown_cents: int) -> None:
    if missing := minimum_missing(point, details.mode, offer):
        raise BelowMinimum(point.minimum_order_cents, missing)
    if offer.total_cents != shown_cents:
        raise TotalChanged(offer.total_cents)


def _take(
    session: Session, restaurant_id: int, lines: Sequence[tuple[Item, int]]
) -> dict[int, int]:
    locked = lock_stock(session, restaurant_id, set(total_needs(lines)))
    if short := shortages(lines, locked):
        raise OutOfStock(short)
    return locked


def _new_order(point: PointOfSale, details: Details, checkout: Checkout, now: datetime) -> Order:
    minutes = point.preparation_minutes
    if details.mode is Mode.DELIVERY:
        minutes += point.delivery_minutes
    return Order(
        checkout_key=checkout.key,
        tracking_token=secrets.token_urlsafe(32),
        restaurant_id=point.id,
        source=checkout.source,
        language=checkout.language,
        payment_choice=PaymentChoice.ON_DELIVERY,
        means=checkout.means,
        expected_at=now + timedelta(minutes=minutes),
    )
