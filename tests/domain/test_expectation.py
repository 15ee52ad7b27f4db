"""What is expected follows an order's life, and never announces a time that is past."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from ocpizza.domain.expectation import Expectation, Pace, expectation, steady_until
from ocpizza.models.order_status import ENDED, Status
from ocpizza.models.vat import Mode

PLACED = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
PACE = Pace(15, 20)
PROMISED = PLACED + timedelta(minutes=35)
DELIVERY, TAKEAWAY = Mode.DELIVERY, Mode.TAKEAWAY


def at(minutes: float) -> datetime:
    return PLACED + timedelta(minutes=minutes)


def expect(status, mode, now, reached=None) -> Expectation | None:
    promised = PROMISED if mode is DELIVERY else at(15)
    return expectation(status, mode, promised, reached or {}, PACE, at(now))


@pytest.mark.parametrize(
    ("status", "mode", "now", "expected", "later"),
    [
        (Status.TO_PREPARE, DELIVERY, 1, 35, False),
        (Status.TO_PREPARE, DELIVERY, 10, 35, False),  # a little behind: nobody is told
        (Status.TO_PREPARE, DELIVERY, 20, 50, True),
        (Status.ACCEPTED, DELIVERY, 20, 50, True),
        (Status.PREPARING, DELIVERY, 20, 35, False),
        (Status.PREPARING, DELIVERY, 21, 45, True),
        (Status.PREPARING, DELIVERY, 30, 50, True),
        (Status.READY, DELIVERY, 30, 50, True),
        (Status.PREPARING, DELIVERY, 90, 110, True),
        (Status.TO_PREPARE, TAKEAWAY, 1, 15, False),
        (Status.PREPARING, TAKEAWAY, 14, 15, False),
        (Status.PREPARING, TAKEAWAY, 15, 20, True),
        (Status.PREPARING, TAKEAWAY, 16, 25, True),
    ],
)
def test_the_time_follows_what_is_left_to_do(status, mode, now, expected, later):
    assert expect(status, mode, now) == Expectation(at(expected), later)


def test_the_driver_who_leaves_early_comes_early():
    left = {Status.OUT_FOR_DELIVERY: at(10)}
    assert expect(Status.OUT_FOR_DELIVERY, DELIVERY, 11, left) == Expectation(at(30))
    assert expect(Status.OUT_FOR_DELIVERY, DELIVERY, 31, left) == Expectation(at(40), later=True)


def test_a_driver_who_leaves_late_is_not_said_to_be_there_sooner_than_before():
    assert expect(Status.READY, DELIVERY, 30) == Expectation(at(50), later=True)
    left = {Status.OUT_FOR_DELIVERY: at(30)}
    for now, expected in ((30, 50), (34, 50), (45, 50), (46, 55)):
        assert expect(Status.OUT_FOR_DELIVERY, DELIVERY, now, left) == Expectation(
            at(expected), later=True
        )


def test_only_the_driver_who_leaves_brings_the_time_forward():
    begun = {Status.TO_PREPARE: at(0), Status.PREPARING: at(2)}
    assert expect(Status.PREPARING, DELIVERY, 3, begun) == Expectation(PROMISED)
    assert expect(Status.OUT_FOR_DELIVERY, DELIVERY, 3, begun) == Expectation(PROMISED)


@pytest.mark.parametrize("mode", [DELIVERY, TAKEAWAY])
@pytest.mark.parametrize("status", sorted(ENDED))
def test_what_has_ended_says_when(status, mode):
    assert expect(status, mode, 99, {status: at(31)}) == Expectation(at(31), over=True)


def test_nothing_is_announced_of_what_waits_for_its_payment_or_its_customer():
    assert expect(Status.AWAITING_PAYMENT, DELIVERY, 1) is None
    assert expect(Status.READY, TAKEAWAY, 1) is None


def test_no_time_is_announced_that_is_past():
    """Every minute of two hours, at every status."""
    for status, mode, now in product(Status, (DELIVERY, TAKEAWAY), range(-5, 120)):
        reached = {Status.OUT_FOR_DELIVERY: at(min(now, 20))}
        found = expect(status, mode, now, reached)
        if found and not found.over:
            assert found.at > at(now)
            assert found.at <= max(PROMISED, at(now + 45))


@pytest.mark.parametrize(("status", "mode"), [*product(Status, (DELIVERY, TAKEAWAY))])
def test_what_is_called_steady_stays_the_same_until_then(status, mode):
    promised = PROMISED if mode is DELIVERY else at(15)
    until = steady_until(status, mode, promised, PACE)
    reached = {status: at(2)}
    said = {
        expect(status, mode, minute, reached) for minute in range(-5, 120) if at(minute) < until
    }
    assert len(said) <= 1


def test_nothing_is_asked_of_an_order_that_is_in_time():
    for status in (Status.TO_PREPARE, Status.ACCEPTED):
        assert steady_until(status, DELIVERY, PROMISED, PACE) == at(12.5)
    for status in (Status.PREPARING, Status.READY):
        assert steady_until(status, DELIVERY, PROMISED, PACE) == at(20)
