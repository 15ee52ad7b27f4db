"""Money given back: by a manager's decision, in full or in part, never more than was taken."""

import pytest
from sqlalchemy import select

from factories import author_of, make_staff
from ocpizza.models.account import Role
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PaymentEvent, PaymentStatus, Refund, RefundReason, RefundState
from ocpizza.services.payment.refund import MoreThanLeft, RefundRequest, refund_payment
from payments.till import AT_LAST, SOON


@pytest.fixture
def paid(till) -> int:
    """An order whose 12 € are captured."""
    order_id = till.authorised()
    till.advance(order_id, Status.PREPARING)
    till.work(SOON)
    return order_id


def give_back(till, order_id: int, cents: int) -> None:
    payment_id = till.payments(order_id)[0].id
    with till.session() as session, session.begin():
        manager = author_of(make_staff(session, Role.MANAGER))
        asked = RefundRequest(cents, manager, note="Pizza froide")
        refund_payment(session, payment_id, asked, SOON)


def refunds(till) -> list[tuple[RefundState, int, str]]:
    with till.session() as session:
        found = session.scalars(select(Refund).order_by(Refund.id))
        return [
            (refund.state, refund.amount_cents, refund.note or refund.reason) for refund in found
        ]


def news(till, order_id: int) -> list[str]:
    with till.session() as session:
        query = select(OrderEvent.note).where(
            OrderEvent.order_id == order_id, OrderEvent.kind == EventKind.PAYMENT
        )
        return list(session.scalars(query.order_by(OrderEvent.id)))


def test_in_part_then_the_rest(till, paid, add_up):
    give_back(till, paid, 500)
    till.work(SOON)
    assert till.order(paid).payment_status is PaymentStatus.PARTLY_REFUNDED
    give_back(till, paid, 700)
    till.work(SOON)
    assert till.order(paid).payment_status is PaymentStatus.REFUNDED
    assert till.intent(paid)["refunded"] == 1200
    assert news(till, paid)[-2:] == [PaymentEvent.REFUND_REQUESTED, PaymentEvent.REFUNDED]
    add_up(till.engine)


@pytest.mark.parametrize("cents", [0, -1, 701, 1200])
def test_never_more_than_is_left(till, paid, cents):
    give_back(till, paid, 500)
    with pytest.raises(MoreThanLeft) as refused:
        give_back(till, paid, cents)
    assert refused.value.left_cents == 700


def test_nothing_of_what_was_not_captured(till):
    order_id = till.authorised()
    with pytest.raises(MoreThanLeft):
        give_back(till, order_id, 100)


def test_one_that_the_bank_refuses_can_be_asked_for_again(till, paid, add_up):
    till.stripe.fail("POST /v1/refunds", "refused")
    give_back(till, paid, 1200)
    till.work(SOON)
    assert refunds(till) == [(RefundState.FAILED, 1200, "Pizza froide")]
    assert till.order(paid).payment_status is PaymentStatus.PAID
    give_back(till, paid, 1200)
    till.work(SOON)
    assert till.intent(paid)["refunded"] == 1200
    add_up(till.engine)


def test_what_was_given_back_by_hand_at_stripe_is_written_down_once(till, paid, add_up):
    intent_id = till.payments(paid)[0].stripe_intent_id
    till.stripe.post("/v1/refunds", payment_intent=intent_id, amount=300)
    for _ in range(2):
        till.settle(paid, AT_LAST)
    assert refunds(till) == [(RefundState.DONE, 300, RefundReason.GIVEN_AT_STRIPE)]
    assert till.order(paid).payment_status is PaymentStatus.PARTLY_REFUNDED
    add_up(till.engine)
