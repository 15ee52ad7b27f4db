"""UC1.1: the restaurants that visitors may order from."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from ocpizza.db import Reader
from ocpizza.domain.hours import Exceptional, Opening, Span
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.sorting import reading_order
from ocpizza.json_rows import json_rows
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.restaurant import (
    DeliveryArea,
    ExceptionalDays,
    ExceptionalHours,
    OpeningHours,
    Restaurant,
)
from ocpizza.services.catalogue.cache import cached, catalogue_token

# As they were read or found last, whatever the token.
_known: tuple[PointOfSale, ...] = ()


def list_restaurants(reader: Reader) -> tuple[PointOfSale, ...]:
    """Return active restaurants by name."""
    return restaurants_under(reader, catalogue_token(reader))


def restaurants_under(reader: Reader, token: str) -> tuple[PointOfSale, ...]:
    """Return the same, where the catalogue's token is known already."""
    global _known
    _known = cached(token, "restaurants", lambda: _read(reader))
    return _known


def code_of(restaurant_id: int) -> str:
    """Return a restaurant's code without asking for it: whoever orders there has been told of it.

    Nothing where it was never read.
    """
    return next((point.code for point in _known if point.id == restaurant_id), "")


def _read(reader: Reader) -> tuple[PointOfSale, ...]:
    found = [_point_of_sale(**row._mapping) for row in reader.execute(_points_of_sale())]
    return tuple(sorted(found, key=lambda point: reading_order(point.name)))


@cache
def _points_of_sale() -> Select[*tuple[Any, ...]]:
    account = (
        select(LegalEntity.stripe_account)
        .where(LegalEntity.id == Restaurant.legal_entity_id)
        .scalar_subquery()
    )
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
    days = json_rows(
        ExceptionalDays.first_day,
        ExceptionalDays.last_day,
        ExceptionalDays.closing_note,
        of=ExceptionalDays.__table__,
        where=ExceptionalDays.restaurant_id == Restaurant.id,
    )
    of_days = json_rows(
        ExceptionalHours.first_day,
        ExceptionalHours.opens_minute,
        ExceptionalHours.closes_minute,
        of=ExceptionalHours.__table__,
        where=ExceptionalHours.restaurant_id == Restaurant.id,
    )
    return select(
        Restaurant.id,
        Restaurant.code,
        Restaurant.slug,
        Restaurant.name,
        Restaurant.street,
        Restaurant.postcode,
        Restaurant.town,
        Restaurant.phone,
        Restaurant.email,
        Restaurant.delivers,
        Restaurant.delivery_fee_cents,
        Restaurant.minimum_order_cents,
        Restaurant.preparation_minutes,
        Restaurant.delivery_minutes,
        Restaurant.paused_until,
        Restaurant.pause_note,
        Restaurant.sells_alcohol,
        Restaurant.alcohol_from_minute,
        Restaurant.alcohol_to_minute,
        account.label("stripe_account"),
        hours.label("hours"),
        areas.label("areas"),
        days.label("days"),
        of_days.label("of_days"),
    ).where(Restaurant.active)


def _point_of_sale(
    hours: list[list[int]],
    areas: list[list[str]],
    days: list[list[str]],
    of_days: list[list[Any]],
    alcohol_from_minute: int | None,
    alcohol_to_minute: int | None,
    **columns: Any,
) -> PointOfSale:
    alcohol = None
    if alcohol_from_minute is not None and alcohol_to_minute is not None:
        alcohol = Span(alcohol_from_minute, alcohol_to_minute)
    spans: dict[str, tuple[Span, ...]] = {}
    for first, *span in sorted(of_days):
        spans[first] = (*spans.get(first, ()), Span(*span))
    return PointOfSale(
        openings=tuple(Opening(*opening) for opening in sorted(hours)),
        postcodes=frozenset(postcode for (postcode,) in areas),
        exceptions=tuple(
            Exceptional(
                date.fromisoformat(first), date.fromisoformat(last), note, spans.get(first, ())
            )
            for first, last, note in sorted(days)
        ),
        alcohol_hours=alcohol,
        **columns,
    )
