"""B32 at the till: paid in advance, once; what changes afterwards is made up for (UC1.3, UC1.4)."""

import secrets

import pytest
from sqlalchemy import select

from factories import NOON, advance_to, author_of, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.domain.tender import OtherDue, TooLittle, TooMuch
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import (
    Means,
    Payment,
    PaymentState,
    PaymentStatus,
    Refund,
    RefundReason,
    kept_cents,
    received_cents,
)
from ocpizza.models.vat import Mode
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.order.queries import load_order
from ocpizza.services.payment.give_back import GivenBack, OtherExcess
from ocpizza.services.payment.queries import payments_of
from ocpizza.services.payment.refund import RefundRequest, refund_payment
from ocpizza.services.settlement.apply_state import Outcome, apply_payment_state
from ocpizza.services.settlement.cancel_paid import cancel_and_give_back, give_back_now
from ocpizza.services.settlement.receive_payment import (
    NotPayable,
    Receiving,
    may_be_paid,
    receive_payment,
)

CASH, CARD, VOUCHER = Means.CASH, Means.CARD_TERMINAL, Means.MEAL_VOUCHER
GUEST = Author(None, Role.CUSTOMER)


def new_key() -> str:
    return secrets.token_urlsafe(32)


@pytest.fixture
def cashier(session, pizzeria):
    return author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))


@pytest.fixture
def order(session, pizzeria):
    return order_of(session, pizzeria, mode=Mode.TAKEAWAY)


def receive(session, order, cashier, given, *, due=950, key=None, partly=False):
    said = Receiving(key or new_key(), due, given, partly)
    return receive_payment(session, order.id, said, cashier, NOON)


def change(session, order, quantity):
    """It holds so many Margheritas from now on."""
    basket = start_change(session, order.id, NOON)
    basket.lines[0].quantity = quantity
    session.flush()
    total = review_basket(session, basket, NOON).quote.total_cents
    change_order(session, basket.token, Change(basket.checkout_key, total), GUEST, NOON)


def seen(session, order):
    """The order as a page reads it."""
    session.flush()
    session.expire_all()
    whole = load_order(session, order.id)
    payments = payments_of(session, order.id)
    assert whole.received_cents == received_cents(payments)
    assert whole.kept_cents == kept_cents(payments)
    return whole


def owed(session, order) -> tuple[int, int]:
    whole = seen(session, order)
    return whole.due_cents, whole.excess_cents


def to_counter(session, order):
    return advance_to(session, seen(session, order), Status.READY)


def sums(session):
    return [
        (each.means, each.captured_cents, each.tendered_cents)
        for each in session.scalars(select(Payment).order_by(Payment.id))
    ]


def test_several_means_are_as_many_payments_each_with_its_receipt(session, order, cashier, add_up):
    paid = receive(session, order, cashier, {VOUCHER: 600, CASH: 500})
    assert sums(session) == [(VOUCHER, 600, 600), (CASH, 350, 500)]
    assert [each.receipt.number for each in paid] == [1, 2]
    assert seen(session, order).payment_status is PaymentStatus.PAID
    assert owed(session, order) == (0, 0)
    add_up(session)


def test_the_same_form_sent_again_is_the_same_payment(session, order, cashier, add_up):
    key = new_key()
    first = receive(session, order, cashier, {CASH: 1000}, key=key)
    again = receive(session, order, cashier, {CASH: 1000}, key=key)
    assert [each.id for each in first] == [each.id for each in again]
    assert len(sums(session)) == 1
    add_up(session)


def test_another_form_finds_it_paid(session, order, cashier):
    receive(session, order, cashier, {CASH: 1000})
    with pytest.raises(OtherDue) as other:
        receive(session, order, cashier, {CARD: 950})
    assert other.value.due_cents == 0
    assert len(sums(session)) == 1


def test_a_part_is_paid_now_and_the_rest_when_it_is_handed_over(session, pizzeria, cashier, add_up):
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY, status=Status.READY)
    receive(session, order, cashier, {CARD: 400}, partly=True)
    assert owed(session, order) == (550, 0)
    _, rest = hand_over(session, order.id, HandOver(Status.READY, CASH, 1000), cashier, NOON)
    assert rest.captured_cents == 550
    assert owed(session, order) == (0, 0)
    add_up(session)


@pytest.mark.parametrize(
    ("given", "refused"),
    [({CASH: 900}, TooLittle), ({VOUCHER: 1100}, TooMuch), ({CARD: 950, CASH: 100}, TooMuch)],
)
def test_too_little_or_too_much_records_nothing(session, order, cashier, given, refused):
    with pytest.raises(refused):
        receive(session, order, cashier, given)
    assert sums(session) == []


@pytest.mark.parametrize("status", [Status.OUT_FOR_DELIVERY, Status.DELIVERED])
def test_on_the_road_the_driver_collects(session, pizzeria, cashier, status):
    order = order_of(session, pizzeria, status=status)
    with pytest.raises(NotPayable):
        receive(session, order, cashier, {CASH: 1200}, due=1200)


def test_what_stripe_refused_once_it_was_handed_over_is_paid_at_the_till(
    session, pizzeria, cashier, add_up
):
    waiting = Status.AWAITING_PAYMENT
    order = order_of(session, pizzeria, means=Means.ONLINE_CARD, status=waiting)
    (online,) = payments_of(session, order.id)
    apply_payment_state(session, order, online, Outcome(PaymentState.AUTHORISED), NOON)
    advance_to(session, order, Status.DELIVERED)
    apply_payment_state(session, order, online, Outcome(PaymentState.FAILED), NOON)
    assert owed(session, order) == (1200, 0)
    assert may_be_paid(seen(session, order))
    receive(session, order, cashier, {CASH: 1200}, due=1200)
    assert owed(session, order) == (0, 0)
    assert not may_be_paid(seen(session, order))
    with pytest.raises(NotPayable):
        receive(session, order, cashier, {CASH: 1200}, due=1200)
    add_up(session)


