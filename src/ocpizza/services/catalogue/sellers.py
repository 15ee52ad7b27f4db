"""Who sells in the shop: the companies behind the restaurants."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ocpizza.domain.sorting import reading_order
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.restaurant import Restaurant

Sellers = dict[LegalEntity, list[Restaurant]]


def list_sellers(session: Session) -> Sellers:
    """Return each company with its active restaurants by name, in order of registration."""
    active = select(Restaurant).where(Restaurant.active)
    restaurants = session.scalars(active.options(joinedload(Restaurant.legal_entity)))
    sellers: Sellers = {}
    for restaurant in sorted(restaurants, key=_place):
        sellers.setdefault(restaurant.legal_entity, []).append(restaurant)
    return sellers


def _place(restaurant: Restaurant) -> tuple[int, tuple[str, str]]:
    return restaurant.legal_entity_id, reading_order(restaurant.name)


def publisher_of(session: Session, code: str) -> LegalEntity | None:
    """Return the company with this code, the first one where there is none or no code is given."""
    everyone: Sequence[LegalEntity] = session.scalars(
        select(LegalEntity).order_by(LegalEntity.id)
    ).all()
    return next((one for one in everyone if one.code == code), next(iter(everyone), None))
