"""Prices of a product's sizes: the group's and a restaurant's own, now or from a day on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.sorting import reading_order
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.price import PriceChange, RestaurantPrice
from ocpizza.models.product import Product, ProductSize
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.staff_change import Subject
from ocpizza.services.catalogue.managing import NotManaged
from ocpizza.services.catalogue.price_changes import give_price
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.trail.record import Change, Facts, Signature, record_change

# How much of the past a page shows.
PAST = 20


class AlreadyPlanned(ValueError):
    """Another price is to take effect at the same moment."""


class ChangeGone(LookupError):
    """The change has been made already, or somebody has called it off."""


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A price of a size: the group's (None) or a restaurant's own, from an instant on."""

    size_id: int
    cents: Cents
    restaurant_id: int | None
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Prices:
    """What a page shows of a product's prices: by size, own ones here and elsewhere, changes."""

    own: Mapping[int, Cents]
    elsewhere: Mapping[int, list[tuple[str, Cents]]]
    coming: Sequence[PriceChange]
    past: Sequence[PriceChange]


def prices_of(
    session: Session, product: Product, restaurant_id: int, manager_of: int | None
) -> Prices:
    """Return the prices that are seen from a restaurant; the group's managers see all of them."""
    sizes = {size.id for size in product.sizes}
    of_sizes = RestaurantPrice.product_size_id.in_(sizes)
    named = select(RestaurantPrice, Restaurant.name).join(Restaurant)
    rows = session.execute(named.where(of_sizes))
    own: dict[int, Cents] = {}
    elsewhere: dict[int, list[tuple[str, Cents]]] = {}
    for price, name in rows:
        if price.restaurant_id == restaurant_id:
            own[price.product_size_id] = price.price_cents
        elif manager_of is None:
            elsewhere.setdefault(price.product_size_id, []).append((name, price.price_cents))
    for places in elsewhere.values():
        places.sort(key=lambda place: reading_order(place[0]))
    seen = or_(PriceChange.restaurant_id.is_(None), PriceChange.restaurant_id == restaurant_id)
    changes = select(PriceChange).where(PriceChange.product_size_id.in_(sizes), seen)
    coming = changes.where(PriceChange.applied_at.is_(None))
    past = changes.where(PriceChange.applied_at.is_not(None))
    newest = past.order_by(PriceChange.effective_at.desc(), PriceChange.id.desc()).limit(PAST)
    return Prices(
        own,
        elsewhere,
        session.scalars(coming.order_by(PriceChange.effective_at, PriceChange.id)).all(),
        session.scalars(newest).all(),
    )


def set_price(
    session: Session,
    product: Product,
    new: NewPrice,
    shown: Cents | None,
    manager_of: int | None,
    signed: Signature,
) -> None:
    """Give a size a price, at once or from `starts_at` on; a basket under way is told of it.

    `shown` is what its page said that it costs there (None: nothing of its own). Raises NotManaged,
    StaleVersion and AlreadyPlanned.
    """
    lock_catalogue(session)
    _check_managed(new.restaurant_id, manager_of)
    size = _size(session, new.size_id)
    before = _current(session, size, new.restaurant_id)
    if before != shown:
        raise StaleVersion
    now = new.starts_at <= signed.at
    if not now and _planned(session, new):
        raise AlreadyPlanned
    change = PriceChange(
        restaurant_id=new.restaurant_id,
        product_size_id=size.id,
        price_cents=new.cents,
        effective_at=signed.at if now else new.starts_at,
        applied_at=signed.at if now else None,
        author_id=signed.author.account_id if signed.author else None,
    )
    if now and before == new.cents:
        return
    session.add(change)
    if now:
        give_price(session, change)
    session.flush()
    starts = {} if now else {"starts_at": new.starts_at}
    after = _facts(new.restaurant_id, new.cents) | starts
    old = _facts(new.restaurant_id, before) | dict.fromkeys(starts)
    _record(session, product, size, new.restaurant_id, (old, after), signed)


def drop_own_price(
    session: Session,
    product: Product,
    size_id: int,
    restaurant_id: int,
    shown: Cents | None,
    signed: Signature,
) -> None:
    """Sell a size at the group's price again, at once. Raises StaleVersion."""
    lock_catalogue(session)
    size = _size(session, size_id)
    own = session.get(RestaurantPrice, (restaurant_id, size_id), populate_existing=True)
    if own is None:
        return
    if own.price_cents != shown:
        raise StaleVersion
    before = _facts(restaurant_id, own.price_cents)
    session.delete(own)
    session.flush()
    _record(session, product, size, restaurant_id, (before, _facts(restaurant_id, None)), signed)


def call_off(
    session: Session,
    product: Product,
    change_id: int,
    restaurant_id: int,
    manager_of: int | None,
    signed: Signature,
) -> None:
    """Have a price that was to take effect later stay as it is. Raises ChangeGone, NotManaged."""
    lock_catalogue(session)
    change = session.get(PriceChange, change_id, populate_existing=True)
    sizes = {size.id for size in product.sizes}
    if change is None or change.applied_at is not None or change.product_size_id not in sizes:
        raise ChangeGone
    if change.restaurant_id not in (restaurant_id, None):
        raise ChangeGone
    _check_managed(change.restaurant_id, manager_of)
    size, place = _size(session, change.product_size_id), change.restaurant_id
    before = _facts(place, change.price_cents) | {"starts_at": change.effective_at}
    after = _facts(place, _current(session, size, place)) | {"starts_at": None}
    session.delete(change)
    session.flush()
    _record(session, product, size, place, (before, after), signed)


def _check_managed(restaurant_id: int | None, manager_of: int | None) -> None:
    if manager_of is not None and restaurant_id != manager_of:
        raise NotManaged


def _size(session: Session, size_id: int) -> ProductSize:
    return session.get_one(ProductSize, size_id, populate_existing=True)


def _current(session: Session, size: ProductSize, restaurant_id: int | None) -> Cents | None:
    if restaurant_id is None:
        return size.price_cents
    own = session.get(RestaurantPrice, (restaurant_id, size.id), populate_existing=True)
    return own.price_cents if own else None


def _planned(session: Session, new: NewPrice) -> bool:
    place = PriceChange.restaurant_id
    query = select(PriceChange.id).where(
        PriceChange.product_size_id == new.size_id,
        PriceChange.effective_at == new.starts_at,
        PriceChange.applied_at.is_(None),
        place.is_(None) if new.restaurant_id is None else place == new.restaurant_id,
    )
    return session.scalar(query.limit(1)) is not None


def _facts(restaurant_id: int | None, cents: Cents | None) -> dict[str, Any]:
    return {"price_cents" if restaurant_id is None else "own_price_cents": cents}


def _record(
    session: Session,
    product: Product,
    size: ProductSize,
    restaurant_id: int | None,
    facts: tuple[Facts, Facts],
    signed: Signature,
) -> None:
    name = f"{product.name}, {size.name}"
    record_change(session, signed, Change(Subject.PRODUCT, *facts, restaurant_id, name))
