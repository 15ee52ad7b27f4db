"""« Non remise »: nobody at the door is told by who carries the order, and decided by a manager."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, author_of, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import TRANSITIONS
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import Status, UndeliveredReason
from ocpizza.models.stock import StockMovement
from ocpizza.services.order.advance import NotAllowed, StaleStatus
from ocpizza.services.order.not_delivered import (
    NOBODY,
    Undelivered,
    end_undelivered,
    note_nobody,
)

LATER = NOON + timedelta(minutes=40)
NOBODY_THERE = UndeliveredReason.NOBODY_THERE


def a(role: Role, session, pizzeria) -> Author:
    return author_of(make_staff(session, role, pizzeria.restaurant))


def carried(session, pizzeria, **values):
    """An order on the road, and who carries it."""
    order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY, **values)
    return order, Author(order.driver_id, Role.DRIVER)


def test_a_driver_tells_once_that_nobody_opened_and_goes_on_carrying(session, pizzeria):
    order, driver = carried(session, pizzeria)
    version = order.version
    assert note_nobody(session, order.id, driver, LATER)
    session.flush()
    assert not note_nobody(session, order.id, driver, LATER + timedelta(minutes=1))
    assert (order.status, order.nobody_at) == (Status.OUT_FOR_DELIVERY, LATER)
    assert order.version > version  # boards renew themselves
    told = session.scalars(select(OrderEvent).where(OrderEvent.note == NOBODY)).one()
    assert (told.order_id, told.author_id, told.at) == (order.id, driver.account_id, LATER)


def test_nobody_tells_it_of_what_a_colleague_carries_or_what_is_not_on_the_road(session, pizzeria):
    order, _driver = carried(session, pizzeria)
    with pytest.raises(NotAllowed):
        note_nobody(session, order.id, a(Role.DRIVER, session, pizzeria), LATER)
    ready = order_of(session, pizzeria, status=Status.READY)
    with pytest.raises(StaleStatus):
        note_nobody(session, ready.id, a(Role.MANAGER, session, pizzeria), LATER)
    assert order.nobody_at is ready.nobody_at is None


@pytest.mark.parametrize("before", [Status.READY, Status.OUT_FOR_DELIVERY])
def test_a_manager_ends_it_with_a_reason_and_no_stock_comes_back(session, pizzeria, add_up, before):
    order = order_of(session, pizzeria, status=before, email="stanley@example.org")
    manager = a(Role.MANAGER, session, pizzeria)
    counted = [
        len(session.scalars(select(table.id)).all()) for table in (StockMovement, OutgoingMail)
    ]
    ending = Undelivered(before, NOBODY_THERE, "deux appels")
    end_undelivered(session, order.id, ending, manager, LATER)
    session.flush()
    assert (order.status, order.undelivered_reason) == (Status.NOT_DELIVERED, NOBODY_THERE)
    assert (order.ending_note, order.due_cents) == ("deux appels", 0)
    assert order.reached[Status.NOT_DELIVERED] == LATER
    assert counted == [
        len(session.scalars(select(table.id)).all()) for table in (StockMovement, OutgoingMail)
    ]


def test_it_needs_no_note(session, pizzeria):
    order, _driver = carried(session, pizzeria)
    manager = a(Role.MANAGER, session, pizzeria)
    end_undelivered(session, order.id, Undelivered(order.status, NOBODY_THERE), manager, LATER)
    session.flush()
    assert order.ending_note == ""


def test_only_managers_end_it_and_only_from_where_it_may(session, pizzeria):
    for before in Status:
        if (before, Status.NOT_DELIVERED) in TRANSITIONS:
            continue
        order = order_of(session, pizzeria)
        order.status, order.hold_expires_at, order.ending_note = before, NOON, ""
        session.flush()
        ending, manager = Undelivered(before, NOBODY_THERE), a(Role.MANAGER, session, pizzeria)
        with pytest.raises(NotAllowed):
            end_undelivered(session, order.id, ending, manager, LATER)
    order, driver = carried(session, pizzeria)
    with pytest.raises(NotAllowed):
        end_undelivered(session, order.id, Undelivered(order.status, NOBODY_THERE), driver, LATER)


def test_what_was_delivered_meanwhile_stays_delivered(session, pizzeria):
    order, _driver = carried(session, pizzeria)
    manager = a(Role.MANAGER, session, pizzeria)
    with pytest.raises(StaleStatus) as lost:
        end_undelivered(session, order.id, Undelivered(Status.READY, NOBODY_THERE), manager, LATER)
    assert lost.value.status is order.status is Status.OUT_FOR_DELIVERY
