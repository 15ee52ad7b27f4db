"""What restaurants threw away in a period, and what it had been bought for."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import BigInteger, case, cast, func, select
from sqlalchemy.orm import Session

from ocpizza.domain.money import divide_half_up
from ocpizza.domain.recipe import MILLICENTS
from ocpizza.models.ingredient import Ingredient, Unit
from ocpizza.models.stock import Reason, StockMovement


@dataclass(frozen=True)
class Waste:
    """What it cost at today's costs, without VAT; how much there was of what has no known cost."""

    cents: int = 0
    without_cost: dict[Unit, int] = field(default_factory=dict)


def wasted(
    session: Session, restaurant_ids: Collection[int], since: datetime, until: datetime
) -> dict[int, Waste]:
    """Return what each of these restaurants threw away before `until`, where it did."""
    cost, gone = Ingredient.unit_cost_millicents, -StockMovement.delta
    query = (
        select(
            StockMovement.restaurant_id,
            Ingredient.unit,
            func.coalesce(func.sum(cast(gone, BigInteger) * cost), 0),
            func.sum(case((cost.is_(None), gone), else_=0)),
        )
        .join(Ingredient, Ingredient.id == StockMovement.ingredient_id)
        .where(
            # As the index says it.
            StockMovement.reason == Reason.WASTE,
            StockMovement.restaurant_id.in_(restaurant_ids),
            StockMovement.at >= since,
            StockMovement.at < until,
        )
        .group_by(StockMovement.restaurant_id, Ingredient.unit)
    )
    millicents: dict[int, int] = {}
    without: dict[int, dict[Unit, int]] = {}
    for own, unit, valued, unvalued in session.execute(query):
        millicents[own] = millicents.get(own, 0) + int(valued)
        left = without.setdefault(own, {})
        if unvalued:
            left[unit] = int(unvalued)
    return {
        own: Waste(divide_half_up(total, MILLICENTS), without[own])
        for own, total in millicents.items()
    }
