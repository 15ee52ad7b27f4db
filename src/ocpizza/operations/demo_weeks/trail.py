"""The audit trail of the demo's weeks: refunds, pauses, thresholds, as staff would have left it."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ocpizza.domain.hours import business_day
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.staff_change import Subject
from ocpizza.models.stock import Stock
from ocpizza.operations.demo_weeks.house import House
from ocpizza.operations.demo_weeks.orders import Story
from ocpizza.services.trail.record import Change, Signature, record_change

PAUSE_NOTES = ("Trop de commandes", "Four en panne", "Équipe réduite")
THRESHOLDS, EVENINGS = 4, 5


def write_trail(
    session: Session, houses: list[House], stories: list[Story], now: datetime, chance: Random
) -> None:
    """Write down what was changed by hand in these weeks."""
    rows = session.execute(select(Order.id, Order.number))
    numbers = {row.id: row.number for row in rows}
    for story in stories:
        if refund := story.life.refund:
            told = {"refunded_cents": 0}, {"refunded_cents": refund.cents}
            change = Change(Subject.ORDER, *told, story.house.id, numbers[story.order_id])
            record_change(session, Signature(refund.author, refund.at), change)
    for house in houses:
        own = [story.placed_at for story in stories if story.house is house]
        _pauses(session, house, own, now, chance)
        _thresholds(session, house, own, chance)
    session.flush()


def _pauses(
    session: Session, house: House, moments: list[datetime], now: datetime, chance: Random
) -> None:
    nothing = {"paused_at": None, "pause_note": None}
    past = [at for at in moments if business_day(at) < business_day(now)]
    for at in chance.sample(past, min(EVENINGS, len(past))):
        until = at + timedelta(minutes=30)
        cook = house.one_of(Role.PIZZAIOLO, chance)
        paused = {"paused_at": until, "pause_note": chance.choice(PAUSE_NOTES)}
        signed = Signature(cook, at)
        change = Change(Subject.RESTAURANT, nothing, paused, house.id, house.name)
        record_change(session, signed, change)


def _thresholds(session: Session, house: House, moments: list[datetime], chance: Random) -> None:
    kept = select(Stock).options(joinedload(Stock.ingredient)).filter_by(restaurant_id=house.id)
    stocks = session.scalars(kept.order_by(Stock.ingredient_id)).all()
    for stock in chance.sample(stocks, min(THRESHOLDS, len(stocks))):
        if not moments or not stock.alert_quantity:
            continue
        fact, own = f"alert_{stock.ingredient.unit}", stock.alert_quantity
        told = {fact: own // 2}, {fact: own}
        change = Change(Subject.STOCK, *told, house.id, stock.ingredient.name)
        signed = Signature(house.one_of(Role.MANAGER, chance), chance.choice(moments))
        record_change(session, signed, change)
