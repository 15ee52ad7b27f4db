"""The same visitor twice at once: two tabs, two clicks."""

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from clients import all_at_once
from factories import NOON, checkout_of, make_basket, make_pizzeria, the_pizzeria
from ocpizza.domain.checkout import StaleCheckout
from ocpizza.domain.selection import Chosen
from ocpizza.models.order import Order
from ocpizza.services.basket.basket import find_basket
from ocpizza.services.basket.lines import add_item
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.checkout.place import place_order


def basket_with(engine, lines=None) -> tuple:
    """A committed basket: its token and what its payment page sends."""
    with Session(engine) as session, session.begin():
        basket = make_basket(session, make_pizzeria(session), lines)
        return basket.token, checkout_of(session, basket)


def inside(engine, token: str) -> dict[str, int]:
    with Session(engine) as session:
        return {line.selection: line.quantity for line in find_basket(session, token).lines}


def add(slug: str, token: str, session: Session) -> None:
    basket = find_basket(session, token, lock=True)
    pizzeria = the_pizzeria(session)
    menu = read_menu(session, pizzeria.restaurant.id)
    add_item(basket, pizzeria.restaurant.id, menu, Chosen(pizzeria.select(slug), 1))
    basket.updated_at = NOON


def place(token, checkout, session: Session) -> str:
    return place_order(session, token, checkout, NOON).number


def test_the_same_checkout_sent_many_times_at_once_is_one_order(committed_database, add_up):
    token, checkout = basket_with(committed_database)
    numbers = all_at_once(committed_database, [partial(place, token, checkout)] * 8)
    with Session(committed_database) as session:
        number = session.scalars(select(Order.number)).one()
    assert numbers == [number] * 8
    add_up(committed_database)


def test_a_basket_sold_out_from_under_two_clicks_is_not_ordered_twice(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        basket = make_basket(session, make_pizzeria(session, stock={"mozzarella": 120}))
        clicks = [partial(place, basket.token, checkout_of(session, basket))] * 4
    assert len(set(all_at_once(committed_database, clicks))) == 1
    add_up(committed_database)


def test_clicks_on_the_same_pizza_at_once_all_count(committed_database):
    token, _ = basket_with(committed_database, [])
    assert all_at_once(committed_database, [partial(add, "regina", token)] * 6) == [None] * 6
    assert list(inside(committed_database, token).values()) == [6]


def test_different_pizzas_put_in_at_once_are_all_there(committed_database):
    token, _ = basket_with(committed_database, [])
    clicks = [partial(add, slug, token) for slug in ("regina", "margherita", "cola", "biere") * 2]
    assert all_at_once(committed_database, clicks) == [None] * 8
    assert list(inside(committed_database, token).values()) == [2, 2, 2, 2]


def test_what_is_put_in_while_ordering_is_ordered_or_kept_and_never_lost(
    committed_database, add_up
):
    token, checkout = basket_with(committed_database)
    ordering = partial(place, token, checkout)
    outcomes = all_at_once(committed_database, [partial(add, "cola", token), ordering])
    added, ordered = outcomes
    assert added is None
    kept = inside(committed_database, token)
    if isinstance(ordered, Exception):
        # The page showed another total: the basket is kept with both.
        assert not isinstance(ordered, StaleCheckout)
        assert len(kept) == 2
    else:
        assert len(kept) == 1
    add_up(committed_database)
