"""Colleagues at the same time: one order goes to one of them, receipts have no gap."""

from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, author_of, make_branch, make_pizzeria, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Receipt
from ocpizza.models.stock import Reason, Stock
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.locks import lock_stock
from ocpizza.services.order.advance import StaleStatus, Step, advance_order
from ocpizza.services.order.cancel import TooLate, cancel_order
from ocpizza.services.payment.counter import Tender, record_payment
from ocpizza.services.stock.move import Cause, move_stock


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [
        (Role.PIZZAIOLO, Status.TO_PREPARE, Status.ACCEPTED),
        (Role.DRIVER, Status.READY, Status.OUT_FOR_DELIVERY),
    ],
)
def test_two_who_take_the_same_order_are_one_and_a_loser(
    committed_database, add_up, role, before, after
):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        order_id = order_of(session, pizzeria, status=before).id
        staff = [
            make_staff(session, role, pizzeria.restaurant, first_name=name, last_name="")
            for name in ("Salvatore", "Adrien")
        ]
        authors = [author_of(one) for one in staff]

    def take(author: Author, session: Session) -> int:
        advance_order(session, order_id, Step(before, after), author, NOON)
        return author.account_id

    outcomes = all_at_once(committed_database, [partial(take, author) for author in authors])
    (winner,) = succeeded(outcomes, StaleStatus)
    (lost,) = (outcome for outcome in outcomes if isinstance(outcome, StaleStatus))
    name = {one.account_id: place for place, one in enumerate(authors)}[winner]
    assert (lost.status, lost.author_name) == (after, ("Salvatore", "Adrien")[name])
    with Session(committed_database) as session:
        order = session.get_one(Order, order_id)
        assert winner == (order.driver_id if role is Role.DRIVER else order.pizzaiolo_id)
    add_up(committed_database)


def test_receipts_of_two_restaurants_of_one_entity_have_no_gap(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        first = make_pizzeria(session)
        entity = first.restaurant.legal_entity
        second = make_branch(session, first, code="city_002", legal_entity=entity)
        cashier = make_staff(session, Role.CASHIER, first.restaurant).id
        orders = [order_of(session, place).id for place in (first, second) for _ in range(8)]

    def pay(order_id: int, session: Session) -> int:
        order = session.get_one(Order, order_id, with_for_update={"of": Order})
        return record_payment(session, order, Tender(Means.CASH), cashier, NOON).captured_cents

    paid = all_at_once(committed_database, [partial(pay, order_id) for order_id in orders])
    assert paid == [1200] * 16
    with Session(committed_database) as session:
        assert sorted(session.scalars(select(Receipt.number))) == list(range(1, 17))
    add_up(committed_database)


def test_an_order_paid_twice_at_once_is_paid_once(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        cashier = make_staff(session, Role.CASHIER, pizzeria.restaurant).id
        order_id = order_of(session, pizzeria).id

    def pay(session: Session) -> bool:
        order = session.get_one(Order, order_id, with_for_update={"of": Order})
        return record_payment(session, order, Tender(Means.CASH), cashier, NOON) is not None

    assert sorted(all_at_once(committed_database, [pay] * 6)) == [False] * 5 + [True]
    add_up(committed_database)


def test_stock_changed_by_many_at_once_loses_no_movement(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session, stock={"oeuf": 100, "jambon": 100})
        here = pizzeria.restaurant.id
        eggs, ham = (pizzeria.ingredients[code].id for code in ("oeuf", "jambon"))

    def move(deltas: dict[int, int], session: Session) -> None:
        locked = lock_stock(session, here, set(deltas))
        move_stock(session, here, locked, deltas, Cause(Reason.CORRECTION, NOON))

    moves = [partial(move, deltas) for deltas in ({eggs: 3, ham: -1}, {ham: -1, eggs: -2})] * 10
    assert all_at_once(committed_database, moves) == [None] * 20
    with Session(committed_database) as session:
        assert session.get_one(Stock, (here, eggs)).quantity == 110
        assert session.get_one(Stock, (here, ham)).quantity == 80
    add_up(committed_database)


def test_cancelled_or_prepared_at_the_same_moment_is_one_of_the_two(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        orders = [order_of(session, pizzeria, status=Status.ACCEPTED).id for _ in range(12)]
        cook = author_of(make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant))
    guest = Author(None, Role.CUSTOMER)

    def prepare(order_id: int, session: Session) -> Status:
        before, after = Status.ACCEPTED, Status.PREPARING
        return advance_order(session, order_id, Step(before, after), cook, NOON).status

    def cancel(order_id: int, session: Session) -> Status:
        assert cancel_order(session, order_id, guest, NOON)
        return Status.CANCELLED

    actions = [partial(act, order_id) for order_id in orders for act in (prepare, cancel)]
    outcomes = all_at_once(committed_database, actions)
    with Session(committed_database) as session:
        for order_id, pair in zip(orders, batched(outcomes, 2), strict=True):
            (won,) = succeeded(pair, (StaleStatus, TooLate))
            assert session.get_one(Order, order_id).status is won
    add_up(committed_database)


def batched(outcomes, size: int):
    return [outcomes[start : start + size] for start in range(0, len(outcomes), size)]


def test_changed_or_prepared_at_the_same_moment_is_one_of_the_two(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        orders = [order_of(session, pizzeria, status=Status.ACCEPTED).id for _ in range(12)]
        cook = author_of(make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant))
        changes = {}
        for order_id in orders:
            basket = start_change(session, order_id, NOON)
            basket.lines[0].quantity = 3
            changes[order_id] = (basket.token, Change(basket.checkout_key, 3 * 950 + 250))

    def prepare(order_id: int, session: Session) -> str:
        advance_order(session, order_id, Step(Status.ACCEPTED, Status.PREPARING), cook, NOON)
        return "prepared"

    def change(order_id: int, session: Session) -> str:
        token, wanted = changes[order_id]
        change_order(session, token, wanted, Author(None, Role.CUSTOMER), NOON)
        return "changed"

    actions = [partial(act, order_id) for order_id in orders for act in (prepare, change)]
    outcomes = all_at_once(committed_database, actions)
    with Session(committed_database) as session:
        for order_id, pair in zip(orders, batched(outcomes, 2), strict=True):
            done = succeeded(pair, TooLate)
            order = session.get_one(Order, order_id)
            assert order.status is Status.PREPARING
            expected = 3 if "changed" in done else 1
            assert sum(line.quantity for line in order.revision.lines) == expected
    add_up(committed_database)
