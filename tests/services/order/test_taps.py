"""What a driver pressed in a dead spot is done once, or told to be lost; never twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from factories import NOON, author_of, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.delivery_tap import DeliveryTap, TapKind, TapOutcome
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import UNDO
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import Status, UndeliveredReason
from ocpizza.models.payment import Means, Payment
from ocpizza.services.order.not_delivered import Undelivered, end_undelivered
from ocpizza.services.order.take import take_orders
from ocpizza.services.order.taps import KEPT, Tap, forget_old_taps, plausible, record_tap

LATER = NOON + timedelta(minutes=90)
FIVE = timedelta(minutes=5)


def tap(kind: TapKind, waited: timedelta = FIVE, **values) -> Tap:
    return Tap(str(uuid4()), kind, waited, **values)


def driver_of(session, pizzeria) -> Author:
    return author_of(make_staff(session, Role.DRIVER, pizzeria.restaurant))


def on_the_road(session, pizzeria, **values):
    order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY, **values)
    return order, Author(order.driver_id, Role.DRIVER)


def events_of(session, order) -> list[tuple]:
    query = select(OrderEvent.status, OrderEvent.tapped_at, OrderEvent.at)
    query = query.where(OrderEvent.order_id == order.id).order_by(OrderEvent.id)
    return [tuple(row) for row in session.execute(query)]


def test_taken_and_delivered_without_network_are_both_done_when_they_come(
    session, pizzeria, add_up
):
    order, driver = (
        order_of(session, pizzeria, status=Status.READY, email="stanley@example.org"),
        driver_of(session, pizzeria),
    )
    taken = tap(TapKind.TAKE, timedelta(minutes=30))
    given = tap(TapKind.DELIVER, FIVE, means=Means.CASH, tendered_cents=2000)
    for pressed in (taken, given):
        came = record_tap(session, order.id, pressed, driver, LATER)
        assert came.outcome is TapOutcome.DONE
    assert (order.status, order.driver_id) == (Status.DELIVERED, driver.account_id)
    assert came.change_cents == 2000 - order.total_cents
    session.flush()
    assert events_of(session, order)[-2:] == [
        (Status.OUT_FOR_DELIVERY, LATER - timedelta(minutes=30), LATER),
        (Status.DELIVERED, LATER - FIVE, LATER),
    ]
    # What customers are told goes by our clock.
    due = session.scalars(select(OutgoingMail.due_at).where(OutgoingMail.order_id == order.id))
    assert max(due) in (LATER, LATER + UNDO)


@pytest.mark.parametrize("kind", TapKind)
def test_the_same_press_is_done_once_and_answered_the_same(session, pizzeria, kind):
    if kind is TapKind.TAKE:
        order = order_of(session, pizzeria, status=Status.READY)
        driver = driver_of(session, pizzeria)
    else:
        order, driver = on_the_road(session, pizzeria)
    pressed = tap(kind, means=Means.CASH, tendered_cents=5000)
    answers = []
    for minutes in range(5):
        answers.append(record_tap(session, order.id, pressed, driver, LATER + minutes * FIVE))
        session.flush()
    assert len({answer.id for answer in answers}) == 1
    assert answers[0].outcome is TapOutcome.DONE
    assert session.scalar(select(func.count()).select_from(DeliveryTap)) == 1
    paid = session.scalar(select(func.count()).select_from(Payment))
    assert paid == (kind is TapKind.DELIVER)


def test_a_second_order_is_not_delivered_by_the_press_for_the_first(session, pizzeria):
    first, driver = on_the_road(session, pizzeria)
    second = order_of(session, pizzeria, status=Status.READY)
    take_orders(session, pizzeria.restaurant.id, [second.number], driver, NOON)
    pressed = tap(TapKind.DELIVER, means=Means.CASH)
    record_tap(session, first.id, pressed, driver, LATER)
    session.flush()
    assert record_tap(session, second.id, pressed, driver, LATER).order_id == first.id
    assert second.status is Status.OUT_FOR_DELIVERY


def test_what_a_colleague_took_meanwhile_stays_theirs_and_so_does_its_delivery(session, pizzeria):
    order = order_of(session, pizzeria, status=Status.READY)
    quick, slow = driver_of(session, pizzeria), driver_of(session, pizzeria)
    take_orders(session, pizzeria.restaurant.id, [order.number], quick, NOON)
    came = [
        record_tap(session, order.id, tap(kind, means=Means.CASH), slow, LATER).outcome
        for kind in (TapKind.TAKE, TapKind.DELIVER, TapKind.NOBODY)
    ]
    assert came == [TapOutcome.MOVED_ON, TapOutcome.NOT_ALLOWED, TapOutcome.NOT_ALLOWED]
    assert (order.status, order.driver_id) == (Status.OUT_FOR_DELIVERY, quick.account_id)
    assert session.scalar(select(func.count()).select_from(Payment)) == 0


def test_an_order_that_was_ended_meanwhile_is_not_delivered(session, pizzeria):
    order, driver = on_the_road(session, pizzeria)
    manager = author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant))
    ending = Undelivered(order.status, UndeliveredReason.SPOILED)
    end_undelivered(session, order.id, ending, manager, NOON + FIVE)
    came = record_tap(session, order.id, tap(TapKind.DELIVER, means=Means.CASH), driver, LATER)
    assert came.outcome is TapOutcome.MOVED_ON
    assert (came.status, came.status_since) == (Status.NOT_DELIVERED, NOON + FIVE)
    assert order.status is Status.NOT_DELIVERED


def test_too_little_cash_is_told_and_the_order_stays_on_the_road(session, pizzeria):
    order, driver = on_the_road(session, pizzeria)
    pressed = tap(TapKind.DELIVER, means=Means.CASH, tendered_cents=order.total_cents - 150)
    came = record_tap(session, order.id, pressed, driver, LATER)
    assert (came.outcome, came.missing_cents) == (TapOutcome.TOO_LITTLE, 150)
    assert order.status is Status.OUT_FOR_DELIVERY
    again = tap(TapKind.DELIVER, means=Means.CASH)
    assert record_tap(session, order.id, again, driver, LATER).outcome is TapOutcome.DONE


def test_no_change_is_given_for_meal_vouchers_and_the_order_stays_on_the_road(session, pizzeria):
    order, driver = on_the_road(session, pizzeria)
    more = {"means": Means.MEAL_VOUCHER, "tendered_cents": order.total_cents + 500}
    came = record_tap(session, order.id, tap(TapKind.DELIVER, **more), driver, LATER)
    assert came.outcome is TapOutcome.OTHER_SUM
    assert order.status is Status.OUT_FOR_DELIVERY


def test_who_collected_another_sum_than_is_due_by_now_is_told(session, pizzeria):
    order, driver = on_the_road(session, pizzeria)
    nothing = tap(TapKind.DELIVER, shown_due_cents=0)
    came = record_tap(session, order.id, nothing, driver, LATER)
    assert came.outcome is TapOutcome.OTHER_SUM
    assert order.status is Status.OUT_FOR_DELIVERY
    assert session.scalar(select(func.count()).select_from(Payment)) == 0
    whole = tap(TapKind.DELIVER, means=Means.CASH, shown_due_cents=order.total_cents)
    assert record_tap(session, order.id, whole, driver, LATER).outcome is TapOutcome.DONE


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        (FIVE, LATER - FIVE),
        (timedelta(0), LATER),
        (timedelta(hours=-3), LATER),  # its clock was put back
        (timedelta(days=4000), NOON),  # or forth: not before it was on the road
    ],
)
def test_a_clock_that_cannot_be_right_is_brought_into_bounds(session, pizzeria, waited, expected):
    order, driver = on_the_road(session, pizzeria, now=NOON)
    pressed = tap(TapKind.DELIVER, waited, means=Means.CASH)
    assert record_tap(session, order.id, pressed, driver, LATER).tapped_at == expected
    session.flush()
    assert events_of(session, order)[-1] == (Status.DELIVERED, expected, LATER)


def test_bounds_hold_whatever_the_clocks_say():
    assert plausible(NOON - FIVE, NOON, LATER) == NOON
    assert plausible(LATER + FIVE, NOON, LATER) == LATER
    # The database's clock went back since.
    assert plausible(NOON, LATER, NOON) == NOON


def test_presses_are_forgotten_when_no_telephone_asks_any_more(session, pizzeria):
    order, driver = on_the_road(session, pizzeria)
    record_tap(session, order.id, tap(TapKind.NOBODY), driver, LATER)
    session.flush()
    assert forget_old_taps(session, LATER + KEPT) == 0
    assert forget_old_taps(session, LATER + KEPT + FIVE) == 1
    assert session.scalar(select(func.count()).select_from(DeliveryTap)) == 0
