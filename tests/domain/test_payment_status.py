"""The payment status of an order follows from its payments and refunds."""

import pytest

from ocpizza.models.payment import (
    Payment,
    PaymentState,
    PaymentStatus,
    Refund,
    RefundState,
    payment_status,
)

CREATED, AUTHORISED, CAPTURED = (
    PaymentState.CREATED,
    PaymentState.AUTHORISED,
    PaymentState.CAPTURED,
)
RELEASED, FAILED = PaymentState.RELEASED, PaymentState.FAILED
DONE, REQUESTED, REFUSED = RefundState.DONE, RefundState.REQUESTED, RefundState.FAILED


def payment(state: PaymentState, *refunds: tuple[int, RefundState]) -> Payment:
    given = [Refund(amount_cents=cents, state=how) for cents, how in refunds]
    captured = 1000 if state is CAPTURED else 0
    return Payment(state=state, amount_cents=1000, captured_cents=captured, refunds=given)


@pytest.mark.parametrize(
    ("payments", "status"),
    [
        ([], PaymentStatus.UNPAID),
        ([payment(CREATED)], PaymentStatus.UNPAID),
        ([payment(AUTHORISED)], PaymentStatus.AUTHORISED),
        ([payment(CAPTURED)], PaymentStatus.PAID),
        ([payment(RELEASED)], PaymentStatus.RELEASED),
        ([payment(FAILED)], PaymentStatus.FAILED),
        ([payment(FAILED), payment(CREATED)], PaymentStatus.UNPAID),
        ([payment(FAILED), payment(AUTHORISED)], PaymentStatus.AUTHORISED),
        ([payment(RELEASED), payment(AUTHORISED)], PaymentStatus.AUTHORISED),
        ([payment(FAILED), payment(CAPTURED)], PaymentStatus.PAID),
        ([payment(AUTHORISED), payment(CAPTURED)], PaymentStatus.PAID),
        ([payment(CAPTURED, (400, DONE))], PaymentStatus.PARTLY_REFUNDED),
        ([payment(CAPTURED, (400, DONE), (600, DONE))], PaymentStatus.REFUNDED),
        ([payment(CAPTURED, (1000, REQUESTED))], PaymentStatus.PAID),
        ([payment(CAPTURED, (1000, REFUSED))], PaymentStatus.PAID),
        ([payment(CAPTURED, (1000, DONE)), payment(CAPTURED)], PaymentStatus.PARTLY_REFUNDED),
        ([payment(CAPTURED, (1000, DONE)), payment(FAILED)], PaymentStatus.REFUNDED),
    ],
)
def test_payment_status_follows_from_payments(payments, status):
    assert payment_status(payments) is status
    assert payment_status(payments[::-1]) is status
