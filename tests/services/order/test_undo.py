"""UC4.1: a wrong tap is taken back within ten seconds, with all that was to follow from it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, author_of, make_staff, order_of
from ocpizza.models.account import Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import TRANSITIONS, UNDO, UNDOABLE, Order, PaymentChoice
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, PaymentGoal, PaymentState
from ocpizza.models.vat import Mode
from ocpizza.services.order.advance import NotAllowed, StaleStatus, Step, advance_order
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.order.not_delivered import note_nobody
from ocpizza.services.order.undo import (
    TooLateToUndo,
    list_undoable,
    undo_step,
    undoable_step,
)
from ocpizza.services.outbox.send import NotSent, send_next
from ocpizza.services.settlement.apply_state import Outcome, apply_payment_state
from ocpizza.services.settlement.claim import claim_payment, find_due, make_due

SECOND = timedelta(seconds=1)
TAPPED = NOON + timedelta(minutes=1)
COOKS = sorted(UNDOABLE - {(Status.READY, Status.OUT_FOR_DELIVERY)})


@pytest.fixture
def cook(session, pizzeria):
    return author_of(make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant))


@pytest.fixture
def colleague(session, pizzeria):
    return author_of(make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant))


@pytest.fixture
def driver(session, pizzeria):
    return author_of(make_staff(session, Role.DRIVER, pizzeria.restaurant))


def tap(session, order, author, after, at=TAPPED) -> int:
    """The event of the step from where an order stands."""
    advance_order(session, order.id, Step(order.status, after), author, at)
    session.flush()
    return last_event(session, order).id


def last_event(session, order) -> OrderEvent:
    mine = select(OrderEvent).where(OrderEvent.order_id == order.id)
    return session.scalars(mine.order_by(OrderEvent.id.desc())).first()


def undo(session, order, event, author, at=TAPPED + UNDO) -> Order:
    try:
        return undo_step(session, order.id, event, author, at)
    finally:
        session.flush()


def mails(session, order) -> list[MailKind]:
    mine = OutgoingMail.order_id == order.id
    return list(session.scalars(select(OutgoingMail.kind).where(mine).order_by(OutgoingMail.id)))


def paid_online(session, pizzeria):
    """An order whose payment is authorised."""
    order = order_of(session, pizzeria, means=Means.ONLINE_CARD, status=Status.AWAITING_PAYMENT)
    payment = session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
    payment.stripe_intent_id = f"pi_{payment.id}"
    apply_payment_state(session, order, payment, Outcome(PaymentState.AUTHORISED), NOON)
    session.flush()
    return order, payment


@pytest.mark.parametrize(("before", "after"), COOKS)
def test_a_wrong_tap_of_the_kitchen_is_taken_back(session, pizzeria, cook, add_up, before, after):
    order = order_of(session, pizzeria, status=before, email="julia@example.org")
    sent, version = mails(session, order), order.version
    event = tap(session, order, cook, after)
    assert undo(session, order, event, cook) is order
    assert order.status is before
    assert order.version == version + 2
    assert mails(session, order) == sent
    told = last_event(session, order)
    assert (told.kind, told.status, told.undoes_id) == (EventKind.UNDONE, None, event)
    assert (told.author_id, told.author_role, told.at) == (
        cook.account_id,
        Role.PIZZAIOLO,
        TAPPED + UNDO,
    )
    add_up(session)


@pytest.mark.parametrize(("before", "after"), COOKS)
def test_what_was_undone_is_done_again_as_often_as_one_likes(
    session, pizzeria, cook, add_up, before, after
):
    order = order_of(session, pizzeria, status=before, email="julia@example.org")
    for _ in range(3):
        undo(session, order, tap(session, order, cook, after), cook)
    later = TAPPED + timedelta(minutes=1)
    tap(session, order, cook, after, later)
    assert order.status is after
    session.expire(order, ["events"])
    assert order.reached[after] == later
    assert len(mails(session, order)) == len(set(mails(session, order)))
    add_up(session)


def test_the_history_forgets_nothing_and_the_way_has_what_stands(session, pizzeria, cook):
    order = order_of(session, pizzeria)
    undo(session, order, tap(session, order, cook, Status.ACCEPTED), cook)
    session.expire(order, ["events"])
    assert [event.kind for event in order.events] == ["status", "status", "undone"]
    assert list(order.reached) == [Status.TO_PREPARE]
    assert order.pizzaiolo_id is None


def test_a_colleague_of_the_same_kitchen_may_undo_and_nobody_else(
    session, pizzeria, cook, colleague, driver
):
    order = order_of(session, pizzeria)
    event = tap(session, order, cook, Status.ACCEPTED)
    cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
    for other in (driver, cashier):
        with pytest.raises(NotAllowed):
            undo(session, order, event, other)
    assert order.status is Status.ACCEPTED
    undo(session, order, event, colleague)
    assert order.status is Status.TO_PREPARE


def test_a_driver_takes_back_their_own_departure_and_no_colleague_s(session, pizzeria, driver):
    order = order_of(session, pizzeria, status=Status.READY)
    event = tap(session, order, driver, Status.OUT_FOR_DELIVERY)
    other = author_of(make_staff(session, Role.DRIVER, pizzeria.restaurant))
    with pytest.raises(NotAllowed):
        undo(session, order, event, other)
    undo(session, order, event, driver)
    assert (order.status, order.driver_id) == (Status.READY, None)


def test_a_departure_stays_once_its_driver_was_at_the_door(session, pizzeria, driver, add_up):
    order = order_of(session, pizzeria, status=Status.READY)
    event = tap(session, order, driver, Status.OUT_FOR_DELIVERY)
    assert note_nobody(session, order.id, driver, TAPPED)
    with pytest.raises(NotAllowed):
        undo(session, order, event, driver)
    assert order.status is Status.OUT_FOR_DELIVERY
    add_up(session)


def test_after_ten_seconds_it_stays(session, pizzeria, cook, add_up):
    order = order_of(session, pizzeria)
    event = tap(session, order, cook, Status.ACCEPTED)
    with pytest.raises(TooLateToUndo):
        undo(session, order, event, cook, TAPPED + UNDO + SECOND)
    assert order.status is Status.ACCEPTED
    add_up(session)


def test_only_the_last_change_is_taken_back_and_once(session, pizzeria, cook, add_up):
    order = order_of(session, pizzeria)
    first = tap(session, order, cook, Status.ACCEPTED)
    second = tap(session, order, cook, Status.PREPARING)
    for event in (first, 0):
        with pytest.raises(StaleStatus):
            undo(session, order, event, cook)
    undo(session, order, second, cook)
    for event in (first, second, last_event(session, order).id):
        with pytest.raises(StaleStatus) as lost:
            undo(session, order, event, cook)
    assert (lost.value.status, lost.value.at) == (Status.ACCEPTED, TAPPED + UNDO)
    add_up(session)


def test_another_s_event_undoes_nothing(session, pizzeria, cook):
    order, other = order_of(session, pizzeria), order_of(session, pizzeria)
    tap(session, order, cook, Status.ACCEPTED)
    event = tap(session, other, cook, Status.ACCEPTED)
    with pytest.raises(StaleStatus):
        undo(session, order, event, cook)
    assert order.status is Status.ACCEPTED


@pytest.mark.parametrize("mode", Mode)
def test_no_other_step_is_undone_by_anybody(session, pizzeria, mode):
    for (before, after), how in TRANSITIONS.items():
        apart = (Status.CANCELLED, Status.NOT_DELIVERED)
        known = (before, after) in UNDOABLE or before is Status.AWAITING_PAYMENT
        if known or after in apart or mode not in how:
            continue
        order = order_of(session, pizzeria, mode=mode, status=before)
        manager = author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant))
        event = tap(session, order, manager, after)
        with pytest.raises(NotAllowed):
            undo(session, order, event, manager)
        assert order.status is after


def test_an_order_that_was_only_placed_has_nothing_to_undo(session, pizzeria, cook):
    order = order_of(session, pizzeria, now=TAPPED)
    with pytest.raises(NotAllowed):
        undo(session, order, last_event(session, order).id, cook)


def test_a_mail_waits_for_the_ten_seconds_and_goes_with_the_step(session, pizzeria, cook):
    order = order_of(session, pizzeria, email="julia@example.org")
    event = tap(session, order, cook, Status.ACCEPTED)
    sent = []
    while send_next(session, lambda mail: not sent.append(mail.kind), TAPPED + UNDO - SECOND):
        pass
    assert MailKind.ORDER_ACCEPTED not in sent
    undo(session, order, event, cook)
    assert MailKind.ORDER_ACCEPTED not in mails(session, order)


@pytest.mark.parametrize("refused", [False, True])
def test_once_its_mail_was_handed_over_or_tried_a_step_stays(
    session, pizzeria, cook, add_up, refused
):
    order = order_of(session, pizzeria, email="julia@example.org")
    event = tap(session, order, cook, Status.ACCEPTED)

    def send(mail) -> bool:
        if refused and mail.kind is MailKind.ORDER_ACCEPTED:
            raise NotSent("450 later", final=False)
        return True

    while send_next(session, send, TAPPED + UNDO):
        pass
    with pytest.raises(TooLateToUndo):
        undo(session, order, event, cook)
    assert order.status is Status.ACCEPTED
    add_up(session)


def test_the_capture_waits_for_the_ten_seconds(session, pizzeria, cook, add_up):
    order, payment = paid_online(session, pizzeria)
    tap(session, order, cook, Status.ACCEPTED)
    tap(session, order, cook, Status.PREPARING)
    assert payment.goal is PaymentGoal.CAPTURE
    early = TAPPED + UNDO - SECOND
    make_due(session, payment.id, early)
    assert find_due(session, early) is None
    assert claim_payment(session, payment.id, early) is None
    assert find_due(session, TAPPED + UNDO) == payment.id
    task = claim_payment(session, payment.id, TAPPED + UNDO)
    assert task.goal is PaymentGoal.CAPTURE
    add_up(session)


def test_preparing_undone_withdraws_the_capture_and_the_order_is_changeable_again(
    session, pizzeria, cook, add_up
):
    order, payment = paid_online(session, pizzeria)
    tap(session, order, cook, Status.ACCEPTED)
    event = tap(session, order, cook, Status.PREPARING)
    assert not order.changeable
    undo(session, order, event, cook)
    assert (payment.goal, payment.retry_at) == (PaymentGoal.AUTHORISE, None)
    assert order.changeable
    add_up(session)
    assert find_due(session, TAPPED + timedelta(days=1)) is None
    cancel_order(session, order.id, None, TAPPED + UNDO)
    session.flush()
    assert payment.goal is PaymentGoal.RELEASE
    add_up(session)


def test_preparing_undone_and_begun_again_captures_once(session, pizzeria, cook, add_up):
    order, payment = paid_online(session, pizzeria)
    tap(session, order, cook, Status.ACCEPTED)
    undo(session, order, tap(session, order, cook, Status.PREPARING), cook)
    again = TAPPED + timedelta(minutes=2)
    tap(session, order, cook, Status.PREPARING, again)
    assert (payment.goal, payment.retry_at) == (PaymentGoal.CAPTURE, again + UNDO)
    assert order.payment_choice is PaymentChoice.ONLINE
    add_up(session)


def test_once_the_capture_was_begun_a_step_stays_whatever_the_clock_says(
    session, pizzeria, cook, add_up
):
    order, payment = paid_online(session, pizzeria)
    tap(session, order, cook, Status.ACCEPTED)
    event = tap(session, order, cook, Status.PREPARING)
    claim_payment(session, payment.id, TAPPED + UNDO)
    with pytest.raises(TooLateToUndo):
        undo(session, order, event, cook, TAPPED + SECOND)
    assert (order.status, payment.goal) == (Status.PREPARING, PaymentGoal.CAPTURE)
    add_up(session)


def test_a_later_step_is_undone_and_the_capture_of_the_preparation_stands(
    session, pizzeria, cook, add_up
):
    order, payment = paid_online(session, pizzeria)
    tap(session, order, cook, Status.ACCEPTED)
    tap(session, order, cook, Status.PREPARING)
    ready = tap(session, order, cook, Status.READY, TAPPED + SECOND)
    undo(session, order, ready, cook, TAPPED + 2 * SECOND)
    assert order.status is Status.PREPARING
    assert (payment.goal, payment.retry_at) == (PaymentGoal.CAPTURE, TAPPED + UNDO)
    assert claim_payment(session, payment.id, TAPPED + UNDO).goal is PaymentGoal.CAPTURE
    add_up(session)


def test_a_later_step_is_undone_although_the_order_is_charged(
    session, pizzeria, cook, driver, add_up
):
    order, payment = paid_online(session, pizzeria)
    tap(session, order, cook, Status.ACCEPTED)
    tap(session, order, cook, Status.PREPARING)
    charged = Outcome(PaymentState.CAPTURED, payment.amount_cents)
    apply_payment_state(session, order, payment, charged, TAPPED + UNDO)
    later = TAPPED + timedelta(minutes=9)
    undo(session, order, tap(session, order, cook, Status.READY, later), cook, later + SECOND)
    assert order.status is Status.PREPARING
    tap(session, order, cook, Status.READY, later + UNDO)
    left = tap(session, order, driver, Status.OUT_FOR_DELIVERY, later + UNDO)
    undo(session, order, left, driver, later + UNDO)
    assert order.status is Status.READY
    assert payment.state is PaymentState.CAPTURED
    add_up(session)


def test_a_page_offers_what_may_be_undone_and_no_more(session, pizzeria, cook, colleague, driver):
    tapped, undone, old = (order_of(session, pizzeria) for _ in range(3))
    event = tap(session, tapped, cook, Status.ACCEPTED)
    undo(session, undone, tap(session, undone, cook, Status.ACCEPTED), cook)
    tap(session, old, cook, Status.ACCEPTED, TAPPED - SECOND)
    here, now = pizzeria.restaurant.id, TAPPED + UNDO
    for who in (cook, colleague):
        found = list_undoable(session, here, who, now)
        assert {order_id: each.id for order_id, each in found.items()} == {tapped.id: event}
    assert list_undoable(session, here, driver, now) == {}
    assert list_undoable(session, here + 1, cook, now) == {}
    assert list_undoable(session, here, cook, now + SECOND) == {}
    for order in (tapped, undone, old):
        session.expire(order, ["events"])
    assert undoable_step(tapped, cook, now).id == event
    assert undoable_step(tapped, driver, now) is None
    assert undoable_step(undone, cook, now) is None
    assert undoable_step(old, cook, now) is None
