"""`ocpizza check` on a shop that is selling names nothing that is not so, and sees one moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from sqlalchemy import update
from sqlalchemy.orm import Session

from factories import NOON, author_of, make_account, make_pizzeria, make_promotion, order_of
from factories import the_pizzeria as the_one
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.promotion import Promotion
from ocpizza.models.stock import Stock
from ocpizza.operations.check import RULES, check_database
from ocpizza.operations.check_promotions import promotions_count_their_uses
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.order.hand_over import HandOver, hand_over

CHECKS = 12


def sell(engine, over: Event) -> int:
    """Order with a promotion, then cancel, or deliver and be paid, until it is over."""
    sold = 0
    while not over.is_set():
        with Session(engine) as session, session.begin():
            customer = author_of(make_account(session))
            promotion = session.get_one(Promotion, 1)
            status = (Status.TO_PREPARE, Status.OUT_FOR_DELIVERY)[sold % 2]
            order = order_of(
                session, the_one(session), author=customer, promotion=promotion, status=status
            )
            order_id, driver = order.id, Author(order.driver_id, Role.DRIVER)
        with Session(engine) as session, session.begin():
            if sold % 2:
                hand_over(session, order_id, HandOver(status, Means.CASH), driver, NOON)
            else:
                cancel_order(session, order_id, customer, NOON)
        sold += 1
    return sold


def test_nothing_false_is_said_of_a_shop_that_sells(committed_database):
    with Session(committed_database) as session, session.begin():
        make_pizzeria(session)
        assert make_promotion(session).id == 1
    over = Event()
    with ThreadPoolExecutor(2) as shop:
        selling = [shop.submit(sell, committed_database, over) for _ in range(2)]
        try:
            said = [
                problem for _ in range(CHECKS) for problem in check_database(committed_database)
            ]
        finally:
            over.set()
        assert all(sold.result() for sold in selling)
    assert said == []
    assert list(check_database(committed_database)) == []


def test_all_rules_see_one_moment(committed_database, monkeypatch):
    """What is committed between two rules is of another moment: neither rule tells of it."""
    with Session(committed_database) as session, session.begin():
        make_pizzeria(session)
        make_promotion(session)

    def spoil(_session):
        with Session(committed_database) as other, other.begin():
            other.execute(update(Promotion).values(times_used=7))
            other.execute(update(Stock).values(quantity=Stock.quantity + 1))
        yield from ()

    first, *rest = RULES
    monkeypatch.setattr("ocpizza.operations.check.RULES", (first, spoil, *rest))
    assert list(check_database(committed_database)) == []
    monkeypatch.setattr("ocpizza.operations.check.RULES", (promotions_count_their_uses,))
    assert list(check_database(committed_database)) == ["promotion DIX counts 7 uses and has 0"]
