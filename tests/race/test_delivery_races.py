"""Drivers at the same time: each order goes to one of them."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, author_of, make_pizzeria, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.delivery_tap import DeliveryTap, TapKind, TapOutcome
from ocpizza.models.order import Order
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment
from ocpizza.services.order.take import Taken, take_orders
from ocpizza.services.order.taps import Tap, record_tap

LATER = NOON + timedelta(minutes=40)


def test_drivers_who_take_the_same_orders_share_them_without_waiting_for_each_other(
    committed_database, add_up
):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        here = pizzeria.restaurant.id
        numbers = [order_of(session, pizzeria, status=Status.READY).number for _ in range(4)]
        staff = [make_staff(session, Role.DRIVER, pizzeria.restaurant) for _ in range(4)]
        authors = [author_of(one) for one in staff]

    def take(author: Author, wanted: list[str], session: Session) -> Taken:
        return take_orders(session, here, wanted, author, NOON)

    orders = [numbers, numbers[::-1], numbers[1:], numbers[:2]]
    wishes = [partial(take, *wish) for wish in zip(authors, orders, strict=True)]
    found = succeeded(all_at_once(committed_database, wishes), ())
    assert sorted(number for each in found for number in each.taken) == sorted(numbers)
    with Session(committed_database) as session:
        carried = dict(session.execute(select(Order.number, Order.driver_id)).all())
    for author, each in zip(authors, found, strict=True):
        assert {number: carried[number] for number in each.taken} == dict.fromkeys(
            each.taken, author.account_id
        )
        assert not set(each.taken) & set(each.lost)
    add_up(committed_database)


@pytest.mark.parametrize("kind", TapKind)
def test_one_press_sent_five_times_at_once_is_done_once(committed_database, add_up, kind):
    status = Status.READY if kind is TapKind.TAKE else Status.OUT_FOR_DELIVERY
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        order = order_of(session, pizzeria, status=status)
        staff = make_staff(session, Role.DRIVER, pizzeria.restaurant)
        driver = Author(order.driver_id or staff.id, Role.DRIVER)
        order_id = order.id
    tap = Tap(str(uuid4()), kind, timedelta(minutes=3), Means.CASH, 5000)

    def press(session: Session) -> tuple[int, TapOutcome, int | None]:
        came = record_tap(session, order_id, tap, driver, LATER)
        session.flush()
        return came.id, came.outcome, came.change_cents

    answers = succeeded(all_at_once(committed_database, [press] * 5), ())
    assert len(answers) == 5
    assert len(set(answers)) == 1
    assert answers[0][1] is TapOutcome.DONE
    with Session(committed_database) as session:
        for table, rows in ((DeliveryTap, 1), (Payment, kind is TapKind.DELIVER)):
            assert session.scalar(select(func.count()).select_from(table)) == rows
        told = select(func.count()).where(OrderEvent.tapped_at.is_not(None))
        assert session.scalar(told) == 1
    add_up(committed_database)
