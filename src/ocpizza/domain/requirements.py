"""What may stand in the way of an order, new or changed: told, or raised as an OrderRefused."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ocpizza.domain.checkout import (
    AgeNotConfirmed,
    AlcoholNotSold,
    BelowMinimum,
    Details,
    DetailsMissing,
    LinesGone,
    OnlineOrdersPaused,
    OrderRefused,
    OutOfStock,
    PizzaMissing,
    PostcodeNotServed,
    RestaurantClosed,
    TotalChanged,
)
from ocpizza.domain.item import Item, shortages
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.promotion import Verdict
from ocpizza.domain.quote import Quote, make_quote
from ocpizza.models.order import Source
from ocpizza.models.product import Kind
from ocpizza.models.vat import Mode


class Purchase(Protocol):
    """What is to be ordered, and what of it nobody sells any more."""

    @property
    def items(self) -> Sequence[tuple[Item, int]]: ...
    @property
    def gone(self) -> Sequence[object]: ...


def quote_less_discount(
    lines: Sequence[tuple[Item, int]], mode: Mode, delivery_fee_cents: int, verdict: Verdict | None
) -> Quote:
    """Return the quote of these items, less what the promotion takes off them while it holds."""
    if verdict is None:
        return make_quote(lines, mode, delivery_fee_cents)
    return make_quote(lines, mode, delivery_fee_cents, verdict.discount_cents, verdict.promotion_id)


def minimum_missing(point: PointOfSale, mode: Mode, quote: Quote) -> int:
    """Return cents that are missing to the restaurant's minimum for a delivery."""
    if mode is not Mode.DELIVERY:
        return 0
    worth = quote.subtotal_cents - quote.discount_cents
    return max(0, point.minimum_order_cents - worth)


def obstacles(
    inside: Purchase,
    source: Source,
    point: PointOfSale,
    stock: Mapping[int, int],
    now: datetime,
    *,
    may_be_closed: bool = False,
) -> list[OrderRefused]:
    """Return all that stands in the way of ordering this, delivered or not, for pages to tell.

    Placing the order judges by the same rules.
    """
    found = [*_of_contents(inside, source)]
    if short := shortages(inside.items, stock):
        found.append(OutOfStock(short))
    found += _of_alcohol(inside.items, point, now)
    return found + ([] if may_be_closed else [*_of_hours(point, source, now)])


def too_little(point: PointOfSale, quote: Quote) -> BelowMinimum | None:
    """Return what stands in the way of delivering this, if there is too little of it."""
    missing = minimum_missing(point, Mode.DELIVERY, quote) if point.delivers else 0
    return BelowMinimum(point.minimum_order_cents, missing) if missing else None


def _of_contents(inside: Purchase, source: Source) -> Iterator[OrderRefused]:
    if inside.gone:
        yield LinesGone()
    kinds = {item.kind for item, _ in inside.items}
    if Kind.PIZZA not in kinds and source is not Source.COUNTER:
        yield PizzaMissing()


def _of_hours(point: PointOfSale, source: Source, now: datetime) -> Iterator[OrderRefused]:
    if point.closes_at(now) is None:
        yield RestaurantClosed(point.opens_at(now), now)
    elif source is Source.WEB and (resumes_at := point.resumes_at(now)):
        yield OnlineOrdersPaused(resumes_at, point.pause_note or "", now)


def _of_alcohol(
    items: Sequence[tuple[Item, int]], point: PointOfSale, now: datetime
) -> Iterator[OrderRefused]:
    # What was ordered before stays so.
    new = any(item.alcohol and item.agreed_price_cents is None for item, _ in items)
    if new and not point.sells_alcohol_at(now):
        yield AlcoholNotSold(point.alcohol_hours if point.sells_alcohol else None)


def _refuse(found: Iterable[OrderRefused]) -> None:
    for obstacle in found:
        raise obstacle


def check_contents(inside: Purchase, source: Source) -> None:
    """Everything is on the menu, and there is a pizza; the counter may sell a drink alone."""
    _refuse(_of_contents(inside, source))


def reachable(details: Details, source: Source) -> bool:
    return bool(details.phone or details.email) or source is Source.COUNTER


def check_open(point: PointOfSale, source: Source, now: datetime) -> None:
    """It is open, and takes orders from there."""
    _refuse(_of_hours(point, source, now))


def holds_alcohol(items: Sequence[tuple[Item, int]]) -> bool:
    """Return whether there is alcohol among these: whoever orders and receives it is 18."""
    return any(item.alcohol for item, _ in items)


def check_alcohol(
    items: Sequence[tuple[Item, int]], point: PointOfSale, of_age: bool, now: datetime
) -> None:
    """Alcohol is sold there now, and to somebody who has said that they are 18."""
    _refuse(_of_alcohol(items, point, now))
    if holds_alcohol(items) and not of_age:
        raise AgeNotConfirmed


def check_details(point: PointOfSale, details: Details) -> None:
    if details.mode is not Mode.DELIVERY:
        return
    if not (details.street and details.postcode and details.town):
        raise DetailsMissing
    if not point.delivers_to(details.postcode):
        raise PostcodeNotServed(details.postcode)


def check_sums(point: PointOfSale, details: Details, quote: Quote, shown_cents: int | None) -> None:
    if missing := minimum_missing(point, details.mode, quote):
        raise BelowMinimum(point.minimum_order_cents, missing)
    if quote.total_cents != shown_cents:
        raise TotalChanged(quote.total_cents)
