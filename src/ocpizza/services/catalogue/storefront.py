"""A restaurant and its menu together, as most of the shop's pages need them: one statement."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Row, bindparam, select
from sqlalchemy.orm import Session

from ocpizza.db import execute_and_lock
from ocpizza.domain.menu import Menu
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.catalogue.menu import menu_under, stock_of
from ocpizza.services.catalogue.restaurants import restaurants_under


@dataclass(frozen=True, slots=True)
class Storefront:
    """An active restaurant and what it can make today."""

    point: PointOfSale
    menu: Menu


ID = bindparam("restaurant_id", type_=Integer)
STOCK_BY_ID = stock_of(ID)
STOCK_BY_SLUG = stock_of(
    select(Restaurant.id).where(Restaurant.slug == bindparam("slug")).scalar_subquery()
)


def storefront_by_slug(session: Session, slug: str) -> Storefront | None:
    """Return the active restaurant with this slug, and its menu."""
    row = session.execute(STOCK_BY_SLUG, {"slug": slug}).one()
    return _open(session, row, lambda point: point.slug == slug)


def storefront_by_id(
    session: Session, restaurant_id: int, names: Collection[str] = ()
) -> Storefront | None:
    """Return the active restaurant with this id, and its menu; `names` are locked on the way."""
    values = {"restaurant_id": restaurant_id}
    row = execute_and_lock(session, STOCK_BY_ID, values, names).one()
    return _open(session, row, lambda point: point.id == restaurant_id)


def _open(
    session: Session, row: Row[Any], wanted: Callable[[PointOfSale], bool]
) -> Storefront | None:
    point = next(filter(wanted, restaurants_under(session, row.token)), None)
    return Storefront(point, menu_under(session, row, point.id)) if point else None
