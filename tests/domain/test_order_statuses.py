"""The one table that says how the status of an order may change."""

from collections.abc import Iterator

import pytest

from ocpizza.models.account import Role
from ocpizza.models.order import TRANSITIONS, Order
from ocpizza.models.order_status import ENDED, Status
from ocpizza.models.vat import Mode

COUNTER = [Mode.TAKEAWAY, Mode.EAT_IN]


def ways(mode: Mode, way: tuple[Status, ...] = (Status.TO_PREPARE,)) -> Iterator[tuple]:
    """Every way an order of this mode may go; a status that comes again would never end."""
    assert len(set(way)) == len(way)
    nexts = [after for (before, after), how in TRANSITIONS.items() if before is way[-1]]
    nexts = [after for after in nexts if mode in TRANSITIONS[way[-1], after]]
    if not nexts:
        yield way
    for after in nexts:
        yield from ways(mode, (*way, after))


@pytest.mark.parametrize("mode", Mode)
def test_every_way_ends_and_no_status_comes_twice(mode):
    assert {way[-1] for way in ways(mode)} == ENDED


@pytest.mark.parametrize("mode", COUNTER)
def test_an_order_for_the_counter_never_leaves_with_a_driver(mode):
    assert all(Status.OUT_FOR_DELIVERY not in way for way in ways(mode))


def test_a_delivery_always_leaves_with_a_driver():
    delivered = [way for way in ways(Mode.DELIVERY) if way[-1] is Status.DELIVERED]
    assert delivered
    assert all(way[-2] is Status.OUT_FOR_DELIVERY for way in delivered)


@pytest.mark.parametrize("mode", Mode)
def test_no_step_of_the_kitchen_is_skipped(mode):
    kitchen = (Status.TO_PREPARE, Status.ACCEPTED, Status.PREPARING, Status.READY)
    assert all(way[:4] == kitchen for way in ways(mode) if way[-1] is Status.DELIVERED)


def test_nothing_happens_to_an_order_that_has_ended():
    assert all(before not in ENDED for before, _ in TRANSITIONS)


def test_an_order_is_cancelled_before_preparation_or_not_at_all():
    before = {before for before, after in TRANSITIONS if after is Status.CANCELLED}
    assert before == {Status.AWAITING_PAYMENT, Status.TO_PREPARE, Status.ACCEPTED}


def test_only_a_manager_says_that_an_order_was_not_handed_over():
    for (_, after), how in TRANSITIONS.items():
        if after is Status.NOT_DELIVERED:
            assert set(how.values()) == {frozenset({Role.MANAGER})}


def test_nobody_but_the_system_confirms_a_payment():
    how = TRANSITIONS[Status.AWAITING_PAYMENT, Status.TO_PREPARE]
    assert set(how.values()) == {frozenset()}


@pytest.mark.parametrize(
    ("role", "status", "mode", "nexts"),
    [
        (Role.PIZZAIOLO, Status.TO_PREPARE, Mode.DELIVERY, {Status.ACCEPTED}),
        (Role.PIZZAIOLO, Status.READY, Mode.DELIVERY, set()),
        (Role.DRIVER, Status.READY, Mode.DELIVERY, {Status.OUT_FOR_DELIVERY}),
        (Role.DRIVER, Status.READY, Mode.TAKEAWAY, set()),
        (Role.DRIVER, Status.OUT_FOR_DELIVERY, Mode.DELIVERY, {Status.DELIVERED}),
        (Role.CASHIER, Status.READY, Mode.TAKEAWAY, {Status.DELIVERED}),
        (Role.CASHIER, Status.READY, Mode.DELIVERY, set()),
        (Role.CASHIER, Status.ACCEPTED, Mode.DELIVERY, {Status.CANCELLED}),
        (Role.CUSTOMER, Status.TO_PREPARE, Mode.DELIVERY, {Status.CANCELLED}),
        (Role.CUSTOMER, Status.PREPARING, Mode.DELIVERY, set()),
        (Role.MANAGER, Status.TO_PREPARE, Mode.EAT_IN, {Status.ACCEPTED, Status.CANCELLED}),
    ],
)
def test_each_role_sees_its_own_next_steps(role, status, mode, nexts):
    assert set(Order(status=status, mode=mode).next_statuses(role)) == nexts
