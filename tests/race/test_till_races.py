"""Colleagues who take orders at the same time: nothing sold twice, nothing placed twice."""

from functools import partial

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from clients import Action, all_at_once, succeeded
from factories import NOON, author_of, details_of, make_pizzeria, make_staff, the_pizzeria
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import OutOfStock
from ocpizza.domain.selection import Chosen
from ocpizza.models.account import Role
from ocpizza.models.basket import Basket
from ocpizza.models.order import Order, Source
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode
from ocpizza.services.basket.basket import save_details
from ocpizza.services.basket.begun import begin_order
from ocpizza.services.basket.lines import add_item
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.checkout.for_customer import place_for_customer
from ocpizza.services.checkout.place import Checkout
from ocpizza.services.checkout.review import review_basket

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
    save_details(basket, details_of(Mode.TAKEAWAY), NOON)
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
