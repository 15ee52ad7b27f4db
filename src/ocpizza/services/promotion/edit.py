"""UC3.2: managers write promotions; what was used is switched off, never deleted."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.db import violates_unique
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.basket import Basket
from ocpizza.models.order_revision import OrderRevision
from ocpizza.models.promotion import Promotion, PromotionRestaurant
from ocpizza.services.promotion.queries import may_manage
from ocpizza.services.promotion.terms import lock_promotion


class CodeTaken(ValueError):
    """Another promotion has this code."""


class PromotionUsed(RuntimeError):
    """Orders know the promotion: it cannot be deleted, nor its code changed."""


class NotManaged(RuntimeError):
    """It holds elsewhere, too: this restaurant's manager may not touch it."""


class LimitPassed(ValueError):
    """It has been used more often than the new limit allows."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A promotion as a manager wrote it: its columns, and the restaurants that have it (or all)."""

    values: dict[str, Any]
    restaurant_ids: Collection[int]


def create_promotion(session: Session, draft: Draft) -> Promotion:
    """Return a new promotion. Raises CodeTaken."""
    promotion = Promotion(**draft.values, restaurants=_places(draft.restaurant_ids))
    with _unique_code(session):
        session.add(promotion)
    return promotion


def edit_promotion(
    session: Session, promotion_id: int, version: int, draft: Draft, manager_of: int | None
) -> None:
    """Write over the `version` that was shown; orders keep what they were given.

    `manager_of` is the restaurant of the manager who writes, None for the group's.
    Raises NotManaged, StaleVersion, PromotionUsed (a new code), LimitPassed and CodeTaken.
    """
    promotion = _own(session, promotion_id, manager_of, version)
    if draft.values["code"] != promotion.code and is_used(session, promotion_id):
        raise PromotionUsed
    limit = draft.values["total_limit"]
    if limit is not None and limit < promotion.times_used:
        raise LimitPassed
    before = {place.restaurant_id: place for place in promotion.restaurants}
    with _unique_code(session):
        for column, value in draft.values.items():
            setattr(promotion, column, value)
        promotion.restaurants = [
            before.get(place.restaurant_id, place) for place in _places(draft.restaurant_ids)
        ]
        # Its restaurants are elsewhere: its own version must say that they have changed.
        promotion.touch_version()


def switch_promotion(
    session: Session, promotion_id: int, version: int, active: bool, manager_of: int | None
) -> None:
    """Offer it, or no more. Raises NotManaged and StaleVersion."""
    _own(session, promotion_id, manager_of, version).active = active
    session.flush()


def delete_promotion(session: Session, promotion_id: int, manager_of: int | None) -> None:
    """Delete a promotion that no order knows; baskets lose it.

    Raises NotManaged and PromotionUsed.
    """
    try:
        with session.begin_nested():
            # Baskets first, as whoever orders with it does.
            session.execute(
                update(Basket)
                .where(Basket.promotion_id == promotion_id)
                .values(promotion_id=None)
                .execution_options(synchronize_session=False)
            )
            _own(session, promotion_id, manager_of)
            if is_used(session, promotion_id):
                raise PromotionUsed
            places = PromotionRestaurant.promotion_id == promotion_id
            session.execute(delete(PromotionRestaurant).where(places))
            session.execute(delete(Promotion).where(Promotion.id == promotion_id))
    except IntegrityError:
        # Somebody has put it in their basket this very moment.
        raise PromotionUsed from None


def is_used(session: Session, promotion_id: int) -> bool:
    """Return whether an order has or had it."""
    return bool(session.scalar(select(exists().where(OrderRevision.promotion_id == promotion_id))))


def _own(
    session: Session, promotion_id: int, manager_of: int | None, version: int | None = None
) -> Promotion:
    promotion = lock_promotion(session, promotion_id)
    if not may_manage(promotion, manager_of):
        raise NotManaged
    if version not in (None, promotion.version):
        raise StaleVersion
    return promotion


def _places(restaurant_ids: Collection[int]) -> list[PromotionRestaurant]:
    return [PromotionRestaurant(restaurant_id=id) for id in sorted(set(restaurant_ids))]


@contextmanager
def _unique_code(session: Session) -> Iterator[None]:
    """Write what the block does, or nothing of it where the code is taken."""
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        if violates_unique(error, Promotion.code):
            raise CodeTaken from None
        raise
