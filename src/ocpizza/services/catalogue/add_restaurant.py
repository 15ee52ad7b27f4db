"""A new restaurant: on line as soon as it is committed, in every process."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ocpizza.domain.hours import Opening
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.price import HiddenProduct, RestaurantPrice
from ocpizza.models.restaurant import OpeningHours, Restaurant
from ocpizza.models.staff_change import Subject
from ocpizza.models.stock import Stock
from ocpizza.services.catalogue.settings import details_facts, hours_facts, write_details
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.trail.record import Change, Facts, Signature, record_change


class CodeTaken(ValueError):
    """Another restaurant has this code."""


class SlugTaken(ValueError):
    """Another restaurant has this address in the shop."""


class NoSuchSource(LookupError):
    """There is no such company, or no such restaurant to copy the menu of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRestaurant:
    """A restaurant as the group's manager describes it.

    `menu_of` is whose own prices and hidden products it begins with; None: the group's menu.
    """

    code: str
    slug: str
    legal_entity_id: int
    details: Facts
    openings: tuple[Opening, ...]
    menu_of: int | None


def add_restaurant(session: Session, new: NewRestaurant, signed: Signature) -> Restaurant:
    """Return the new restaurant, its stock at zero.

    Raises CodeTaken, SlugTaken and NoSuchSource.
    """
    lock_catalogue(session)
    for column, value, taken in (
        (Restaurant.code, new.code, CodeTaken),
        (Restaurant.slug, new.slug, SlugTaken),
    ):
        if session.scalar(select(exists().where(column == value))):
            raise taken
    entity = session.get(LegalEntity, new.legal_entity_id)
    source = session.get(Restaurant, new.menu_of) if new.menu_of else None
    if entity is None or (new.menu_of and source is None):
        raise NoSuchSource
    restaurant = Restaurant(code=new.code, slug=new.slug, legal_entity_id=entity.id)
    write_details(restaurant, new.details)
    restaurant.opening_hours = [
        OpeningHours(weekday=day, opens_minute=opens, closes_minute=closes)
        for day, opens, closes in new.openings
    ]
    session.add(restaurant)
    session.flush()
    if source:
        _copy_menu(session, source.id, restaurant.id)
    _open_stocks(session, source.id if source else None, restaurant.id)
    session.flush()
    facts: dict[str, Any] = {
        "restaurant_code": new.code,
        "slug": new.slug,
        "company": entity.name,
        "menu_of": source.name if source else None,
        **details_facts(restaurant),
        **hours_facts(restaurant),
    }
    change = Change(Subject.RESTAURANT, None, facts, restaurant.id, restaurant.name)
    record_change(session, signed, change)
    return restaurant


def _copy_menu(session: Session, source: int, target: int) -> None:
    prices = select(RestaurantPrice).where(RestaurantPrice.restaurant_id == source)
    hidden = select(HiddenProduct.product_id).where(HiddenProduct.restaurant_id == source)
    session.add_all(
        RestaurantPrice(
            restaurant_id=target,
            product_size_id=price.product_size_id,
            price_cents=price.price_cents,
        )
        for price in session.scalars(prices)
    )
    session.add_all(
        HiddenProduct(restaurant_id=target, product_id=id) for id in session.scalars(hidden)
    )


def _open_stocks(session: Session, source: int | None, target: int) -> None:
    """Keep every ingredient, with nothing of it yet, and be told as early as the other one is."""
    thresholds = select(Stock.ingredient_id, Stock.alert_quantity).where(
        Stock.restaurant_id == source
    )
    alerts = {row.ingredient_id: row.alert_quantity for row in session.execute(thresholds)}
    session.add_all(
        Stock(restaurant_id=target, ingredient_id=id, alert_quantity=alerts.get(id, 0))
        for id in session.scalars(select(Ingredient.id).order_by(Ingredient.id))
    )
