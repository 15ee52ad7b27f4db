"""B1: what a visitor puts in their basket, takes out of it, and finds again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, make_basket, make_branch
from ocpizza.domain.item import UnknownItem
from ocpizza.domain.selection import Chosen, Selection
from ocpizza.models.basket import Basket, BasketLine
from ocpizza.services.basket.basket import (
    find_basket,
    forget_old_baskets,
    new_basket,
    touch,
)
from ocpizza.services.basket.contents import contents
from ocpizza.services.basket.lines import (
    BasketFull,
    OtherRestaurant,
    add_item,
    drop_lines,
    set_quantity,
)
from ocpizza.services.catalogue.menu import read_menu


@pytest.fixture
def put(session, pizzeria):
    """Puts something into a basket at a pizzeria, this one unless another is given."""

    def put(basket, selection, quantity=1, at=pizzeria):
        menu = read_menu(session, at.restaurant.id)
        shortage = add_item(basket, at.restaurant.id, menu, Chosen(selection, quantity))
        session.flush()
        return shortage

    return put


def inside(basket) -> list[tuple[str, int]]:
    return [(line.selection, line.quantity) for line in basket.lines]


def test_a_basket_is_found_again_by_its_token(session, pizzeria, put):
    basket = new_basket(session, NOON)
    put(basket, pizzeria.select("regina"), 2)
    token = basket.token
    session.expunge_all()
    assert inside(find_basket(session, token)) == [(pizzeria.select("regina").text, 2)]
    assert find_basket(session, "invented") is None
    assert find_basket(session, None) is None


def test_tokens_and_keys_are_not_guessable(session):
    baskets = [new_basket(session, NOON) for _ in range(3)]
    secrets = {secret for basket in baskets for secret in (basket.token, basket.checkout_key)}
    assert len(secrets) == 6
    assert {len(secret) for secret in secrets} == {43}


def test_the_same_choice_is_one_line(session, pizzeria, put):
    basket = new_basket(session, NOON)
    put(basket, pizzeria.select("regina", without=["jambon", "champignons"]))
    put(basket, pizzeria.select("regina", without=["champignons", "jambon"]), 2)
    put(basket, pizzeria.select("regina"))
    assert [quantity for _, quantity in inside(basket)] == [3, 1]


def test_only_what_can_be_made_goes_in(session, pizzeria, put):
    scarce = make_branch(session, pizzeria, code="city_002", stock={"mozzarella": 360})
    basket, margherita = new_basket(session, NOON), scarce.select("margherita")
    shortage = put(basket, margherita, 5, at=scarce)
    assert (shortage.wanted, shortage.left) == (5, 3)
    assert inside(basket) == [(margherita.text, 3)]
    assert put(basket, margherita, 1, at=scarce).left == 3
    assert inside(basket) == [(margherita.text, 3)]


def test_what_is_gone_does_not_go_in(session, pizzeria, put):
    dry = make_branch(session, pizzeria, code="city_002", stock={"mozzarella": 0})
    basket = new_basket(session, NOON)
    assert put(basket, dry.select("margherita"), at=dry).left == 0
    assert basket.lines == []


def test_a_line_already_in_stays_when_the_stock_shrinks(session, pizzeria, put):
    basket = make_basket(session, pizzeria, [(pizzeria.select("margherita"), 4)])
    dry = make_branch(session, pizzeria, code="city_002", stock={"mozzarella": 120})
    basket.restaurant_id = dry.restaurant.id
    assert put(basket, pizzeria.select("margherita"), at=dry).left == 1
    assert inside(basket) == [(pizzeria.select("margherita").text, 4)]


def test_a_basket_is_of_one_restaurant(session, pizzeria, put):
    basket = make_basket(session, pizzeria)
    branch = make_branch(session, pizzeria, code="city_002")
    with pytest.raises(OtherRestaurant):
        put(basket, pizzeria.select("regina"), at=branch)
    drop_lines(basket, list(basket.lines))
    session.flush()
    put(basket, pizzeria.select("regina"), at=branch)
    assert basket.restaurant_id == branch.restaurant.id


def test_what_nobody_sells_does_not_go_in(session, put):
    basket = new_basket(session, NOON)
    with pytest.raises(UnknownItem):
        put(basket, Selection.of(999_999))
    assert basket.lines == []


@pytest.mark.parametrize(("already", "more"), [(0, 51), (50, 1), (30, 30)])
def test_a_line_has_an_upper_limit(session, pizzeria, put, already, more):
    cola = pizzeria.select("cola")
    basket = make_basket(session, pizzeria, [(cola, already)] if already else [])
    with pytest.raises(BasketFull):
        put(basket, cola, more)
    assert inside(basket) == ([(cola.text, already)] if already else [])


def test_a_basket_has_an_upper_limit(session, pizzeria, put):
    lines = [(Selection.of(number), 1) for number in range(10_000, 10_100)]
    basket = make_basket(session, pizzeria, lines)
    with pytest.raises(BasketFull):
        put(basket, pizzeria.select("cola"))


def test_a_quantity_is_changed_and_none_takes_the_line_out(session, pizzeria):
    lines = [(pizzeria.select("regina"), 1), (pizzeria.select("cola"), 1)]
    basket = make_basket(session, pizzeria, lines)
    regina, cola = basket.lines
    set_quantity(basket, regina.id, 7)
    set_quantity(basket, cola.id, 0)
    session.flush()
    assert inside(basket) == [(pizzeria.select("regina").text, 7)]
    assert session.get(BasketLine, cola.id) is None


def test_a_line_that_is_gone_already_stays_gone(session, pizzeria):
    basket = make_basket(session, pizzeria)
    other = make_basket(session, pizzeria)
    set_quantity(basket, other.lines[0].id, 9)
    session.flush()
    assert (inside(basket)[0][1], inside(other)[0][1]) == (1, 1)


def test_a_quantity_has_an_upper_limit(session, pizzeria):
    basket = make_basket(session, pizzeria)
    with pytest.raises(BasketFull):
        set_quantity(basket, basket.lines[0].id, 51)


def test_lines_that_nobody_sells_any_more_are_told_apart(session, pizzeria):
    basket = make_basket(
        session, pizzeria, [(pizzeria.select("regina"), 2), (Selection.of(999), 1)]
    )
    found = contents(basket, read_menu(session, basket.restaurant_id))
    assert [(item.name, quantity) for item, quantity in found.items] == [("Regina", 2)]
    assert [line.selection for line in found.gone] == [Selection.of(999).text]


def test_when_a_basket_was_used_is_known_to_the_hour(session):
    basket = new_basket(session, NOON)
    touch(basket, NOON + timedelta(minutes=59))
    assert basket.updated_at == NOON
    later = NOON + timedelta(minutes=61)
    touch(basket, later)
    assert basket.updated_at == later


def test_baskets_that_nobody_touches_are_forgotten(session, pizzeria):
    days = [0, 29, 30, 31, 400]
    baskets = [make_basket(session, pizzeria, now=NOON - timedelta(days=ago)) for ago in days]
    ids = [basket.id for basket in baskets]
    session.expunge_all()
    assert forget_old_baskets(session, NOON, days=30) == 2
    assert list(session.scalars(select(Basket.id).order_by(Basket.id))) == ids[:3]
    assert len(session.scalars(select(BasketLine)).all()) == 3
