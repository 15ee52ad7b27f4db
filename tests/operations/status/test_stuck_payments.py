"""Payments that nobody brings to their end, for want of a worker, of Stripe, or of a cook."""

from datetime import UTC, datetime, timedelta

import pytest

from factories import NOON
from ocpizza.models.order_status import Status
from ocpizza.operations.status.row import Row
from ocpizza.operations.status.stuck_payments import ORDERS, STRIPE, WORKER, payments
from ocpizza.payments.gateway import NullGateway
from ocpizza.payments.settle import settle
from payments.till import gateway, stripe, till

__all__ = ["gateway", "stripe", "till"]
WELL = Row("payments", True, "none is stuck")


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


@pytest.mark.parametrize(("minutes", "well"), [(29, True), (31, False)])
def test_one_that_no_worker_looks_at_is_told(settings, till, minutes, well):
    assert payments(settings) == WELL
    till.place(now=ago(minutes=minutes))
    told = Row("payments", False, f"1 due for more than 30 min: {WORKER}")
    assert payments(settings) == (WELL if well else told)


@pytest.mark.parametrize(("times", "well"), [(11, True), (12, False)])
def test_one_that_stripe_says_nothing_of_is_told(settings, till, times, well):
    order_id = till.place(now=datetime.now(UTC))
    (payment,) = till.payments(order_id)
    for _ in range(times):
        settle(till.engine, NullGateway(), payment.id, datetime.now(UTC))
    told = Row("payments", False, f"1 asked at Stripe in vain for half an hour: {STRIPE}")
    assert payments(settings) == (WELL if well else told)


def test_so_is_a_capture_that_stripe_does_not_answer(settings, till):
    order_id = till.authorised()
    till.advance(order_id, Status.PREPARING)
    (payment,) = till.payments(order_id)
    for _ in range(12):
        settle(till.engine, NullGateway(), payment.id, datetime.now(UTC))
    assert "1 asked at Stripe in vain" in payments(settings).says
    till.settle(order_id, datetime.now(UTC))
    assert payments(settings) == WELL


def test_an_authorisation_that_nobody_cooks_for_is_told_before_it_lapses(settings, till):
    order_id = till.authorised()
    assert till.order(order_id).placed_at == NOON
    told = Row("payments", False, f"1 authorised for more than 5 days: {ORDERS}")
    assert payments(settings) == told
    till.advance(order_id, Status.PREPARING)
    till.settle(order_id, datetime.now(UTC))
    assert payments(settings) == WELL


def test_all_that_is_stuck_is_told_in_one_line(settings, till):
    till.authorised()
    till.place()
    says = payments(settings).says
    assert f"1 due for more than 30 min: {WORKER}; 1 authorised for more than 5 days" in says
