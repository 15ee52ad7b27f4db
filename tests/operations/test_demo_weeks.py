"""The demo's weeks: orders of a chain that went on for a while, and that add up."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from databases import BACKENDS
from factories import NOON, author_of
from ocpizza.domain.hours import business_day, span
from ocpizza.models.account import Employee, Role
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.order import Order, Source
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import OPEN, Status
from ocpizza.models.payment import Means, Payment, Receipt, Refund
from ocpizza.models.promotion import PromotionUse
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.staff_change import StaffChange
from ocpizza.models.stock import Reason, Stock, StockMovement
from ocpizza.models.till import TillMovement, TillMovementKind, TillSession
from ocpizza.models.vat import Mode
from ocpizza.operations.demo_data import load_demo_data
from ocpizza.operations.demo_weeks import begin_weeks, load_demo_weeks
from ocpizza.services.order.advance import Step, advance_order
from ocpizza.services.payment.counter import Tender, record_payment
from ocpizza.services.till.drivers import carried_cash

# A Friday.
EVENING = NOON.replace(day=6, hour=19, minute=20)
WEEKS = 1


def load(session: Session, weeks: int = WEEKS, now=EVENING) -> int:
    since = begin_weeks(now, weeks)
    load_demo_data(session, since)
    return load_demo_weeks(session, since, now)


def number_of(session: Session, table, *where) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where))


@pytest.fixture(scope="module", params=BACKENDS)
def chain(request, databases) -> Iterator[Engine]:
    """The demo chain after its weeks, for tests that only look."""
    with databases.private(request.param) as engine:
        with Session(engine) as session, session.begin():
            load(session)
        yield engine


@pytest.fixture
def weeks(chain) -> Iterator[Session]:
    with Session(chain) as session:
        yield session


def test_the_weeks_add_up(chain, add_up):
    add_up(chain)


def test_there_is_something_of_everything(weeks):
    assert set(weeks.scalars(select(Order.source))) == {Source.WEB, Source.PHONE, Source.COUNTER}
    assert set(weeks.scalars(select(Order.mode))) == set(Mode)
    assert set(weeks.scalars(select(Order.means))) == set(Means)
    ended = {Status.DELIVERED, Status.CANCELLED, Status.NOT_DELIVERED}
    assert ended < set(weeks.scalars(select(Order.status)))
    assert number_of(weeks, Refund) > 0
    assert number_of(weeks, PromotionUse) > 0
    assert number_of(weeks, StockMovement, StockMovement.reason == Reason.WASTE) > 0
    assert number_of(weeks, StockMovement, StockMovement.reason == Reason.SUPPLY) > 0
    assert number_of(weeks, StaffChange) > 30
    short = Stock.quantity < Stock.alert_quantity
    assert set(weeks.scalars(select(Stock.restaurant_id).where(short))) == {1, 2, 3, 4, 5}


def test_every_day_before_today_is_closed_at_every_restaurant(weeks):
    today = business_day(EVENING)
    restaurants = number_of(weeks, Restaurant)
    assert number_of(weeks, ClosedDay) == 7 * WEEKS * restaurants
    assert number_of(weeks, Order, Order.status.in_(OPEN)) > 0
    assert set(
        weeks.scalars(select(Order.business_day).where(Order.status.in_(OPEN)))
    ) == {today}  # fmt: skip


def test_every_evening_a_till_was_counted_and_closed(weeks):
    closed = TillSession.closed_at.is_not(None)
    restaurants = number_of(weeks, Restaurant)
    assert number_of(weeks, TillSession, closed) == 7 * WEEKS * restaurants
    assert number_of(weeks, TillSession, ~closed) == restaurants
    for restaurant_id in weeks.scalars(select(Restaurant.id)):
        mine = select(TillSession).where(TillSession.restaurant_id == restaurant_id)
        tills = weeks.scalars(mine.order_by(TillSession.opened_at)).all()
        assert [till.number for till in tills] == [*range(1, 7 * WEEKS + 1), None]
        days = [business_day(till.opened_at) for till in tills]
        assert days == sorted(set(days))
        assert days[-1] == business_day(EVENING)
        assert [business_day(till.closed_at) for till in tills[:-1]] == days[:-1]
        assert all(before.closed_at < after.opened_at for before, after in pairwise(tills))


def test_tills_show_differences_withdrawals_and_what_drivers_brought(weeks):
    tills = weeks.scalars(select(TillSession).where(TillSession.closed_at.is_not(None))).all()
    wrong = [till for till in tills if till.difference_cents]
    assert 0 < len(wrong) < len(tills) / 2
    assert all(till.difference_note for till in wrong)
    assert max(abs(till.difference_cents) for till in wrong) <= 200
    kinds = {TillMovementKind.TAKEN_OUT, TillMovementKind.DRIVER_RETURN}
    assert set(weeks.scalars(select(TillMovement.kind))) == kinds
    # Of days that are over, nobody carries anything any more.
    yesterday = span(business_day(EVENING))[0]
    for restaurant_id in weeks.scalars(select(Restaurant.id)):
        assert carried_cash(weeks, restaurant_id, yesterday) == []


def test_nothing_happened_in_the_time_to_come(weeks):
    moments = (OrderEvent.at, StockMovement.at, Receipt.issued_at, Refund.requested_at)
    moments += (Payment.settled_at, StaffChange.at, TillSession.closed_at, TillMovement.at)
    for at in moments:
        assert weeks.scalar(select(func.max(at))) <= EVENING


def test_receipts_are_numbered_as_money_came(weeks):
    query = select(Receipt.legal_entity_id, Receipt.issued_at)
    rows = weeks.execute(query.order_by(Receipt.legal_entity_id, Receipt.number)).all()
    assert [tuple(row) for row in rows] == sorted(tuple(row) for row in rows)


def test_the_same_day_gives_the_same_weeks(weeks, databases):
    def told(session: Session) -> list[tuple[object, ...]]:
        query = select(Order.placed_at, Order.status, Order.contact_name, Order.means, Restaurant)
        query = query.join(Restaurant).order_by(Order.id)
        tills = select(TillSession.opened_at, TillSession.counted_cents, TillSession.closed_at)
        tills = tills.order_by(TillSession.restaurant_id, TillSession.id)
        return [
            *((*row[:-1], row[-1].code) for row in session.execute(query)),
            *map(tuple, session.execute(tills)),
        ]

    with databases.private("sqlite") as other, Session(other) as session:
        load(session)
        assert told(session) == told(weeks)


def test_the_shop_goes_on_after_the_weeks(committed_database: Engine, add_up):
    """What is under way is prepared, what comes next is numbered after what is there."""
    with Session(committed_database) as session, session.begin():
        load(session)
    with Session(committed_database) as session, session.begin():
        kitchen = (Status.TO_PREPARE, Status.ACCEPTED, Status.PREPARING)
        own = select(Order).where(Order.status.in_(kitchen)).limit(1)
        order, later = session.scalars(own).one(), EVENING + timedelta(minutes=1)
        staff = select(Employee).filter_by(restaurant_id=order.restaurant_id, role=Role.MANAGER)
        manager = author_of(session.scalars(staff).one().account)
        way = [Status.TO_PREPARE, Status.ACCEPTED, Status.PREPARING, Status.READY]
        if order.mode is Mode.DELIVERY:
            way.append(Status.OUT_FOR_DELIVERY)
        way = [*way[way.index(order.status) :], Status.DELIVERED]
        for step in pairwise(way):
            advance_order(session, order.id, Step(*step), manager, later)
        assert record_payment(session, order, Tender(order.means), manager.account_id, later)
    add_up(committed_database)
