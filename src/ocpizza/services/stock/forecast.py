"""UC6.1: what a restaurant runs out of today or tomorrow, at today's pace."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.hours import business_day, same_hour, span
from ocpizza.domain.running_out import Use, runs_out
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.stock import Reason, Stock, StockMovement
from ocpizza.services.stock.queries import list_stocks

OF_ORDERS = (Reason.ORDER, Reason.ORDER_CHANGED, Reason.ORDER_CANCELLED)
DAY = timedelta(days=1)


class Shortage(NamedTuple):
    """A stock that is used up (`at` is None) or will be."""

    stock: Stock
    at: datetime | None


def shortages(
    session: Session, restaurant_id: int, pace: Fraction, now: datetime
) -> list[Shortage]:
    """Return what there is nothing of, then what will be gone by tomorrow night, the next first."""
    stocks = list_stocks(session, restaurant_id)
    none = [Shortage(stock, None) for stock in stocks if not stock.quantity]
    left = {stock.ingredient_id: stock.quantity for stock in stocks}
    soon = runs_out(left, _uses(session, stocks, now), pace)
    known = {stock.ingredient_id: stock for stock in stocks}
    coming = sorted(soon.items(), key=lambda each: (each[1], each[0]))
    return none + [Shortage(known[id], at) for id, at in coming]


def sold_out(session: Session) -> dict[int, list[Ingredient]]:
    """Return what every restaurant has nothing of, by its id."""
    query = select(Stock.restaurant_id, Ingredient).join(Stock.ingredient)
    gone: dict[int, list[Ingredient]] = {}
    for own, ingredient in session.execute(query.where(Stock.quantity == 0)):
        gone.setdefault(own, []).append(ingredient)
    return gone


def _uses(session: Session, stocks: Sequence[Stock], now: datetime) -> Iterator[Use]:
    """Yield what orders took a week ago, from this hour until the end of the day after."""
    if not stocks:
        return
    then = same_hour(now, -7)
    ends = span(business_day(then) + DAY)[1]
    # Ingredients are named, so that the index is read for these days alone.
    query = (
        select(StockMovement.ingredient_id, StockMovement.at, -StockMovement.delta)
        .where(
            StockMovement.restaurant_id == stocks[0].restaurant_id,
            StockMovement.ingredient_id.in_([stock.ingredient_id for stock in stocks]),
            StockMovement.at >= then,
            StockMovement.at < ends,
            StockMovement.reason.in_(OF_ORDERS),
        )
        .order_by(StockMovement.at, StockMovement.id)
    )
    for row in session.execute(query):
        yield Use(*row)
