"""Who sells in the shop: the companies behind the restaurants."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.restaurant import Restaurant

Sellers = dict[LegalEntity, list[Restaurant]]


def list_sellers(session: Session) -> Sellers:
    """Each company with its active restaurants by name, in the order of registration here."""
    restaurants = session.scalars(
        select(Restaurant)
        .where(Restaurant.active)
        .options(joinedload(Restaurant.legal_entity))
        .order_by(Restaurant.legal_entity_id, Restaurant.name)
    )
    sellers: Sellers = {}
    for restaurant in restaurants:
        sellers.setdefault(restaurant.legal_entity, []).append(restaurant)
    return sellers


def publisher_of(session: Session, code: str) -> LegalEntity | None:
    """The company with this code, the first one where there is none or no code is given."""
    everyone: Sequence[LegalEntity] = session.scalars(
        select(LegalEntity).order_by(LegalEntity.id)
    ).all()
    return next((one for one in everyone if one.code == code), next(iter(everyone), None))
