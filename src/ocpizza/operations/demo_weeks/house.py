"""A restaurant of the demo as its weeks need it: its menu, its hours, who works there."""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.author import Author
from ocpizza.domain.hours import Opening
from ocpizza.domain.menu import Menu
from ocpizza.models.account import Employee, Role
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.catalogue.menu import read_menu


class Place(NamedTuple):
    """Where a restaurant delivers to."""

    postcode: str
    town: str


@dataclass(frozen=True, eq=False)
class House:
    """What is known of a restaurant, all read before the first order."""

    id: int
    rank: int
    name: str
    legal_entity_id: int
    delivery_fee_cents: int
    minimum_cents: int
    preparation_minutes: int
    delivery_minutes: int
    openings: tuple[Opening, ...]
    places: tuple[Place, ...]
    menu: Menu
    staff: dict[Role, list[Author]]

    def one_of(self, role: Role, chance: Random) -> Author:
        """Return a colleague of this role."""
        return chance.choice(self.staff[role])


def read_house(session: Session, restaurant_id: int, rank: int) -> House:
    """Return a restaurant as it is now; `rank` is its number among the chain's, from 0."""
    found = session.get_one(Restaurant, restaurant_id)
    jobs = select(Employee).filter_by(restaurant_id=restaurant_id).order_by(Employee.account_id)
    staff: dict[Role, list[Author]] = {}
    for job in session.scalars(jobs):
        staff.setdefault(job.role, []).append(Author(job.account_id, job.role))
    return House(
        id=found.id,
        rank=rank,
        name=found.name,
        legal_entity_id=found.legal_entity_id,
        delivery_fee_cents=found.delivery_fee_cents,
        minimum_cents=found.minimum_order_cents,
        preparation_minutes=found.preparation_minutes,
        delivery_minutes=found.delivery_minutes,
        openings=tuple(
            Opening(hours.weekday, hours.opens_minute, hours.closes_minute)
            for hours in found.opening_hours
        ),
        places=tuple(
            Place(area.postcode, _town(found, area.postcode)) for area in found.delivery_areas
        ),
        menu=read_menu(session, restaurant_id),
        staff=staff,
    )


def _town(restaurant: Restaurant, postcode: str) -> str:
    # In the suburbs the demo says the town next to them: nobody drives there.
    return restaurant.town if postcode[:2] == restaurant.postcode[:2] else "Montrouge"
