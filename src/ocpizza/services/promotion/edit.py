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
from ocpizza.models.staff_change import Subject
from ocpizza.services.promotion.queries import all_restaurants, list_sizes, may_manage
from ocpizza.services.promotion.terms import lock_promotion
from ocpizza.services.trail.record import Change, Facts, Signature, record_change

# What the audit trail tells of a promotion, beside its product and its restaurants.
TOLD = (
    "code",
    "name",
    "name_en",
    "kind",
    "percent",
    "amount_cents",
    "minimum_cents",
    "starts_at",
    "ends_at",
    "from_minute",
    "to_minute",
    "first_order_only",
    "birthday_only",
    "per_customer_limit",
    "total_limit",
    "listed",
    "active",
)


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


def create_promotion(session: Session, draft: Draft, signed: Signature | None = None) -> Promotion:
    """Return a new promotion. Raises CodeTaken.

    Here as below, whoever has signed is in the audit trail; what another database brings has no
    author here.
    """
    promotion = Promotion(**draft.values, restaurants=_places(draft.restaurant_ids))
    with _unique_code(session):
        session.add(promotion)
    _record(session, signed, promotion, None, _facts(session, promotion))
    return promotion


def edit_promotion(
    session: Session,
    promotion_id: int,
    version: int,
    draft: Draft,
    manager_of: int | None,
    signed: Signature | None = None,
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
    told = _facts(session, promotion)
    before = {place.restaurant_id: place for place in promotion.restaurants}
    with _unique_code(session):
        for column, value in draft.values.items():
            setattr(promotion, column, value)
        promotion.restaurants = [
            before.get(place.restaurant_id, place) for place in _places(draft.restaurant_ids)
        ]
        # Its restaurants are elsewhere: its own version must say that they have changed.
        promotion.touch_version()
    _record(session, signed, promotion, told, _facts(session, promotion))


def switch_promotion(
    session: Session,
    promotion_id: int,
    version: int,
    active: bool,
    manager_of: int | None,
    signed: Signature | None = None,
) -> None:
    """Offer it, or no more. Raises NotManaged and StaleVersion."""
    promotion = _own(session, promotion_id, manager_of, version)
    before, promotion.active = promotion.active, active
    session.flush()
    _record(session, signed, promotion, {"active": before}, {"active": active})


def delete_promotion(
    session: Session, promotion_id: int, manager_of: int | None, signed: Signature | None = None
) -> None:
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
            promotion = _own(session, promotion_id, manager_of)
            if is_used(session, promotion_id):
                raise PromotionUsed
            _record(session, signed, promotion, _facts(session, promotion), None)
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


def _record(
    session: Session,
    signed: Signature | None,
    promotion: Promotion,
    before: Facts | None,
    after: Facts | None,
) -> None:
    """Write it down: for the managers of the one restaurant that has it, else for the group's."""
    if signed is None:
        return
    places = [place.restaurant_id for place in promotion.restaurants]
    own = places[0] if len(places) == 1 else None
    change = Change(Subject.PROMOTION, before, after, own, promotion.code)
    record_change(session, signed, change)


def _facts(session: Session, promotion: Promotion) -> Facts:
    size, places = promotion.product_size_id, {at.restaurant_id for at in promotion.restaurants}
    mask = promotion.weekday_mask
    return {name: getattr(promotion, name) for name in TOLD} | {
        "product": dict(list_sizes(session)).get(size) if size else None,
        "weekdays": [day for day in range(7) if mask >> day & 1 and mask != 127],
        "restaurants": [name for id, name in all_restaurants(session) if id in places],
    }


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
