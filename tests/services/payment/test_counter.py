"""B32: money received, once, with receipt numbers without a gap in each legal entity."""

import pytest
from sqlalchemy import select

from factories import (
    NOON,
    make_branch,
    make_legal_entity,
    make_staff,
    order_of,
)
from ocpizza.domain.author import Author
from ocpizza.domain.tender import OtherDue
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, PaymentState, PaymentStatus, Receipt
from ocpizza.models.vat import Mode
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.payment.counter import Tender, TooLittle, record_payment


@pytest.fixture
def cashier(session, pizzeria):
    return make_staff(session, Role.CASHIER, pizzeria.restaurant)


def receipts_of(session, entity) -> list[int]:
    query = select(Receipt.number).where(Receipt.legal_entity_id == entity.id)
    return list(session.scalars(query.order_by(Receipt.id)))


@pytest.mark.parametrize(
    "means", [Means.CASH, Means.CARD_TERMINAL, Means.MEAL_VOUCHER, Means.OTHER]
)
def test_the_whole_of_what_is_due_is_received(session, pizzeria, cashier, means, add_up):
    order = order_of(session, pizzeria)
    payment = record_payment(session, order, Tender(means), cashier.id, NOON)
    session.flush()
    assert (payment.amount_cents, payment.captured_cents) == (1200, 1200)
    assert (payment.means, payment.state) == (means, PaymentState.CAPTURED)
    assert (payment.recorded_by_id, payment.settled_at) == (cashier.id, NOON)
    assert order.payment_status is PaymentStatus.PAID
    add_up(session)


def test_an_order_that_is_paid_is_not_paid_again(session, pizzeria, cashier, add_up):
    order = order_of(session, pizzeria)
    record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
    session.flush()
    assert record_payment(session, order, Tender(Means.CASH), cashier.id, NOON) is None
    assert receipts_of(session, pizzeria.restaurant.legal_entity) == [1]
    add_up(session)


def test_a_single_cent_that_is_due_is_received(session, pizzeria, cashier, add_up):
    pizzeria.size("margherita").price_cents = 1
    session.flush()
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY)
    payment = record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
    assert payment.captured_cents == 1
    add_up(session)


@pytest.mark.parametrize(("said", "kept"), [(None, Means.CASH), (Means.OTHER, Means.OTHER)])
def test_how_it_was_paid_and_with_how_much_is_kept(session, pizzeria, said, kept):
    order = order_of(session, pizzeria, means=Means.CASH, status=Status.OUT_FOR_DELIVERY)
    driver = Author(order.driver_id, Role.DRIVER)
    handed = HandOver(Status.OUT_FOR_DELIVERY, said, 2000)
    _, payment = hand_over(session, order.id, handed, driver, NOON)
    assert (payment.means, payment.captured_cents, payment.tendered_cents) == (kept, 1200, 2000)


@pytest.mark.parametrize("shown", [0, 700])
def test_whoever_asked_for_another_sum_hands_nothing_over(session, pizzeria, shown, add_up):
    """Its capture was refused, or the till received a part, since their page was drawn."""
    order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY)
    driver = Author(order.driver_id, Role.DRIVER)
    stale = HandOver(Status.OUT_FOR_DELIVERY, shown_due_cents=shown)
    with pytest.raises(OtherDue) as other:
        hand_over(session, order.id, stale, driver, NOON)
    assert (other.value.due_cents, order.status) == (1200, Status.OUT_FOR_DELIVERY)
    assert session.scalars(select(Payment)).all() == []
    fresh = HandOver(Status.OUT_FOR_DELIVERY, shown_due_cents=1200)
    assert hand_over(session, order.id, fresh, driver, NOON)[1].captured_cents == 1200
    add_up(session)


def test_who_collects_what_was_paid_meanwhile_is_told(session, pizzeria, cashier):
    order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY)
    record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
    stale = HandOver(Status.OUT_FOR_DELIVERY, Means.CASH, 1200, shown_due_cents=1200)
    with pytest.raises(OtherDue) as other:
        hand_over(session, order.id, stale, Author(order.driver_id, Role.DRIVER), NOON)
    assert (other.value.due_cents, order.status) == (0, Status.OUT_FOR_DELIVERY)


def test_an_order_that_costs_nothing_has_no_payment(session, pizzeria, cashier, add_up):
    pizzeria.size("margherita").price_cents = 0
    session.flush()
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY)
    assert record_payment(session, order, Tender(Means.CASH), cashier.id, NOON) is None
    assert session.scalars(select(Payment)).all() == []
    add_up(session)


def test_only_what_is_still_due_is_received(session, pizzeria, cashier, add_up):
    order = order_of(session, pizzeria)
    entity = pizzeria.restaurant.legal_entity
    entity.last_receipt_number = 1
    paid = {"amount_cents": 500, "captured_cents": 500, "state": PaymentState.CAPTURED}
    receipt = Receipt(legal_entity_id=entity.id, number=1, issued_at=NOON)
    first = Payment(
        order_id=order.id,
        means=Means.OTHER,
        receipt=receipt,
        recorded_by_id=cashier.id,
        created_at=NOON,
        **paid,
    )
    session.add(first)
    session.flush()
    rest = record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
    session.flush()
    assert (rest.captured_cents, rest.receipt.number) == (700, 2)
    add_up(session)


def test_receipts_are_numbered_by_legal_entity(session, pizzeria, cashier, add_up):
    ours = pizzeria.restaurant.legal_entity
    sister = make_branch(session, pizzeria, code="city_002", legal_entity=ours)
    theirs = make_legal_entity(session, code="franchise")
    franchise = make_branch(session, pizzeria, code="city_003", legal_entity=theirs)
    for place in (pizzeria, franchise, sister, franchise, pizzeria):
        record_payment(session, order_of(session, place), Tender(Means.CASH), cashier.id, NOON)
        session.flush()
    assert receipts_of(session, ours) == [1, 2, 3]
    assert receipts_of(session, theirs) == [1, 2]
    add_up(session)


def test_no_receipt_number_is_given_at_the_order(session, pizzeria):
    order_of(session, pizzeria)
    assert pizzeria.restaurant.legal_entity.last_receipt_number == 0


def test_what_is_too_little_is_not_received_and_not_delivered(session, pizzeria, add_up):
    order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY)
    driver = Author(order.driver_id, Role.DRIVER)

    def hand(cents):
        seen = HandOver(Status.OUT_FOR_DELIVERY, Means.CASH, cents)
        return hand_over(session, order.id, seen, driver, NOON)

    with pytest.raises(TooLittle) as lacking:
        hand(1199)
    assert (lacking.value.tendered_cents, lacking.value.due_cents) == (1199, 1200)
    assert (order.status, order.payment_status) == (Status.OUT_FOR_DELIVERY, PaymentStatus.UNPAID)
    add_up(session)
    delivered, payment = hand(1200)
    assert (delivered.status, payment.captured_cents) == (Status.DELIVERED, 1200)
    add_up(session)
