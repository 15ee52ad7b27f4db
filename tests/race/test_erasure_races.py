"""Somebody erases their account while they order: either happens, never half of both."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clients import all_at_once
from factories import NOON, checkout_of, make_account, make_basket, make_pizzeria, order_of
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import CustomerGone, StaleCheckout
from ocpizza.models.account import Account, Role
from ocpizza.models.basket import Basket
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.services.checkout.place import place_order
from ocpizza.services.order.advance import StaleStatus, Step, advance_order
from ocpizza.services.privacy.erase_account import erase_account
from ocpizza.services.privacy.erase_orders import StillRunning
from ocpizza.services.privacy.retention import erase_old_orders

ROUNDS = range(6)


@pytest.mark.parametrize("round_", ROUNDS)
def test_erasing_while_ordering_leaves_an_order_or_an_erased_account(
    committed_database, add_up, round_
):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        account_id = make_account(session, email_verified_at=NOON).id
        basket = make_basket(session, pizzeria)
        basket.account_id = account_id
        token, checkout = basket.token, checkout_of(session, basket)

    def order(session: Session) -> str:
        author = Author(account_id, Role.CUSTOMER)
        return place_order(session, token, checkout, NOON, author).number

    def erase(session: Session) -> int:
        return erase_account(session, account_id, NOON)

    acts = [order, erase] if round_ % 2 else [erase, order]
    outcomes = dict(zip(acts, all_at_once(committed_database, acts), strict=True))
    with Session(committed_database) as session:
        account = session.get_one(Account, account_id)
        orders = session.scalars(select(Order)).all()
        if account.erased_at:
            assert isinstance(outcomes[order], CustomerGone | StaleCheckout)
            assert orders == []
            assert session.scalars(select(Basket)).all() == []
        else:
            assert isinstance(outcomes[erase], StillRunning)
            assert [one.account_id for one in orders] == [account_id]
    add_up(committed_database)


def test_two_erasures_at_once_are_one(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        account_id = make_account(session, email_verified_at=NOON).id
        author = Author(account_id, Role.CUSTOMER)
        for _ in range(3):
            order_of(session, pizzeria, author=author, status=Status.DELIVERED)
    acts = [lambda session: erase_account(session, account_id, NOON)] * 4
    assert sorted(all_at_once(committed_database, acts)) == [0, 0, 0, 3]
    add_up(committed_database)


def test_two_workers_that_tidy_at_once_do_not_stand_in_each_others_way(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        for _ in range(10):
            order_of(session, pizzeria, status=Status.DELIVERED)
    later = NOON.replace(year=NOON.year + 4)
    acts = [lambda session: erase_old_orders(session, later, 1095)] * 3
    assert sum(all_at_once(committed_database, acts)) == 10
    add_up(committed_database)


def test_a_running_order_that_ends_meanwhile_is_erased_or_refused(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        account_id = make_account(session, email_verified_at=NOON).id
        author = Author(account_id, Role.CUSTOMER)
        order = order_of(session, pizzeria, author=author, status=Status.OUT_FOR_DELIVERY)
        order_id, driver = order.id, Author(order.driver_id, Role.DRIVER)

    def deliver(session: Session) -> Status:
        before, after = Status.OUT_FOR_DELIVERY, Status.DELIVERED
        return advance_order(session, order_id, Step(before, after), driver, NOON).status

    def erase(session: Session) -> int:
        return erase_account(session, account_id, NOON)

    delivered, erased = all_at_once(committed_database, [deliver, erase])
    assert delivered is Status.DELIVERED or isinstance(delivered, StaleStatus)
    assert erased == 1 or isinstance(erased, StillRunning)
    with Session(committed_database) as session:
        assert (session.get_one(Order, order_id).phone is None) == (erased == 1)
    add_up(committed_database)
