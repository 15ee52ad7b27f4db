"""UC6.3: extras are changed once, by who may, and orders keep what they were."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from factories import NOON, author_of, make_branch, make_staff, order_of
from ocpizza.domain.extras import OfferedExtra
from ocpizza.domain.selection import Selection
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Role
from ocpizza.models.ingredient import Allergen, Ingredient, Unit
from ocpizza.models.price import HiddenProduct
from ocpizza.models.staff_change import StaffChange
from ocpizza.models.stock import Stock
from ocpizza.services.catalogue.cache import catalogue_token
from ocpizza.services.catalogue.extras import change_extras, effect_of, extras_of
from ocpizza.services.catalogue.managing import NotManaged, whole_product
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.trail.record import Signature


@pytest.fixture
def signed(session, pizzeria) -> Signature:
    return Signature(author_of(make_staff(session, Role.MANAGER)), NOON)


def product_of(session, pizzeria):
    return whole_product(session, pizzeria.products["margherita"].id)


def change(session, pizzeria, signed, *extras, manager_of=None, version=None) -> None:
    product = product_of(session, pizzeria)
    version = product.version if version is None else version
    change_extras(session, product.id, version, extras, manager_of, signed)


def ham(pizzeria, **values) -> OfferedExtra:
    return replace(OfferedExtra(pizzeria.ingredients["jambon"].id, 40, 150), **values)


def offered(session, pizzeria) -> list[tuple[str, int, int]]:
    menu = read_menu(session, pizzeria.restaurant.id)
    extras = menu.assortment.by_slug["margherita"].extras
    return [(one.ingredient.code, one.quantity, one.price_cents) for one in extras]


def test_changed_extras_are_on_the_menu_at_once_in_their_order(session, pizzeria, signed):
    token = catalogue_token(session)
    before = offered(session, pizzeria)
    kept = extras_of(product_of(session, pizzeria))
    change(session, pizzeria, signed, ham(pizzeria), *kept)
    assert catalogue_token(session) != token
    assert offered(session, pizzeria) == [("jambon", 40, 150), *before]


def test_one_that_is_put_away_is_not_offered_and_comes_back_as_it_was(session, pizzeria, signed):
    change(session, pizzeria, signed, ham(pizzeria, active=False))
    assert offered(session, pizzeria) == []
    (away,) = extras_of(product_of(session, pizzeria))
    change(session, pizzeria, signed, replace(away, active=True))
    assert offered(session, pizzeria) == [("jambon", 40, 150)]


def test_an_order_keeps_the_extra_at_its_price_and_gives_it_back(session, pizzeria, signed, add_up):
    change(session, pizzeria, signed, ham(pizzeria))
    stock = session.get_one(Stock, (pizzeria.restaurant.id, pizzeria.ingredients["jambon"].id))
    had = stock.quantity
    size = pizzeria.size("margherita").id
    chosen = Selection.of(size, (), [pizzeria.ingredients["jambon"].id])
    order = order_of(session, pizzeria, [(chosen, 1)])
    price = order.revision.lines[0].unit_price_cents
    change(session, pizzeria, signed)
    session.refresh(stock)
    assert (order.revision.lines[0].unit_price_cents, stock.quantity) == (price, had - 40)
    cancel_order(session, order.id, signed.author, NOON)
    session.refresh(stock)
    assert stock.quantity == had


def test_who_changed_them_and_how_is_in_the_audit_trail(session, pizzeria, signed):
    change(session, pizzeria, signed, ham(pizzeria, price_cents=200, active=False))
    written = session.scalars(select(StaffChange)).one()
    assert (written.subject, written.name) == ("product", "Margherita")
    assert written.facts_after["extras"] == [["Jambon blanc", 40, "g", 200, False]]


def test_what_is_the_same_changes_nothing(session, pizzeria, signed):
    product = product_of(session, pizzeria)
    version = product.version
    change(session, pizzeria, signed, *extras_of(product))
    assert product_of(session, pizzeria).version == version
    assert session.scalars(select(StaffChange)).all() == []


def test_whoever_saved_meanwhile_is_not_written_over(session, pizzeria, signed):
    seen = product_of(session, pizzeria).version
    change(session, pizzeria, signed, ham(pizzeria))
    with pytest.raises(StaleVersion):
        change(session, pizzeria, signed, version=seen)
    assert offered(session, pizzeria) == [("jambon", 40, 150)]


def test_a_restaurants_manager_changes_those_of_products_sold_there_alone(
    session, pizzeria, signed
):
    here = pizzeria.restaurant.id
    branch = make_branch(session, pizzeria, code="city_002", name="OC Pizza Montparnasse")
    with pytest.raises(NotManaged):
        change(session, pizzeria, signed, ham(pizzeria), manager_of=here)
    hidden = {"product_id": pizzeria.products["margherita"].id}
    session.add(HiddenProduct(restaurant_id=branch.restaurant.id, **hidden))
    session.flush()
    change(session, pizzeria, signed, ham(pizzeria), manager_of=here)
    assert offered(session, pizzeria) == [("jambon", 40, 150)]


def test_an_ingredient_that_is_new_to_a_restaurant_is_in_its_stock_at_nothing(
    session, pizzeria, signed
):
    truffle = Ingredient(code="truffe", name="Truffe", unit=Unit.GRAM, unit_quantity=10)
    session.add(truffle)
    session.flush()
    change(session, pizzeria, signed, OfferedExtra(truffle.id, 5, 400))
    assert session.get_one(Stock, (pizzeria.restaurant.id, truffle.id)).quantity == 0


def test_the_effect_says_what_a_portion_brings_costs_and_how_many_there_are(session, pizzeria):
    product = product_of(session, pizzeria)
    egg = OfferedExtra(pizzeria.ingredients["oeuf"].id, 1, 110)
    pizzeria.ingredients["oeuf"].unit_cost_millicents = 25_000
    stock = session.get_one(Stock, (pizzeria.restaurant.id, egg.ingredient_id))
    stock.quantity = 7
    session.flush()
    before = {each.ingredient_id for each in extras_of(product)}
    effect = effect_of(session, product, [egg], None)
    (row,) = effect.rows
    assert (row.allergens, row.cost.cents, row.portions) == ([Allergen.EGGS], 25, [7])
    assert effect.places == [pizzeria.restaurant.name]
    assert {one.id for one in effect.lost} == before - {egg.ingredient_id}


def test_the_effect_is_told_of_what_changes_alone(session, pizzeria):
    product = product_of(session, pizzeria)
    effect = effect_of(session, product, extras_of(product), None)
    assert (effect.rows, effect.lost) == ([], [])
