"""A restaurant and its menu together, as most of the shop's pages need them: one statement."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Integer, Row, bindparam, select
from sqlalchemy.orm import Session

from ocpizza.db import Reader, execute_and_lock, execute_plain
from ocpizza.domain.menu import Menu
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.json_rows import json_rows
from ocpizza.models.favourite import Favourite
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.catalogue.menu import menu_under, stock_of
from ocpizza.services.catalogue.restaurants import restaurants_under


@dataclass(frozen=True, slots=True)
class Storefront:
    """An active restaurant and what it can make today; `favourites` of whoever looks, by id."""

    point: PointOfSale
    menu: Menu
    favourites: frozenset[int] = frozenset()


ID = bindparam("restaurant_id", type_=Integer)
STOCK_BY_ID = stock_of(ID)
STOCK_BY_SLUG = stock_of(
    select(Restaurant.id).where(Restaurant.slug == bindparam("slug")).scalar_subquery()
).add_columns(
    json_rows(
        Favourite.product_id,
        of=Favourite.__table__,
        where=Favourite.account_id == bindparam("account_id", type_=Integer),
    ).label("favourites")
)


def storefront_by_slug(
    reader: Reader, slug: str, account_id: int | None = None
) -> Storefront | None:
    """Return the active restaurant with this slug, its menu, and an account's favourites."""
    row = execute_plain(reader, STOCK_BY_SLUG, {"slug": slug, "account_id": account_id}).one()
    found = _open(reader, row, lambda point: point.slug == slug)
    favourites = frozenset(id for (id,) in row.favourites)
    return replace(found, favourites=favourites) if found and favourites else found


def storefront_by_id(
    session: Session, restaurant_id: int, names: Collection[str] = ()
) -> Storefront | None:
    """Return the active restaurant with this id, and its menu; `names` are locked on the way."""
    values = {"restaurant_id": restaurant_id}
    row = execute_and_lock(session, STOCK_BY_ID, values, names).one()
    return _open(session, row, lambda point: point.id == restaurant_id)


def _open(
    reader: Reader, row: Row[Any], wanted: Callable[[PointOfSale], bool]
) -> Storefront | None:
    point = next(filter(wanted, restaurants_under(reader, row.token)), None)
    return Storefront(point, menu_under(reader, row, point.id)) if point else None