def test_an_order_that_must_be_confirmed_first_is_not_paid(session, order, cashier):
    order.confirm_by = NOON
    session.flush()
    with pytest.raises(NotPayable):
        receive(session, order, cashier, {CASH: 950})


def test_what_is_paid_online_is_not_paid_at_the_till(session, pizzeria, cashier):
    waiting = Status.AWAITING_PAYMENT
    order = order_of(session, pizzeria, means=Means.ONLINE_CARD, status=waiting)
    with pytest.raises(NotPayable):
        receive(session, order, cashier, {CASH: 1200}, due=1200)


def test_no_change_is_given_on_a_titre_restaurant_at_the_door(session, pizzeria):
    order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY)
    driver = Author(order.driver_id, Role.DRIVER)
    handed = HandOver(Status.OUT_FOR_DELIVERY, VOUCHER, 1300)
    with pytest.raises(TooMuch):
        hand_over(session, order.id, handed, driver, NOON)
    assert seen(session, order).status is Status.OUT_FOR_DELIVERY


def test_a_dearer_change_is_due_when_it_is_handed_over(session, order, cashier, add_up):
    receive(session, order, cashier, {CASH: 950})
    change(session, order, 2)
    assert owed(session, order) == (950, 0)
    ready = to_counter(session, order)
    _, rest = hand_over(session, ready.id, HandOver(Status.READY, CARD), cashier, NOON)
    assert (rest.means, rest.captured_cents) == (CARD, 950)
    add_up(session)


def test_a_cheaper_change_is_given_back_with_the_hand_over_and_never_silently(
    session, pizzeria, cashier, add_up
):
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)], mode=Mode.TAKEAWAY)
    receive(session, order, cashier, {CARD: 1000, CASH: 900}, due=1900)
    change(session, order, 1)
    assert owed(session, order) == (0, 950)
    ready = to_counter(session, order)
    for said in (0, 949, 951):
        handed = HandOver(Status.READY, given_back_cents=said)
        with pytest.raises(OtherExcess):
            hand_over(session, ready.id, handed, cashier, NOON)
    assert seen(session, order).status is Status.READY
    hand_over(session, ready.id, HandOver(Status.READY, given_back_cents=950), cashier, NOON)
    refunds = session.scalars(select(Refund).order_by(Refund.id)).all()
    # By the means that it came by: the cash first.
    assert [(each.amount_cents, each.reason) for each in refunds] == [
        (900, RefundReason.OF_CHANGED_ORDER),
        (50, RefundReason.OF_CHANGED_ORDER),
    ]
    assert {each.author_id for each in refunds} == {cashier.account_id}
    assert owed(session, order) == (0, 0)
    add_up(session)


def test_a_gesture_before_leaves_what_is_due_as_it_is(session, order, cashier, add_up):
    (payment,) = receive(session, order, cashier, {CASH: 950})
    refund_payment(session, payment.id, RefundRequest(200, cashier, note="attente"), NOON)
    assert owed(session, order) == (0, 0)
    change(session, order, 2)
    assert owed(session, order) == (950, 0)
    add_up(session)


def test_a_gesture_of_the_whole_and_a_cheaper_order_leave_nothing_to_give_back(
    session, pizzeria, cashier, add_up
):
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)], mode=Mode.TAKEAWAY)
    (payment,) = receive(session, order, cashier, {CASH: 1900}, due=1900)
    refund_payment(session, payment.id, RefundRequest(1900, cashier, note="attente"), NOON)
    change(session, order, 1)
    assert owed(session, order) == (0, 0)
    ready = to_counter(session, order)
    hand_over(session, ready.id, HandOver(Status.READY), cashier, NOON)
    add_up(session)


def test_what_a_manager_gives_back_of_a_cheaper_order_is_not_given_back_again(
    session, pizzeria, cashier, add_up
):
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)], mode=Mode.TAKEAWAY)
    (payment,) = receive(session, order, cashier, {CASH: 1900}, due=1900)
    change(session, order, 1)
    refund_payment(session, payment.id, RefundRequest(950, cashier, note="moins cher"), NOON)
    assert owed(session, order) == (0, 0)
    add_up(session)


def test_cancelled_at_the_counter_it_is_given_back_at_once(session, order, cashier, add_up):
    receive(session, order, cashier, {CASH: 1000})
    with pytest.raises(OtherExcess):
        cancel_and_give_back(session, order.id, cashier, NOON, said=GivenBack(900))
    assert seen(session, order).status is Status.TO_PREPARE
    (refund,) = cancel_and_give_back(session, order.id, cashier, NOON, said=GivenBack(950))
    assert (refund.amount_cents, refund.reason) == (950, RefundReason.OF_CANCELLED_ORDER)
    whole = seen(session, order)
    assert (whole.status, whole.payment_status) == (Status.CANCELLED, PaymentStatus.REFUNDED)
    assert owed(session, order) == (0, 0)
    add_up(session)


def test_cancelled_on_the_web_it_waits_at_the_counter(session, order, cashier, add_up):
    receive(session, order, cashier, {CASH: 950})
    cancel_order(session, order.id, GUEST, NOON)
    assert owed(session, order) == (0, 950)
    add_up(session)
    key = new_key()
    for _ in range(2):
        (refund,) = give_back_now(session, order.id, GivenBack(950, key), cashier, NOON)
        assert refund.amount_cents == 950
    with pytest.raises(OtherExcess):
        give_back_now(session, order.id, GivenBack(950, new_key()), cashier, NOON)
    assert owed(session, order) == (0, 0)
    add_up(session)
