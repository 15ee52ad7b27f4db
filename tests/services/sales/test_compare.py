"""What restaurants are compared by, recomputed by hand."""

from datetime import date, timedelta

import pytest

from factories import NOON, author_of, make_branch, make_staff, order_of
from ocpizza.domain.comparison import Period
from ocpizza.domain.hours import span
from ocpizza.domain.sales import Figures
from ocpizza.models.account import Role
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.ingredient import Unit
from ocpizza.models.order_status import Status
from ocpizza.models.stock import Reason
from ocpizza.models.vat import Mode
from ocpizza.services.locks import lock_stock
from ocpizza.services.order.advance import Step, advance_order
from ocpizza.services.order.events import status_changes
from ocpizza.services.order.undo import undo_step
from ocpizza.services.sales.compare import Closed, figures_by_restaurant, turnover_by_day
from ocpizza.services.sales.day import figures_of
from ocpizza.services.stock.move import Cause, move_stock
from ocpizza.services.stock.waste import Waste, wasted

TODAY = date(2026, 3, 4)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def close(session, restaurant_id: int, day: date, **figures: int) -> None:
    values = {"orders": 0, "turnover_cents": 0, "vat_cents": 0} | figures
    session.add(ClosedDay(restaurant_id=restaurant_id, day=day, closed_at=NOON, **values))
    session.flush()


def test_closed_days_of_a_period_add_up_for_each_restaurant(session, pizzeria):
    branch = make_branch(session, pizzeria, code="city_002").restaurant.id
    own = pizzeria.restaurant.id
    close(session, own, TODAY - 3 * DAY, orders=9, turnover_cents=99999, late=9)
    close(session, own, TODAY - 2 * DAY, orders=2, turnover_cents=3000, late=1, cancelled=1)
    close(session, own, TODAY - DAY, orders=3, turnover_cents=4501, refunded_cents=200)
    close(session, branch, TODAY - DAY, orders=1, turnover_cents=1000)
    period = Period(TODAY - 2 * DAY, TODAY)
    found = figures_by_restaurant(session, [own, branch], period)
    assert found == {
        own: Closed(2, Figures(5, 7501, refunded_cents=200, cancelled=1, late=1)),
        branch: Closed(1, Figures(1, 1000)),
    }
    assert found[own].figures.average_cents == 1500
    assert found[own].figures.late_share == 2000
    assert turnover_by_day(session, [own, branch], period) == {
        TODAY - 2 * DAY: 3000,
        TODAY - DAY: 5501,
    }
    assert figures_by_restaurant(session, [branch], Period(TODAY, TODAY)) == {}


@pytest.mark.parametrize(
    ("mode", "ready", "handed", "late"),
    [
        # 15 minutes to prepare, 20 more to the door.
        (Mode.DELIVERY, 16, 35, 0),
        (Mode.DELIVERY, 10, 36, 1),
        (Mode.TAKEAWAY, 15, 90, 0),
        (Mode.TAKEAWAY, 16, 17, 1),
    ],
)
def test_late_is_what_comes_to_the_door_or_is_ready_after_the_promised_hour(
    session, pizzeria, mode, ready, handed, late
):
    pizzeria.restaurant.preparation_minutes, pizzeria.restaurant.delivery_minutes = 15, 20
    session.flush()
    order = order_of(session, pizzeria, mode=mode, status=Status.PREPARING)
    order.expected_at = NOON + timedelta(minutes=35 if mode is Mode.DELIVERY else 15)
    manager = author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant))
    way = [(Status.READY, ready), (Status.DELIVERED, handed)]
    if mode is Mode.DELIVERY:
        way.insert(1, (Status.OUT_FOR_DELIVERY, ready + 1))
    before = Status.PREPARING
    for after, minutes in way:
        step = Step(before, after)
        advance_order(session, order.id, step, manager, NOON + minutes * MINUTE)
        before = after
    session.flush()
    found, _ = figures_of(session, pizzeria.restaurant.id, TODAY)
    assert (found.orders, found.late) == (1, late)


def test_what_was_ready_again_after_a_wrong_tap_is_sold_once(session, pizzeria):
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY, status=Status.PREPARING)
    order.expected_at = NOON + 15 * MINUTE
    cook = author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant))
    ready, own = Step(Status.PREPARING, Status.READY), pizzeria.restaurant.id
    advance_order(session, order.id, ready, cook, NOON + 10 * MINUTE)
    session.flush()
    tap = status_changes(session, order.id)[-1].id
    undo_step(session, order.id, tap, cook, NOON + 10 * MINUTE)
    session.flush()
    advance_order(session, order.id, ready, cook, NOON + 16 * MINUTE)
    over = Step(Status.READY, Status.DELIVERED)
    advance_order(session, order.id, over, cook, NOON + 17 * MINUTE)
    session.flush()
    found, _ = figures_of(session, own, TODAY)
    told = (found.orders, found.turnover_cents, found.vat_cents, found.timed_orders, found.late)
    assert told == (1, 950, 86, 1, 1)


def test_what_was_thrown_away_is_valued_where_its_cost_is_known(session, pizzeria):
    own = pizzeria.restaurant.id
    ids = {code: one.id for code, one in pizzeria.ingredients.items()}

    def move(reason: Reason, at, **deltas: int) -> None:
        quantities = {ids[code]: delta for code, delta in deltas.items()}
        locked = lock_stock(session, own, set(quantities))
        move_stock(session, own, locked, quantities, Cause(reason, at))

    since, until = span(TODAY)
    move(Reason.WASTE, since, farine=-100, oeuf=-3)
    move(Reason.WASTE, until - MINUTE, mozzarella=-20)
    move(Reason.WASTE, until, farine=-1)
    move(Reason.WASTE, since - MINUTE, farine=-1)
    move(Reason.CORRECTION, since, farine=-50)
    assert wasted(session, [own], since, until) == {own: Waste(0, {Unit.GRAM: 120, Unit.PIECE: 3})}
    # 0,90 € a kilogram, 0,25 € a piece.
    pizzeria.ingredients["farine"].unit_cost_millicents = 90
    pizzeria.ingredients["oeuf"].unit_cost_millicents = 25_000
    session.flush()
    assert wasted(session, [own], since, until) == {own: Waste(9 + 75, {Unit.GRAM: 20})}
