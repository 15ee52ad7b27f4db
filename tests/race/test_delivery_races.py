"""Drivers at the same time: each order goes to one of them."""

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, author_of, make_pizzeria, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.services.order.take import Taken, take_orders


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
