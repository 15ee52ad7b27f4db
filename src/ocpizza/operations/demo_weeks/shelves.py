"""The shelves in the demo's weeks: supplied in the morning, emptied by orders, now and then spoilt.

What an order takes is what its recipe says, to the gram.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from ocpizza.domain.author import account_of
from ocpizza.domain.hours import business_day, span
from ocpizza.domain.item import total_needs
from ocpizza.models.account import Role
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.stock import Reason, Stock
from ocpizza.operations.demo_weeks.house import House
from ocpizza.operations.demo_weeks.orders import Story

WASTE_NOTES = ("Périmé", "Tombé par terre", "Pâte trop levée", "Chaîne du froid rompue")
WASTED_A_DAY = 0.5
# So many of the most used ingredients run out tonight.
SHORT = 3
WEEK = timedelta(days=7)
Row = dict[str, Any]


class Move(NamedTuple):
    """A change of some ingredients at one moment: ingredient id → quantity."""

    at: datetime
    reason: Reason
    deltas: dict[int, int]
    order_id: int | None = None
    author_id: int | None = None
    note: str = ""


def stock_movements(
    session: Session,
    house: House,
    stories: list[Story],
    weeks: tuple[datetime, datetime],
    chance: Random,
) -> list[Row]:
    """Return the movements of a restaurant from the beginning to the end of the weeks.

    What it has in the end is written down.
    """
    since, now = weeks
    shelves = _read(session, house)
    moves = sorted(
        [*_of_orders(stories), *_wasted(house, shelves.usual, weeks, chance)],
        key=lambda move: move.at,
    )
    by_day: dict[object, list[Move]] = defaultdict(list)
    for move in moves:
        by_day[business_day(move.at)].append(move)
    used: dict[object, Counter[int]] = {}
    rows: list[Row] = []
    for day, own in by_day.items():
        used[day] = _used(own)
        cook = account_of(house.one_of(Role.MANAGER, chance))
        morning = max(since, span(cast(Any, day))[0])
        supply = Move(morning, Reason.SUPPLY, shelves.missing(used[day]), None, cook)
        for move in (supply, *own):
            rows += shelves.moved(move)
    last_week = used.get(business_day(now - WEEK), Counter())
    manager = account_of(house.one_of(Role.MANAGER, chance))
    last = Move(now, Reason.CORRECTION, shelves.too_much(last_week), None, manager, "Inventaire")
    rows += shelves.moved(last)
    kept = [
        {"quantity": quantity, "restaurant_id": house.id, "ingredient_id": id}
        for id, quantity in shelves.quantities.items()
    ]
    session.flush()
    _keep(session, kept)
    return rows


class Shelves:
    """What a restaurant has, what it usually has, and by how much each ingredient is bought."""

    def __init__(self, house: House, quantities: dict[int, int], alerts: dict[int, int]) -> None:
        self.house_id = house.id
        self.quantities, self.alerts = quantities, alerts
        # What was short when the demo was opened is short again at its end.
        self.short = {id: own for id, own in quantities.items() if own < alerts[id]}
        self.usual = {id: max(own, 3 * alerts[id]) for id, own in quantities.items()}
        self.packs: dict[int, int] = {}

    def missing(self, needed: Counter[int]) -> dict[int, int]:
        """Return what is bought for a day that needs this: full packs, once there is little."""
        bought = {}
        for id, own in self.quantities.items():
            if own - needed[id] < self.alerts[id]:
                wanted = max(self.usual[id], needed[id] + 2 * self.alerts[id]) - own
                pack = self.packs[id]
                bought[id] = -(-wanted // pack) * pack
        return bought

    def too_much(self, used: Counter[int]) -> dict[int, int]:
        """Return what is to go so that some run out: those of the beginning, and tonight's."""
        wanted = dict(self.short)
        for id, quantity in used.most_common(SHORT):
            wanted[id] = quantity // 3
        return {
            id: quantity - self.quantities[id]
            for id, quantity in wanted.items()
            if quantity < self.quantities[id]
        }

    def moved(self, move: Move) -> Iterator[Row]:
        """Yield the rows of a move, ingredient by ingredient."""
        for id, delta in sorted(move.deltas.items()):
            if not delta:
                continue
            self.quantities[id] += delta
            yield {
                "restaurant_id": self.house_id,
                "ingredient_id": id,
                "delta": delta,
                "quantity_after": self.quantities[id],
                "reason": move.reason,
                "order_id": move.order_id,
                "author_id": move.author_id,
                "note": move.note,
                "at": move.at,
            }


def _read(session: Session, house: House) -> Shelves:
    own = session.scalars(
        select(Stock).filter_by(restaurant_id=house.id).order_by(Stock.ingredient_id)
    ).all()
    quantities = {stock.ingredient_id: stock.quantity for stock in own}
    shelves = Shelves(house, quantities, {one.ingredient_id: one.alert_quantity for one in own})
    packs = session.execute(select(Ingredient.id, Ingredient.unit_quantity))
    shelves.packs = {row.id: row.unit_quantity for row in packs}
    return shelves


def _of_orders(stories: list[Story]) -> Iterator[Move]:
    for story in stories:
        needs = total_needs([(line.item, line.quantity) for line in story.quote.lines])
        taken = {id: -quantity for id, quantity in needs.items()}
        yield Move(story.placed_at, Reason.ORDER, taken, story.order_id)
        if story.cancelled_at:
            by = account_of(story.life.events[-1].author)
            yield Move(story.cancelled_at, Reason.ORDER_CANCELLED, dict(needs), story.order_id, by)


def _wasted(
    house: House, usual: dict[int, int], weeks: tuple[datetime, datetime], chance: Random
) -> Iterator[Move]:
    since, now = weeks
    at = since
    while (at := at + timedelta(hours=chance.uniform(0, 48 / WASTED_A_DAY))) < now:
        id = chance.choice(list(usual))
        some = max(1, usual[id] * chance.randrange(1, 5) // 100)
        who = account_of(house.one_of(chance.choice((Role.PIZZAIOLO, Role.MANAGER)), chance))
        yield Move(at, Reason.WASTE, {id: -some}, None, who, chance.choice(WASTE_NOTES))


def _used(moves: list[Move]) -> Counter[int]:
    used: Counter[int] = Counter()
    for move in moves:
        if move.reason is not Reason.ORDER_CANCELLED:
            used.update({id: -delta for id, delta in move.deltas.items()})
    return used


def _keep(session: Session, rows: list[Row]) -> None:
    table = cast(Table, Stock.__table__)
    for row in rows:
        here = table.c.restaurant_id == row["restaurant_id"]
        this = table.c.ingredient_id == row["ingredient_id"]
        session.execute(update(table).where(here, this).values(quantity=row["quantity"]))
