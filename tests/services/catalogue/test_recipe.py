"""UC6.3: a recipe is changed once, by who may, and orders keep what they were."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from factories import NOON, advance_to, author_of, make_branch, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.domain.recipe import Amount
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Role
from ocpizza.models.ingredient import Allergen
from ocpizza.models.order_status import Status
from ocpizza.models.price import HiddenProduct
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.catalogue.cache import catalogue_token
from ocpizza.services.catalogue.ingredients import change_ingredient
from ocpizza.services.catalogue.managing import NotManaged
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.catalogue.recipe import change_recipe, recipe_of
from ocpizza.services.catalogue.recipe_effect import effect_of
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.trail.record import Signature

GUEST = Author(None, Role.CUSTOMER)


@pytest.fixture
def signed(session, pizzeria) -> Signature:
    return Signature(author_of(make_staff(session, Role.MANAGER)), NOON)


def with_eggs(pizzeria, slug="margherita"):
    """Its recipe without cheese, with two eggs and more flour."""
    ids = {code: one.id for code, one in pizzeria.ingredients.items()}
    amounts = [
        Amount(ids["farine"], 200, False),
        Amount(ids["sauce-tomate"], 80, False),
        Amount(ids["oeuf"], 2, True),
    ]
    return replace(
        recipe_of(pizzeria.products[slug]), text="Étaler.\nCuire.", amounts=tuple(amounts)
    )


def change(session, pizzeria, signed, recipe=None, *, manager_of=None, version=None) -> None:
    product = pizzeria.products["margherita"]
    version = product.version if version is None else version
    recipe = recipe or with_eggs(pizzeria)
    change_recipe(session, product.id, version, recipe, manager_of, signed)


def test_a_changed_recipe_is_on_the_menu_at_once(session, pizzeria, signed):
    token = catalogue_token(session)
    read_menu(session, pizzeria.restaurant.id)
    change(session, pizzeria, signed)
    assert catalogue_token(session) != token
    product = read_menu(session, pizzeria.restaurant.id).assortment.by_slug["margherita"]
    assert [(c.ingredient.code, c.quantity, c.removable) for c in product.composition] == [
        ("farine", 200, False),
        ("sauce-tomate", 80, False),
        ("oeuf", 2, True),
    ]
    assert product.allergens == [Allergen.GLUTEN, Allergen.EGGS]
    assert product.recipe == "Étaler.\nCuire."


def test_who_changed_it_and_how_is_in_the_audit_trail(session, pizzeria, signed):
    change(session, pizzeria, signed)
    written = session.scalars(select(StaffChange)).one()
    assert (written.subject, written.name, written.author_id) == (
        "product",
        "Margherita",
        signed.author.account_id,
    )
    assert ["Mozzarella", 120, "g", True] in written.facts_before["composition"]
    assert ["Œuf", 2, "piece", True] in written.facts_after["composition"]
    assert written.facts_after["recipe"] == "Étaler.\nCuire."


def test_a_recipe_saved_as_it_is_changes_nothing(session, pizzeria, signed):
    product = pizzeria.products["margherita"]
    version = product.version
    change(session, pizzeria, signed, recipe_of(product))
    assert product.version == version
    assert session.scalars(select(StaffChange)).all() == []


def test_an_older_version_is_not_written_over_a_newer_one(session, pizzeria, signed):
    version = pizzeria.products["margherita"].version
    change(session, pizzeria, signed)
    before = recipe_of(pizzeria.products["margherita"])
    with pytest.raises(StaleVersion):
        change(session, pizzeria, signed, replace(before, text="Autre."), version=version)
    assert recipe_of(pizzeria.products["margherita"]) == before


def test_a_restaurants_manager_changes_what_no_other_restaurant_sells(session, pizzeria, signed):
    here = pizzeria.restaurant.id
    other = make_branch(session, pizzeria, code="city_002")
    with pytest.raises(NotManaged):
        change(session, pizzeria, signed, manager_of=here)
    product = pizzeria.products["margherita"]
    session.add(HiddenProduct(restaurant_id=other.restaurant.id, product_id=product.id))
    session.flush()
    with pytest.raises(NotManaged):
        change(session, pizzeria, signed, manager_of=other.restaurant.id)
    change(session, pizzeria, signed, manager_of=here)
    assert session.scalars(select(StaffChange)).one().restaurant_id == here


def test_what_was_ordered_is_made_priced_and_given_back_as_it_was_ordered(
    session, pizzeria, signed, add_up
):
    codes = ("farine", "sauce-tomate", "mozzarella", "oeuf")
    stock = {code: pizzeria.stock_of(session, code) for code in codes}
    made = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    ordered = order_of(session, pizzeria, [(pizzeria.select("margherita"), 3)])
    total = ordered.total_cents
    change(session, pizzeria, signed)
    session.expire_all()
    line = ordered.revision.lines[0]
    used = {each.ingredient.code: each.quantity for each in line.parts[0].ingredients}
    assert used == {"farine": 160, "sauce-tomate": 80, "mozzarella": 120}
    assert (ordered.total_cents, line.unit_price_cents) == (total, 950)
    assert Allergen.EGGS not in line.allergens
    advance_to(session, made, Status.READY)
    assert cancel_order(session, ordered.id, GUEST, NOON)
    assert {code: stock[code] - pizzeria.stock_of(session, code) for code in codes} == {
        "farine": 320,
        "sauce-tomate": 160,
        "mozzarella": 240,
        "oeuf": 0,
    }
    add_up(session)


def cost(millicents: int) -> dict[str, int]:
    return {"unit_cost_millicents": millicents}


def test_the_effect_is_reckoned_before_anything_is_written(session, pizzeria, signed):
    other = make_branch(session, pizzeria, code="city_002", name="Ailleurs", stock={"oeuf": 7})
    known = pizzeria.ingredients
    for code, cents in {"farine": 85, "mozzarella": 600, "oeuf": 22_000}.items():
        one = known[code]
        change_ingredient(session, one.id, cost(cents), one.version, signed)
    product = pizzeria.products["margherita"]
    effect = effect_of(session, product, with_eggs(pizzeria), None)
    assert (effect.gained, effect.lost) == ([Allergen.EGGS], [Allergen.MILK])
    costs = {each.size.code: (each.before.cents, each.after.cents) for each in effect.sizes}
    # Classique: 160 g and 120 g, then 200 g and two eggs
    assert costs["medium"] == (86, 61)
    assert [one.code for one in effect.unknown] == ["sauce-tomate"]
    places = {place.restaurant: place.feasible for place in effect.places}
    # 75 % of two eggs are two.
    assert [after for _, after in places["Ailleurs"]] == [3, 3, 1]
    here = effect_of(session, product, with_eggs(pizzeria), other.restaurant.id)
    assert [place.restaurant for place in here.places] == ["Ailleurs"]
    assert recipe_of(product) != with_eggs(pizzeria)


def test_a_unit_cost_is_written_once_and_told(session, pizzeria, signed):
    flour = pizzeria.ingredients["farine"]
    version = flour.version
    change_ingredient(session, flour.id, cost(85), version, signed)
    with pytest.raises(StaleVersion):
        change_ingredient(session, flour.id, cost(90), version, signed)
    change_ingredient(session, flour.id, cost(85), version, signed)
    (written,) = session.scalars(select(StaffChange))
    assert (written.facts_before, written.facts_after) == (
        {"unit_cost_g": None},
        {"unit_cost_g": 85},
    )
