"""Restaurants as the shop needs them: with their hours and, by postcode, who delivers there."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from ocpizza.domain.hours import Opening, closing_time, next_opening
from ocpizza.json_rows import json_rows
from ocpizza.models.restaurant import DeliveryArea, OpeningHours, Restaurant


@dataclass(frozen=True, slots=True)
class PointOfSale:
    """A restaurant with the hours and delivery postcodes that an order depends on."""

    restaurant: Restaurant
    openings: tuple[Opening, ...]
    postcodes: frozenset[str]

    def closes_at(self, now: datetime) -> datetime | None:
        """When it closes (UTC), None while it is closed."""
        return closing_time(self.openings, now)

    def opens_at(self, now: datetime) -> datetime | None:
        """The next opening (UTC), None if there is none in a week."""
        return next_opening(self.openings, now)

    def delivers_to(self, postcode: str) -> bool:
        """Whether this postcode is one of its delivery postcodes."""
        return self.restaurant.delivers and postcode in self.postcodes


def find_by_slug(session: Session, slug: str) -> PointOfSale | None:
    """The active restaurant with this slug."""
    return _first(session, _points_of_sale().where(Restaurant.slug == slug))


def find_by_id(session: Session, restaurant_id: int) -> PointOfSale | None:
    """The active restaurant with this id."""
    return _first(session, _points_of_sale().where(Restaurant.id == restaurant_id))


def list_restaurants(session: Session, postcode: str | None = None) -> list[PointOfSale]:
    """Active restaurants by name; with a postcode, those that deliver there."""
    query = _points_of_sale().order_by(Restaurant.name)
    if postcode is not None:
        serves = exists().where(
            DeliveryArea.restaurant_id == Restaurant.id, DeliveryArea.postcode == postcode
        )
        query = query.where(Restaurant.delivers, serves)
    return [_point_of_sale(row) for row in session.execute(query)]


@cache
def _points_of_sale() -> Select[Any]:
    hours = json_rows(
        OpeningHours.weekday,
        OpeningHours.opens_minute,
        OpeningHours.closes_minute,
        of=OpeningHours.__table__,
        where=OpeningHours.restaurant_id == Restaurant.id,
    )
    areas = json_rows(
        DeliveryArea.postcode,
        of=DeliveryArea.__table__,
        where=DeliveryArea.restaurant_id == Restaurant.id,
    )
    columns = (Restaurant, hours.label("hours"), areas.label("areas"))
    return select(*columns).where(Restaurant.active)


def _first(session: Session, query: Select[Any]) -> PointOfSale | None:
    row = session.execute(query).first()
    return _point_of_sale(row) if row else None


def _point_of_sale(row: Any) -> PointOfSale:
    openings = tuple(Opening(*hours) for hours in sorted(row.hours))
    return PointOfSale(row.Restaurant, openings, frozenset(area for (area,) in row.areas))
