"""Colleagues who take orders at the same time: nothing sold twice, nothing placed twice."""

from functools import partial

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from clients import Action, all_at_once, succeeded
from factories import (
    NOON,
    author_of,
    details_of,
    make_pizzeria,
    make_staff,
    order_of,
    the_pizzeria,
)
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import OutOfStock
from ocpizza.domain.selection import Chosen
from ocpizza.domain.tender import OtherDue
from ocpizza.models.account import Role
from ocpizza.models.basket import Basket
from ocpizza.models.order import Order, Source
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, Refund
from ocpizza.models.till import TillMovement, TillSession
from ocpizza.models.vat import Mode
from ocpizza.services.basket.basket import save_details
from ocpizza.services.basket.begun import begin_order
from ocpizza.services.basket.lines import add_item
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.checkout.for_customer import place_for_customer
from ocpizza.services.checkout.place import Checkout
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.order.queries import load_order
from ocpizza.services.payment.give_back import GivenBack, OtherExcess
from ocpizza.services.settlement.cancel_paid import cancel_and_give_back, give_back_now
from ocpizza.services.settlement.receive_payment import (
    NotPayable,
    Receiving,
    receive_payment,
)
from ocpizza.services.till.close import Counted as CountedCash
from ocpizza.services.till.close import OtherExpected, close_till
from ocpizza.services.till.drawer import drawer_of
from ocpizza.services.till.drivers import Brought, OtherCarried, bring_cash
from ocpizza.services.till.report import load_report
from ocpizza.services.till.session import AlreadyOpen, TillClosed, find_till, open_till

ON_A_MARGHERITA = 120


def cashier(session: Session) -> Author:
    return author_of(make_staff(session, Role.CASHIER, the_pizzeria(session).restaurant))


def begun(session: Session, token: str, who: Author) -> Checkout:
    """An order of one Margherita, and what the button to place it sends."""
    pizzeria = the_pizzeria(session)
    here = pizzeria.restaurant.id
    basket = begin_order(session, token, who.account_id, here, NOON)
    chosen = Chosen(pizzeria.select("margherita"), 1)
    add_item(basket, here, read_menu(session, here), chosen)
    save_details(session, basket, details_of(Mode.TAKEAWAY), NOON)
    session.flush()
    total = review_basket(session, basket, NOON, source=Source.COUNTER).quote.total_cents
    return Checkout(basket.checkout_key, Means.CASH, total, source=Source.COUNTER)


def place(token: str, checkout: Checkout, who: Author, session: Session) -> str:
    return place_for_customer(session, token, checkout, NOON, who).number


def pressing(engine: Engine, portions: int, *tokens: str, times: int = 1) -> list[Action]:
    """A cashier for each token, each about to press the button so many times."""
    with Session(engine) as session, session.begin():
        make_pizzeria(session, stock={"mozzarella": portions * ON_A_MARGHERITA})
        people = {token: cashier(session) for token in tokens}
        orders = [(token, begun(session, token, who), who) for token, who in people.items()]
    return [partial(place, *order) for order in orders for _ in range(times)]


def count(engine: Engine, what: type) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(what))


def test_the_last_portion_is_sold_by_one_of_two_cashiers(committed_database, add_up):
    both = pressing(committed_database, 1, "a" * 43, "b" * 43)
    outcomes = all_at_once(committed_database, both)
    assert len(succeeded(outcomes, OutOfStock)) == 1
    # Whoever lost still has what they had begun.
    assert count(committed_database, Basket) == 1
    add_up(committed_database)


def test_a_button_pressed_five_times_at_once_places_one_order(committed_database, add_up):
    outcomes = all_at_once(committed_database, pressing(committed_database, 9, "a" * 43, times=5))
    assert len(set(succeeded(outcomes, ()))) == 1
    assert count(committed_database, Order) == 1
    assert count(committed_database, Basket) == 0
    add_up(committed_database)


def test_an_order_begun_five_times_at_once_is_begun_once(committed_database):
    with Session(committed_database) as session, session.begin():
        here = make_pizzeria(session).restaurant.id
        who = cashier(session).account_id

    def begin(session: Session) -> int:
        return begin_order(session, "a" * 43, who, here, NOON).id

    outcomes = all_at_once(committed_database, [begin] * 5)
    assert len(set(succeeded(outcomes, ()))) == 1
    assert count(committed_database, Basket) == 1


def order_to_pay(engine: Engine, status: Status = Status.TO_PREPARE) -> tuple[int, list[Author]]:
    """An order that a counter is about to be paid for, and two of its cashiers."""
    with Session(engine) as session, session.begin():
        pizzeria = make_pizzeria(session)
        order = order_of(session, pizzeria, mode=Mode.TAKEAWAY, status=status)
        return order.id, [cashier(session), cashier(session)]


def receive(order_id: int, key: str, means: Means, who: Author, session: Session) -> int:
    said = Receiving(key * 43, 950, {means: 950})
    return sum(each.captured_cents for each in receive_payment(session, order_id, said, who, NOON))


