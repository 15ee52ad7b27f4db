"""Weeks of past orders for the demo chain, so that every list, chart and report shows something.

Drawn by chance from a seed that is the day: the same day gives the same weeks, but for what opens
something (numbers and links of orders). Written in bulk, by the shop's own prices, recipes and
rules: `ocpizza check` holds of it as of orders that were taken one by one.
"""

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ocpizza.domain.hours import business_day, span
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.promotion import Promotion
from ocpizza.models.restaurant import Restaurant
from ocpizza.operations.demo_weeks.customers import PEOPLE, make_crowd
from ocpizza.operations.demo_weeks.house import House, read_house
from ocpizza.operations.demo_weeks.ledger import Ledger
from ocpizza.operations.demo_weeks.offers import Offers
from ocpizza.operations.demo_weeks.orders import Story, tell
from ocpizza.operations.demo_weeks.rhythm import moments
from ocpizza.operations.demo_weeks.shelves import stock_movements
from ocpizza.operations.demo_weeks.tills import keep_tills
from ocpizza.operations.demo_weeks.trail import write_trail
from ocpizza.services.sales.close import close_day, days_to_close
from ocpizza.services.sales.recent import count_recent_sales

DAY = timedelta(days=1)


def begin_weeks(now: datetime, weeks: int) -> datetime:
    """Return the moment at which so many weeks before today began."""
    return span(business_day(now) - 7 * weeks * DAY)[0]


def load_demo_weeks(session: Session, since: datetime, now: datetime, people: int = PEOPLE) -> int:
    """Write what the demo chain, which `load_demo_data` opened at `since`, did until now.

    What was begun lately is still under way; so many people order at each restaurant. Return how
    many orders there are.
    """
    chance = Random(f"{business_day(now)}")  # noqa: S311  (a demo is no secret)
    ids = session.scalars(select(Restaurant.id).order_by(Restaurant.code)).all()
    houses = [read_house(session, id, rank) for rank, id in enumerate(ids)]
    offers = Offers(session)
    crowds = {house.id: make_crowd(session, house, since, chance, people) for house in houses}
    days = _days(since, now)
    stories: list[Story] = []
    for at, house in _moments(houses, days, now, chance):
        stories.append(tell(house, crowds[house.id], offers, at, now, chance))
    ledger = Ledger(session)
    for story in stories:
        ledger.add(story)
    for house in houses:
        own = [story for story in stories if story.house is house]
        ledger.movements += stock_movements(session, house, own, (since, now), chance)
    ledger.write()
    write_trail(session, houses, stories, now, chance)
    _keep_counters(session, ledger, offers)
    _close(session, houses, now)
    keep_tills(session, houses, days)
    return len(stories)


def _days(since: datetime, now: datetime) -> list[date]:
    first = business_day(since)
    return [first + DAY * ahead for ahead in range((business_day(now) - first).days + 1)]


def _moments(
    houses: list[House], days: list[date], now: datetime, chance: Random
) -> list[tuple[datetime, House]]:
    """Return when somebody orders where, all over the chain, the first one first."""
    found = [(at, house) for house in houses for day in days for at in moments(house, day, chance)]
    # A minute ago: nothing of an order happens in the time to come.
    begun = [each for each in found if each[0] < now - timedelta(minutes=1)]
    return sorted(begun, key=lambda each: (each[0], each[1].rank))


def _keep_counters(session: Session, ledger: Ledger, offers: Offers) -> None:
    for entity_id, last in ledger.receipt_numbers.items():
        entity = update(LegalEntity).where(LegalEntity.id == entity_id)
        session.execute(entity.values(last_receipt_number=last))
    for promotion_id, (uses, cents) in offers.given.items():
        counted = update(Promotion).where(Promotion.id == promotion_id)
        session.execute(counted.values(times_used=uses, given_cents=cents))
    session.expire_all()


def _close(session: Session, houses: list[House], now: datetime) -> None:
    for house in houses:
        for day in days_to_close(session, house.id, now):
            close_day(session, house.id, day, now)
        count_recent_sales(session, house.id, now)
    session.flush()
