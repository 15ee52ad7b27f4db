"""Where meats come from: the group's supplier, a restaurant's own, nobody knows."""

import pytest

from factories import author_of, make_branch, make_staff
from ocpizza.domain.meat import MeatOrigin, state_of
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.domain.wishes import Wanted, Wish, to_leave_out
from ocpizza.models.account import Role
from ocpizza.models.ingredient import Diet
from ocpizza.models.meat import Meat, RestaurantMeat
from ocpizza.services.catalogue.meats import meats_here, set_meats, set_own_meats
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.trail.record import Signature
from rows import NOON

FRANCE = (("FR",), ("FR",), ("FR",))
HAM = MeatOrigin(Meat.PORK, True, *FRANCE)
BELGIAN = MeatOrigin(Meat.PORK, True, (), ("BE",), ("FR",))
UNKNOWN = MeatOrigin(Meat.PORK, True)


@pytest.fixture
def signed(session, pizzeria):
    return Signature(author_of(make_staff(session, Role.MANAGER)), NOON)


@pytest.fixture
def ham(session, pizzeria, signed):
    found = pizzeria.ingredients["jambon"]
    set_meats(session, found.id, (HAM,), "", signed)
    return found


def meats_of_regina(session, pizzeria):
    regina = read_menu(session, pizzeria.restaurant.id).assortment.by_slug["regina"]
    return {one.code: one.meats for one in regina.with_meat}


def test_the_menu_tells_the_meats_of_a_pizza_with_what_is_on_it(session, pizzeria, ham):
    assert meats_of_regina(session, pizzeria) == {"jambon": (HAM,)}
    margherita = read_menu(session, pizzeria.restaurant.id).assortment.by_slug["margherita"]
    assert margherita.with_meat == []


def test_a_restaurant_with_another_supplier_tells_its_own_origin(session, pizzeria, ham, signed):
    branch = make_branch(session, pizzeria, code="city_002", slug="ailleurs")
    set_own_meats(session, ham.id, branch.restaurant.id, (BELGIAN,), "", signed)
    assert meats_of_regina(session, branch) == {"jambon": (BELGIAN,)}
    assert meats_of_regina(session, pizzeria) == {"jambon": (HAM,)}
    set_own_meats(session, ham.id, branch.restaurant.id, None, state_of([BELGIAN]), signed)
    assert meats_of_regina(session, branch) == {"jambon": (HAM,)}


def test_a_supplier_whose_origin_nobody_knows_is_not_said_to_be_the_groups(
    session, pizzeria, ham, signed
):
    set_own_meats(session, ham.id, pizzeria.restaurant.id, (UNKNOWN,), "", signed)
    assert meats_of_regina(session, pizzeria) == {"jambon": (UNKNOWN,)}
    assert not UNKNOWN.known


def test_a_meat_that_an_ingredient_has_no_more_is_no_restaurants_either(
    session, pizzeria, ham, signed
):
    set_own_meats(session, ham.id, pizzeria.restaurant.id, (BELGIAN,), "", signed)
    set_meats(session, ham.id, (), state_of([HAM]), signed)
    assert meats_of_regina(session, pizzeria) == {}
    assert session.query(RestaurantMeat).count() == 0


def test_what_somebody_else_changed_meanwhile_is_not_written_over(session, pizzeria, ham, signed):
    with pytest.raises(StaleVersion):
        set_meats(session, ham.id, (BELGIAN,), "", signed)
    with pytest.raises(StaleVersion):
        set_own_meats(session, ham.id, pizzeria.restaurant.id, (BELGIAN,), "x", signed)
    set_meats(session, ham.id, (HAM,), "", signed)


def test_meats_are_read_for_all_ingredients_of_a_restaurant_at_once(session, pizzeria, ham):
    assert meats_here(session, pizzeria.restaurant.id) == {ham.id: (HAM,)}


def test_who_avoids_pork_is_offered_none_whatever_its_diet_says(session, pizzeria, ham):
    for one in pizzeria.ingredients.values():
        one.diet = Diet.VEGETARIAN
    session.flush()
    menu = read_menu(session, pizzeria.restaurant.id).assortment.by_slug
    for wish in (Wish.WITHOUT_PORK, Wish.VEGETARIAN):
        wanted = Wanted(wishes=frozenset([wish]))
        assert [one.code for one in to_leave_out(menu["regina"], wanted)] == ["jambon"]
        assert to_leave_out(menu["margherita"], wanted) == ()