def test_two_cashiers_who_are_paid_for_one_order_are_paid_once(committed_database, add_up):
    order_id, (first, second) = order_to_pay(committed_database)
    actions = [
        partial(receive, order_id, "a", Means.CASH, first),
        partial(receive, order_id, "b", Means.CARD_TERMINAL, second),
        # Sent again: the answer was lost.
        partial(receive, order_id, "a", Means.CASH, first),
    ]
    outcomes = all_at_once(committed_database, actions * 2)
    assert set(succeeded(outcomes, OtherDue)) == {950}
    assert count(committed_database, Payment) == 1
    add_up(committed_database)


def test_paid_at_the_till_and_handed_over_at_once_is_paid_once(committed_database, add_up):
    order_id, (first, second) = order_to_pay(committed_database, Status.READY)

    def hand(session: Session) -> int:
        handed = HandOver(Status.READY, Means.CASH)
        _, payment = hand_over(session, order_id, handed, second, NOON)
        return payment.captured_cents if payment else 0

    pay = partial(receive, order_id, "a", Means.CASH, first)
    outcomes = all_at_once(committed_database, [pay, hand])
    assert sum(succeeded(outcomes, (OtherDue, NotPayable))) == 950
    assert count(committed_database, Payment) == 1
    add_up(committed_database)


def test_paid_and_cancelled_at_once_no_money_is_lost(committed_database, add_up):
    order_id, (first, second) = order_to_pay(committed_database)

    def cancel(session: Session) -> int:
        refunds = cancel_and_give_back(session, order_id, second, NOON, said=GivenBack(0))
        return -sum(each.amount_cents for each in refunds)

    pay = partial(receive, order_id, "a", Means.CASH, first)
    outcomes = all_at_once(committed_database, [pay, cancel])
    # One of the two: whoever cancels is told that there is money to give back.
    assert sum(succeeded(outcomes, (OtherDue, NotPayable, OtherExcess))) in (0, 950)
    with Session(committed_database) as session:
        order = load_order(session, order_id)
        assert (order.status is Status.CANCELLED) == (order.received_cents == 0)
    add_up(committed_database)


def test_money_that_is_given_back_by_two_is_given_back_once(committed_database, add_up):
    order_id, people = order_to_pay(committed_database)
    with Session(committed_database) as session, session.begin():
        receive(order_id, "a", Means.CASH, people[0], session)
        cancel_order(session, order_id, Author(None, Role.CUSTOMER), NOON)

    def give(key: str, who: Author, session: Session) -> int:
        said = GivenBack(950, key * 43)
        return sum(each.amount_cents for each in give_back_now(session, order_id, said, who, NOON))

    gifts = [partial(give, key, who) for key, who in zip("ab", people, strict=True)]
    assert set(succeeded(all_at_once(committed_database, gifts * 3), OtherExcess)) == {950}
    assert count(committed_database, Refund) == 1
    add_up(committed_database)


def test_cash_taken_while_the_till_is_closed_is_in_it_or_in_the_next(committed_database, add_up):
    order_id, (first, second) = order_to_pay(committed_database)
    with Session(committed_database) as session, session.begin():
        here = the_pizzeria(session).restaurant.id
        till_id = find_till(session, here).id

    def close(session: Session) -> int:
        till = session.get_one(TillSession, till_id)
        return close_till(session, till, CountedCash({}, 0), second, NOON).expected_cents

    pay = partial(receive, order_id, "a", Means.CASH, first)
    outcomes = all_at_once(committed_database, [pay, close])
    succeeded(outcomes, (TillClosed, OtherExpected))
    with Session(committed_database) as session, session.begin():
        till = session.get_one(TillSession, till_id)
        if till.closed_at is None:
            assert drawer_of(session, till).expected_cents == 950
        else:
            assert till.expected_cents == 0
            assert load_report(session, till).sums.net_cents == 0
            till = open_till(session, here, 0, first, NOON)
            receive(order_id, "a", Means.CASH, first, session)
            assert drawer_of(session, till).expected_cents == 950
    add_up(committed_database)


def test_a_till_that_is_opened_by_many_is_open_once(committed_database):
    order_to_pay(committed_database)
    with Session(committed_database) as session, session.begin():
        here = the_pizzeria(session).restaurant.id
        till = find_till(session, here)
        close_till(session, till, CountedCash({}, 0), cashier(session), NOON)

    def open_it(session: Session) -> int:
        return open_till(session, here, 5000, None, NOON).id

    assert len(succeeded(all_at_once(committed_database, [open_it] * 4), AlreadyOpen)) == 1


def test_a_driver_whose_cash_is_counted_by_two_has_brought_it_once(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        here = pizzeria.restaurant.id
        order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY)
        driver = Author(order.driver_id, Role.DRIVER)
        handed = HandOver(Status.OUT_FOR_DELIVERY, Means.CASH)
        hand_over(session, order.id, handed, driver, NOON)
        people = [cashier(session), cashier(session)]

    def bring(key: str, who: Author, session: Session) -> int:
        said = Brought(driver.account_id, 1200, 1200, "", key * 43)
        return bring_cash(session, find_till(session, here), said, who, NOON).delta_cents

    actions = [partial(bring, key, who) for key, who in zip("ab", people, strict=True)]
    assert set(succeeded(all_at_once(committed_database, actions * 2), OtherCarried)) == {1200}
    assert count(committed_database, TillMovement) == 1
    add_up(committed_database)
