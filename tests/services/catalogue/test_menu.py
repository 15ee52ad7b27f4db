"""UC1.1: the menu of a restaurant, with its prices and stock."""

from collections import OrderedDict

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from databases import counted_statements
from factories import make_branch, make_ingredient, make_pizza, make_pizzeria
from ocpizza.models.ingredient import Allergen
from ocpizza.models.price import HiddenProduct, RestaurantPrice
from ocpizza.models.product import Kind
from ocpizza.services.catalogue import cache
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.typography import typeset


def menu_of(session, pizzeria):
    session.flush()
    return read_menu(session, pizzeria.restaurant.id)


def product_of(session, pizzeria, slug):
    return menu_of(session, pizzeria).assortment.by_slug[slug]


def left_of(session, pizzeria, slug):
    menu = menu_of(session, pizzeria)
    return menu.left(menu.assortment.by_slug[slug])


def test_the_menu_is_two_statements_and_one_once_it_is_known(session, pizzeria):
    for expected in (2, 1):
        with counted_statements(session.connection()) as statements:
            menu = menu_of(session, pizzeria)
        assert len(statements) == expected
        assert len(menu.products) == 4


def test_ingredients_that_were_stored_before_are_typeset_as_well(session, pizzeria):
    told = {"name": "Sel : 5 g", "name_en": "Salt: 5 g", "short": "sel ; 5 g"}
    session.execute(
        text(
            "UPDATE ingredient SET name = :name, name_en = :name_en, short_name = :short,"
            " short_name_en = :short"
        ),
        told,
    )
    product = product_of(session, pizzeria, "regina")
    for one in (*product.composition, *product.extras):
        found = one.ingredient
        names = (found.name, found.name_en, found.short_name, found.short_name_en)
        assert names == tuple(typeset(told[key]) for key in ("name", "name_en", "short", "short"))


def test_a_product_comes_with_all_that_is_shown_of_it(session, pizzeria):
    regina = product_of(session, pizzeria, "regina")
    assert (regina.kind, regina.name, regina.available) == (Kind.PIZZA, "Regina", True)
    sizes = [(size.code, size.price_cents, size.factor_percent) for size in regina.sizes]
    assert sizes == [("junior", 900, 75), ("medium", 1150, 100), ("family", 1750, 170)]
    assert regina.default_size.code == "medium"
    composition = [(c.ingredient.code, c.quantity, c.removable) for c in regina.composition]
    assert composition == [
        ("farine", 160, False),
        ("sauce-tomate", 80, False),
        ("mozzarella", 120, True),
        ("jambon", 60, True),
        ("champignons", 50, True),
    ]
    extras = [(extra.ingredient.code, extra.quantity, extra.price_cents) for extra in regina.extras]
    assert extras == [("oeuf", 1, 100), ("mozzarella", 40, 125)]
    assert regina.allergens == [Allergen.GLUTEN, Allergen.MILK]


def test_pizzas_come_before_drinks_whatever_their_position(session, pizzeria):
    pizzeria.products["cola"].position = -1
    kinds = [product.kind for product in menu_of(session, pizzeria).products]
    assert kinds == [Kind.PIZZA, Kind.PIZZA, Kind.DRINK, Kind.DRINK]


def test_the_menu_says_what_is_left(session):
    pizzeria = make_pizzeria(session, stock={"jambon": 190, "mozzarella": 0})
    assert left_of(session, pizzeria, "margherita") == 0
    assert left_of(session, pizzeria, "regina") == 0
    assert left_of(session, pizzeria, "cola") == 100_000


def test_each_restaurant_has_its_own_stock(session, pizzeria):
    branch = make_branch(session, pizzeria, code="city_002", stock={"jambon": 120})
    assert left_of(session, pizzeria, "regina") == 625
    assert left_of(session, branch, "regina") == 2


def test_an_ingredient_that_was_never_delivered_is_not_there(session, pizzeria):
    truffle = make_ingredient(session, "truffe")
    make_pizza(session, "tartufo", (1, 2, 3), {pizzeria.ingredients["farine"]: 160, truffle: 1})
    assert left_of(session, pizzeria, "tartufo") == 0


def test_a_restaurant_sells_at_its_own_price_and_the_others_do_not(session, pizzeria):
    branch = make_branch(session, pizzeria, code="city_002")
    size_id = pizzeria.size("regina").id
    own = {"restaurant_id": branch.restaurant.id, "price_cents": 1290}
    session.add(RestaurantPrice(product_size_id=size_id, **own))
    assert product_of(session, branch, "regina").default_size.price_cents == 1290
    assert product_of(session, pizzeria, "regina").default_size.price_cents == 1150


def test_a_product_whose_recipe_is_not_written_yet_is_not_on_the_menu(session, pizzeria):
    product = pizzeria.products["regina"]
    product.composition = []
    assert "regina" not in menu_of(session, pizzeria).assortment.by_slug


def test_a_hidden_product_is_not_on_the_menu(session, pizzeria):
    branch = make_branch(session, pizzeria, code="city_002")
    hidden = {"restaurant_id": branch.restaurant.id, "product_id": pizzeria.products["biere"].id}
    session.add(HiddenProduct(**hidden))
    assert "biere" not in menu_of(session, branch).assortment.by_slug
    assert len(menu_of(session, pizzeria).products) == 4


def test_a_product_that_is_not_on_sale_stays_on_the_menu(session, pizzeria):
    pizzeria.products["regina"].available = False
    assert not product_of(session, pizzeria, "regina").available
    assert left_of(session, pizzeria, "regina") == 0


CHANGES = {
    "name": "UPDATE product SET name = 'Reine' WHERE slug = 'regina'",
    "price": "UPDATE product_size SET price_cents = 1 WHERE code = 'medium'",
    "recipe": "UPDATE composition SET quantity = quantity + 1",
    "extra": "DELETE FROM product_extra",
    "ingredient": "UPDATE ingredient SET name = 'Jambon cru' WHERE code = 'jambon'",
    "allergen": "DELETE FROM ingredient_allergen",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_catalogue_is_seen_at_once(session, pizzeria, change):
    before = menu_of(session, pizzeria)
    session.execute(text(change))
    after = menu_of(session, pizzeria)
    assert shown(after) != shown(before)


def shown(menu):
    """All that is read of a menu, in a form that can be compared."""
    return [(p.name, p.sizes, p.composition, p.extras) for p in menu.products]


def test_what_was_rolled_back_is_not_shown_to_others(committed_database):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        restaurant_id = pizzeria.restaurant.id
    with Session(committed_database) as session:
        session.execute(text(CHANGES["name"]))
        assert "Reine" in [product.name for product in read_menu(session, restaurant_id).products]
        session.rollback()
        names = [product.name for product in read_menu(session, restaurant_id).products]
    assert "Reine" not in names
    assert "Regina" in names


def test_only_so_many_readings_are_kept(monkeypatch):
    monkeypatch.setattr(cache, "_cache", OrderedDict())
    for number in range(cache.MAX_ENTRIES + 1):
        cache.cached("token", number, lambda: object())
    assert len(cache._cache) == cache.MAX_ENTRIES
    assert ("token", 0) not in cache._cache
