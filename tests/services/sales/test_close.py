"""A business day's figures, and that they are kept once it is over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from factories import NOON, author_of, make_branch, make_pizzeria, make_staff, order_of
from ocpizza.domain.sales import Figures
from ocpizza.models.account import Role
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Refund, RefundReason, RefundState
from ocpizza.models.vat import Mode
from ocpizza.services.order.advance import Step, advance_order
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.order.events import status_changes
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.order.undo import undo_step
from ocpizza.services.payment.give_back import GivenBack
from ocpizza.services.payment.refund import RefundRequest, refund_payment
from ocpizza.services.sales.close import Outcome, close_day, days_to_close
from ocpizza.services.sales.day import figures_of, turnover_until, turnovers
from ocpizza.services.sales.month import month_of
from ocpizza.services.settlement.cancel_paid import give_back_now
from ocpizza.services.settlement.receive_payment import Receiving, receive_payment

TODAY = date(2026, 3, 4)
DAY = timedelta(days=1)


@pytest.fixture
def pizzeria(session):
    return make_pizzeria(session)


@pytest.fixture
def sell(session, pizzeria):
    """A Margherita for 9,50 € (VAT 0,86 €), eaten there and paid for 20 minutes later."""

    def sell(*, now=NOON, lines=None, waited=timedelta(minutes=20)):
        order = order_of(session, pizzeria, lines, mode=Mode.EAT_IN, now=now, status=Status.READY)
        cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
        over = HandOver(Status.READY, Means.CASH)
        _, payment = hand_over(session, order.id, over, cashier, now + waited)
        session.flush()
        return order, payment

    return sell


def figures(session, pizzeria, day=TODAY) -> tuple[Figures, int]:
    return figures_of(session, pizzeria.restaurant.id, day)


def close(session, pizzeria, now, day=TODAY) -> Outcome:
    outcome = close_day(session, pizzeria.restaurant.id, day, now)
    session.flush()
    return outcome


def to_close(session, pizzeria, now) -> list[date]:
    return days_to_close(session, pizzeria.restaurant.id, now)


def test_what_was_handed_over_is_sold(session, pizzeria, sell):
    sell()
    sell(lines=[(pizzeria.select("regina"), 2)])
    found, still_open = figures(session, pizzeria)
    assert still_open == 0
    assert found == Figures(
        orders=2, turnover_cents=950 + 2300, vat_cents=86 + 209, timed_orders=2, waited_seconds=2400
    )
    assert (found.average_cents, found.waited_minutes) == (1625, 20)


@pytest.mark.parametrize("late", [False, True])
def test_an_order_whose_step_was_undone_is_sold_once_and_done_the_last_time(
    session, pizzeria, late
):
    order = order_of(session, pizzeria, mode=Mode.EAT_IN, status=Status.PREPARING)
    cook = author_of(make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant))
    cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
    ready = Step(Status.PREPARING, Status.READY)
    for _ in range(2):
        advance_order(session, order.id, ready, cook, NOON)
        session.flush()
        undo_step(session, order.id, status_changes(session, order.id)[-1].id, cook, NOON)
        session.flush()
    at = order.expected_at + timedelta(minutes=1 if late else 0)
    advance_order(session, order.id, ready, cook, at)
    hand_over(session, order.id, HandOver(Status.READY, Means.CASH), cashier, at)
    session.flush()
    found, still_open = figures(session, pizzeria)
    assert (found.orders, found.turnover_cents, found.vat_cents) == (1, 950, 86)
    assert (found.timed_orders, found.late, still_open) == (1, int(late), 0)
    assert turnovers(session, TODAY)[pizzeria.restaurant.id] == (1, 950)


def test_the_turnover_of_every_restaurant_is_what_its_figures_say(session, pizzeria, sell):
    branch = make_branch(session, pizzeria, code="city_002")
    sell()
    sell()
    sell(now=NOON - DAY)
    order_of(session, pizzeria)
    order_of(session, branch, status=Status.DELIVERED)
    order_of(session, branch, status=Status.DELIVERED, now=NOON - DAY)
    session.flush()
    told = turnovers(session, TODAY)
    assert set(told) == {pizzeria.restaurant.id, branch.restaurant.id}
    for place in (pizzeria, branch):
        found, _ = figures(session, place)
        assert told[place.restaurant.id] == (found.orders, found.turnover_cents)


def test_what_is_open_is_not_sold_yet(session, pizzeria):
    order_of(session, pizzeria)
    assert figures(session, pizzeria) == (Figures(), 1)


def test_what_was_cancelled_is_counted_and_not_sold(session, pizzeria, sell):
    order = order_of(session, pizzeria)
    manager = author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant))
    cancel_order(session, order.id, manager, NOON)
    session.flush()
    assert figures(session, pizzeria) == (Figures(cancelled=1), 0)


def test_what_was_paid_at_the_till_and_cancelled_is_not_sold(session, pizzeria):
    order = order_of(session, pizzeria, mode=Mode.EAT_IN)
    cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
    said = Receiving("a" * 43, 950, {Means.CASH: 950})
    receive_payment(session, order.id, said, cashier, NOON)
    cancel_order(session, order.id, cashier, NOON)
    session.flush()
    assert figures(session, pizzeria) == (Figures(cancelled=1), 0)
    give_back_now(session, order.id, GivenBack(950), cashier, NOON)
    session.flush()
    assert figures(session, pizzeria) == (Figures(cancelled=1), 0)
    assert turnovers(session, TODAY) == {}
    until = turnover_until(session, pizzeria.restaurant.id, TODAY, NOON + DAY)
    assert until == (0, 0)


def test_what_is_given_back_of_a_cheaper_order_is_no_refund_of_what_was_sold(
    session, pizzeria, sell
):
    _, payment = sell()
    cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
    for reason, cents in ((RefundReason.OF_CHANGED_ORDER, 300), (RefundReason.DECIDED, 100)):
        refund = Refund(payment_id=payment.id, state=RefundState.DONE, amount_cents=cents)
        refund.reason, refund.author_id, refund.requested_at = reason, cashier.account_id, NOON
        session.add(refund)
    session.flush()
    assert figures(session, pizzeria)[0].refunded_cents == 100


def test_an_order_for_a_wished_hour_tells_nothing_of_how_long_one_waits(session, pizzeria, sell):
    order, _ = sell()
    order.wished_at = NOON + timedelta(hours=1)
    session.flush()
    found, _ = figures(session, pizzeria)
    assert (found.orders, found.timed_orders, found.waited_minutes) == (1, 0, None)


def test_an_order_forgotten_on_the_board_was_not_waited_for_until_it_is_found(
    session, pizzeria, sell
):
    sell()
    sell(waited=timedelta(hours=20))
    found, _ = figures(session, pizzeria)
    assert (found.orders, found.timed_orders, found.waited_minutes) == (2, 1, 20)


def test_a_night_belongs_to_the_day_before(session, pizzeria, sell):
    night = NOON.replace(hour=1) + DAY
    sell(now=night)
    assert figures(session, pizzeria)[0].orders == 1
    assert figures(session, pizzeria, TODAY + DAY)[0].orders == 0


def test_money_given_back_counts_when_it_is_given(session, pizzeria, sell):
    _, payment = sell()
    manager = author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant))
    later = NOON + DAY
    refund_payment(session, payment.id, RefundRequest(150, manager, note="froide"), later)
    session.flush()
    assert figures(session, pizzeria)[0].refunded_cents == 0
    assert figures(session, pizzeria, TODAY + DAY)[0] == Figures(refunded_cents=150)
    session.scalars(select(Refund)).one().state = RefundState.FAILED
    session.flush()
    assert figures(session, pizzeria, TODAY + DAY)[0] == Figures()


def test_another_restaurants_orders_are_its_own(session, pizzeria, sell):
    sell()
    branch = make_branch(session, pizzeria, code="city_002")
    assert figures(session, branch) == (Figures(), 0)
    assert to_close(session, branch, NOON + DAY) == []


def test_a_day_is_closed_once_it_is_over(session, pizzeria, sell):
    sell()
    assert to_close(session, pizzeria, NOON) == []
    before_six = NOON.replace(hour=4, minute=59) + DAY
    assert to_close(session, pizzeria, before_six) == []
    six = NOON.replace(hour=5) + DAY
    assert to_close(session, pizzeria, six) == [TODAY]
    assert close(session, pizzeria, six) is Outcome.CLOSED
    kept = session.get_one(ClosedDay, (pizzeria.restaurant.id, TODAY))
    assert (kept.orders, kept.turnover_cents, kept.vat_cents, kept.closed_at) == (1, 950, 86, six)
    assert close(session, pizzeria, six) is Outcome.SAME


def test_a_day_waits_for_its_orders_to_end(session, pizzeria):
    order = order_of(session, pizzeria)
    later = NOON + DAY
    assert close(session, pizzeria, later) is Outcome.ORDERS_OPEN
    assert session.scalars(select(ClosedDay)).all() == []
    cancel_order(
        session,
        order.id,
        author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant)),
        later,
    )
    assert close(session, pizzeria, later) is Outcome.CLOSED


def test_a_refund_that_fails_weeks_later_corrects_its_day(session, pizzeria, sell):
    _, payment = sell()
    manager = author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant))
    refund_payment(session, payment.id, RefundRequest(150, manager, note="froide"), NOON)
    for day in to_close(session, pizzeria, NOON + 20 * DAY):
        close(session, pizzeria, NOON + 20 * DAY, day)
    session.scalars(select(Refund)).one().state = RefundState.FAILED
    later = NOON + 21 * DAY
    outcomes = [close(session, pizzeria, later, day) for day in to_close(session, pizzeria, later)]
    assert outcomes.count(Outcome.CORRECTED) == 1
    march = month_of(session, pizzeria.restaurant.id, TODAY.replace(day=1))
    assert march.total.refunded_cents == 0


def test_days_that_a_wrong_clock_closed_ahead_are_closed_in_their_time(session, pizzeria, sell):
    ahead = NOON + 3 * DAY
    sell()
    for day in to_close(session, pizzeria, ahead):
        close(session, pizzeria, ahead, day)
    for days in (0, 1):
        sell(now=NOON + timedelta(hours=1) + days * DAY)
    right = NOON + 2 * DAY
    for day in to_close(session, pizzeria, right):
        close(session, pizzeria, right, day)
    march = month_of(session, pizzeria.restaurant.id, TODAY.replace(day=1))
    assert [figures.orders for figures in march.days.values()] == [2, 1, 0]


def test_what_was_recorded_too_late_corrects_the_last_day(session, pizzeria, sell):
    sell()
    later = NOON + DAY
    close(session, pizzeria, later)
    sell(now=NOON + timedelta(hours=1))
    assert to_close(session, pizzeria, later) == [TODAY]
    assert close(session, pizzeria, later) is Outcome.CORRECTED
    assert month_of(session, pizzeria.restaurant.id, TODAY.replace(day=1)).total.orders == 2


def test_days_without_an_order_are_closed_too_from_the_first_one_on(session, pizzeria, sell):
    assert to_close(session, pizzeria, NOON + 9 * DAY) == []
    sell()
    days = [TODAY + ahead * DAY for ahead in range(3)]
    assert to_close(session, pizzeria, NOON + 3 * DAY) == days
    for day in days:
        assert close(session, pizzeria, NOON + 3 * DAY, day) is Outcome.CLOSED
    # Whatever a month brought may end otherwise; what is older is as it was.
    assert to_close(session, pizzeria, NOON + 3 * DAY) == days
    for ahead in range(3, 40):
        close(session, pizzeria, NOON + 40 * DAY, TODAY + ahead * DAY)
    again = to_close(session, pizzeria, NOON + 40 * DAY)
    assert (again[0], again[-1]) == (TODAY + 9 * DAY, TODAY + 39 * DAY)


def test_a_restaurant_that_sells_no_more_still_gives_back_for_a_month(session, pizzeria, sell):
    sell()
    pizzeria.restaurant.active = False
    session.flush()
    days = to_close(session, pizzeria, NOON + 90 * DAY)
    assert (days[0], days[-1]) == (TODAY, TODAY + 30 * DAY)
    for day in days:
        close(session, pizzeria, NOON + 90 * DAY, day)
    assert to_close(session, pizzeria, NOON + 90 * DAY) == days[-1:]


def test_a_month_has_its_own_days_and_their_sum(session, pizzeria, sell):
    for ahead in (0, 1, 28):
        sell(now=NOON + ahead * DAY)
    for day in to_close(session, pizzeria, NOON + 29 * DAY):
        close(session, pizzeria, NOON + 29 * DAY, day)
    march = month_of(session, pizzeria.restaurant.id, date(2026, 3, 1))
    assert [*march.days] == [TODAY + ahead * DAY for ahead in range(28)]
    assert (march.total.orders, march.total.turnover_cents) == (2, 1900)
    assert (march.before, march.after) == (None, date(2026, 4, 1))
    april = month_of(session, pizzeria.restaurant.id, march.after)
    assert {day: found.orders for day, found in april.days.items()} == {date(2026, 4, 1): 1}
    assert april.before == march.first
    empty = month_of(session, pizzeria.restaurant.id, date(2026, 5, 1))
    assert (empty.days, empty.total, empty.before) == ({}, Figures(), april.first)
