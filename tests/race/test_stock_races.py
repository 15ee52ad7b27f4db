"""Many customers at once: what there is is sold exactly once."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, Lines, Pizzeria, checkout_of, make_basket, make_pizzeria, the_pizzeria
from ocpizza.domain.checkout import OutOfStock
from ocpizza.models.basket import BasketLine
from ocpizza.models.order import Order
from ocpizza.services.checkout.place import Checkout, place_order

ON_A_MARGHERITA = 120


def order_number(token: str, checkout: Checkout, session: Session) -> str:
    return place_order(session, token, checkout, NOON).number


def customers(
    engine: Engine, number: int, lines_of: Callable[[Pizzeria, int], Lines | None]
) -> list[Callable[[Session], str]]:
    """So many customers with filled baskets, who only have to press the button."""
    with Session(engine) as session, session.begin():
        pizzeria = the_pizzeria(session)
        baskets = [make_basket(session, pizzeria, lines_of(pizzeria, n)) for n in range(number)]
        checkouts = [(basket.token, checkout_of(session, basket)) for basket in baskets]
    return [partial(order_number, *checkout) for checkout in checkouts]


def one_margherita(_pizzeria: Pizzeria, _number: int) -> None:
    return None


def open_with(engine: Engine, **stock: int) -> None:
    with Session(engine) as session, session.begin():
        make_pizzeria(session, stock=stock)


def count(engine: Engine, what) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(what))


def left(engine: Engine, code: str) -> int:
    with Session(engine) as session:
        return the_pizzeria(session).stock_of(session, code)


@pytest.mark.parametrize(
    ("backend", "clients", "portions"),
    [("postgresql", 200, 50), ("sqlite", 60, 15), ("postgresql", 2, 1), ("sqlite", 2, 1)],
)
def test_as_many_orders_as_portions_and_not_one_more(committed_database, add_up, clients, portions):
    open_with(committed_database, mozzarella=portions * ON_A_MARGHERITA)
    pressing = customers(committed_database, clients, one_margherita)
    outcomes = all_at_once(committed_database, pressing)

    numbers = succeeded(outcomes, OutOfStock)
    assert len(set(numbers)) == portions == count(committed_database, Order)
    for refused in outcomes:
        if isinstance(refused, OutOfStock):
            assert [(short.wanted, short.left) for short in refused.shortages] == [(1, 0)]
    assert left(committed_database, "mozzarella") == 0
    assert count(committed_database, BasketLine) == clients - portions
    add_up(committed_database)


def test_last_portion_goes_to_one_of_two_orders(committed_database, add_up):
    open_with(committed_database, mozzarella=ON_A_MARGHERITA + 119)
    outcomes = all_at_once(committed_database, customers(committed_database, 2, one_margherita))
    assert len(succeeded(outcomes, OutOfStock)) == 1
    assert left(committed_database, "mozzarella") == 119
    add_up(committed_database)


def crossed(pizzeria: Pizzeria, number: int) -> Lines:
    lines = [
        (pizzeria.select("regina", extras=["oeuf"]), 1),
        (pizzeria.select("margherita", "junior", extras=["mozzarella"]), 2),
        (pizzeria.select("biere"), 1),
        (pizzeria.select("cola"), 1),
    ]
    return lines if number % 2 else lines[::-1]


def test_orders_that_share_ingredients_in_opposite_order_do_not_block_each_other(
    committed_database, add_up
):
    open_with(committed_database)
    outcomes = all_at_once(committed_database, customers(committed_database, 40, crossed))
    assert len(set(succeeded(outcomes, OutOfStock))) == 40
    assert left(committed_database, "oeuf") == 100_000 - 40
    add_up(committed_database)


def test_scarce_ingredients_are_shared_out_without_blocking(committed_database, add_up):
    open_with(committed_database, oeuf=7, biere=30)
    outcomes = all_at_once(committed_database, customers(committed_database, 30, crossed))
    assert len(succeeded(outcomes, OutOfStock)) == 7
    assert (left(committed_database, "oeuf"), left(committed_database, "biere")) == (0, 23)
    add_up(committed_database)
