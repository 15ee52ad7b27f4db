"""What managers set of their restaurant: its hours, where and for how much it delivers, its name.

Whoever reads the catalogue next knows, in every process: the tables are watched.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.hours import Opening
from ocpizza.domain.stale_version import StaleVersion, fingerprint
from ocpizza.models.restaurant import DeliveryArea, OpeningHours, Restaurant
from ocpizza.models.staff_change import Subject
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.trail.record import Change, Facts, Signature, record_change

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALCOHOL = ("sells_alcohol", "alcohol_from_minute", "alcohol_to_minute")
DETAILS = (
    "street",
    "postcode",
    "town",
    "phone",
    "email",
    "delivers",
    "delivery_fee_cents",
    "minimum_order_cents",
    "preparation_minutes",
    "delivery_minutes",
)


def hours_facts(restaurant: Restaurant) -> Facts:
    """Return the hours of each day, as the trail tells them."""
    return {
        f"{name}_hours": [
            [hours.opens_minute, hours.closes_minute]
            for hours in sorted(restaurant.opening_hours, key=lambda each: each.opens_minute)
            if hours.weekday == day
        ]
        for day, name in enumerate(DAYS)
    }


def details_facts(restaurant: Restaurant) -> Facts:
    """Return the rest, as the trail tells it."""
    return {
        "shown_name": restaurant.name,
        **{column: getattr(restaurant, column) for column in DETAILS},
        "postcodes": sorted(area.postcode for area in restaurant.delivery_areas),
    }


def alcohol_facts(restaurant: Restaurant) -> Facts:
    """Return whether and when it sells alcohol, as the trail tells it."""
    return {column: getattr(restaurant, column) for column in ALCOHOL}


def set_alcohol(
    session: Session, restaurant_id: int, seen: str, alcohol: Facts, signed: Signature
) -> None:
    """Have a restaurant sell alcohol, in some hours or in all, or none; at once.

    Raises StaleVersion.
    """
    restaurant = _lock(session, restaurant_id)
    before = alcohol_facts(restaurant)
    _check(before, seen)
    for column in ALCOHOL:
        setattr(restaurant, column, alcohol[column])
    session.flush()
    _record(session, signed, restaurant, before, alcohol_facts(restaurant))


def set_hours(
    session: Session,
    restaurant_id: int,
    seen: str,
    openings: Iterable[Opening],
    signed: Signature,
) -> None:
    """Have a restaurant open at these hours, every week.

    `seen` is the fingerprint of the hours that were shown. Raises StaleVersion.
    """
    restaurant = _lock(session, restaurant_id)
    before = hours_facts(restaurant)
    _check(before, seen)
    kept = {(hours.weekday, hours.opens_minute): hours for hours in restaurant.opening_hours}
    wanted = []
    for opening in openings:
        hours = kept.get(opening[:2]) or OpeningHours(
            weekday=opening.weekday, opens_minute=opening.opens_minute
        )
        hours.closes_minute = opening.closes_minute
        wanted.append(hours)
    restaurant.opening_hours = wanted
    session.flush()
    _record(session, signed, restaurant, before, hours_facts(restaurant))


def set_details(
    session: Session,
    restaurant_id: int,
    seen: str,
    details: Facts,
    signed: Signature,
) -> None:
    """Write what customers read of a restaurant, and where it delivers from now on.

    `details` are all that `details_facts` tells. Raises StaleVersion.
    """
    restaurant = _lock(session, restaurant_id)
    before = details_facts(restaurant)
    _check(before, seen)
    write_details(restaurant, details)
    session.flush()
    _record(session, signed, restaurant, before, details_facts(restaurant))


def write_details(restaurant: Restaurant, details: Facts) -> None:
    """Have the row say what `details_facts` would tell of it."""
    restaurant.name = details["shown_name"]
    for column in DETAILS:
        setattr(restaurant, column, details[column])
    kept = {area.postcode: area for area in restaurant.delivery_areas}
    restaurant.delivery_areas = [
        kept.get(postcode) or DeliveryArea(postcode=postcode)
        for postcode in sorted(set(details["postcodes"]))
    ]


def _lock(session: Session, restaurant_id: int) -> Restaurant:
    lock_catalogue(session)
    query = select(Restaurant).where(Restaurant.id == restaurant_id)
    restaurant = session.scalars(query.execution_options(populate_existing=True)).one()
    # What was read of them before the lock may be old.
    session.expire(restaurant, ["opening_hours", "delivery_areas"])
    return restaurant


def _check(now: Facts, seen: str) -> None:
    if fingerprint(now) != seen:
        raise StaleVersion


def _record(
    session: Session, signed: Signature, restaurant: Restaurant, before: Facts, after: Facts
) -> None:
    change = Change(Subject.RESTAURANT, before, after, restaurant.id, restaurant.name)
    record_change(session, signed, change)
