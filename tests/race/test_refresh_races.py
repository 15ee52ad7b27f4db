"""Menus change while people order: nothing is oversold, and nobody waits for the other for ever."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import (
    NOON,
    author_of,
    checkout_of,
    make_account,
    make_basket,
    make_branch,
    make_pizzeria,
    make_promotion,
    the_pizzeria,
)
from ocpizza.domain.checkout import OrderRefused
from ocpizza.models.order import Order
from ocpizza.models.product import Product
from ocpizza.services.checkout.place import place_order
from ocpizza.services.refresh.content import Content, read_content
from ocpizza.services.refresh.restaurant import refresh_restaurant

HERE, ELSEWHERE = "city_001", "city_002"
PORTIONS, CUSTOMERS = 5, 14


@pytest.fixture
def backend() -> str:
    """On SQLite there is one writer at a time anyway."""
    return "postgresql"


def of_tomorrow(content: Content) -> Content:
    """Another name, recipe, menu and promotion; prices as they are, so that orders go through."""
    margherita, regina = content.products["margherita"], content.products["regina"]
    mozzarella = margherita.composition["mozzarella"] | {"quantity": 100}
    lighter = replace(
        margherita,
        values=margherita.values | {"description": "Plus légère"},
        composition=margherita.composition | {"mozzarella": mozzarella},
    )
    queen = replace(regina, values=regina.values | {"slug": "reine"})
    dix = content.promotions["DIX"]
    named = replace(dix, values=dix.values | {"name": "Dix pour cent"})
    closed = replace(content.restaurants[HERE], hidden=frozenset({"cola"}))
    products = {"margherita": lighter, "reine": queen, "cola": content.products["cola"]}
    return replace(
        content,
        products=products,
        promotions={"DIX": named},
        restaurants=content.restaurants | {HERE: closed},
    )


def pressing(engine: Engine) -> list[Callable[[Session], str]]:
    """Customers who only have to press the button, every second one with a promotion."""
    clicks = []
    with Session(engine) as session, session.begin():
        pizzeria = the_pizzeria(session)
        dix = make_promotion(session)
        for number in range(CUSTOMERS):
            julia = author_of(make_account(session))
            basket = make_basket(session, pizzeria)
            basket.promotion_id = dix.id if number % 2 else None
            session.flush()
            checkout = checkout_of(session, basket, customer=julia)
            clicks.append(partial(place, basket.token, checkout, julia))
    return clicks


def place(token, checkout, customer, session: Session) -> str:
    return place_order(session, token, checkout, NOON, customer).number


def refresh(content: Content, code: str, session: Session) -> dict[str, int]:
    return refresh_restaurant(session, content, code)


def test_menus_are_refreshed_while_people_order(committed_database, add_up):
    engine = committed_database
    with Session(engine) as session, session.begin():
        pizzeria = make_pizzeria(session, stock={"mozzarella": PORTIONS * 120})
        make_branch(session, pizzeria, code=ELSEWHERE)
    clicks = pressing(engine)
    with Session(engine) as session:
        today = read_content(session)
    turns = [
        partial(refresh, content, code)
        for content in (of_tomorrow(today), today)
        for code in (HERE, ELSEWHERE)
    ]
    mixed = clicks[:5] + turns[:2] + clicks[5:10] + turns[2:] + clicks[10:]
    outcomes = succeeded(all_at_once(engine, mixed), OrderRefused)
    orders = [outcome for outcome in outcomes if isinstance(outcome, str)]
    # A portion takes 120 g, or 100 g since its recipe changed.
    assert PORTIONS <= len(orders) <= PORTIONS * 120 // 100
    assert len(outcomes) - len(orders) == len(turns)
    with Session(engine) as session:
        assert len(session.scalars(select(Order.id)).all()) == len(orders)
        assert the_pizzeria(session).stock_of(session, "mozzarella") < 120
    add_up(engine)
    with Session(engine) as session, session.begin():
        refresh_restaurant(session, of_tomorrow(today), HERE)
        assert not any(refresh_restaurant(session, of_tomorrow(today), HERE).values())
        regina = session.scalars(select(Product).where(Product.slug == "regina")).one()
        assert not regina.available
