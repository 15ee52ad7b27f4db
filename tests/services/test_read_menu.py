"""UC1.1: the menu of a restaurant, with its prices and stock, in one statement."""

import pytest

from databases import counted_statements
from factories import make_branch, make_ingredient, make_pizza, make_pizzeria
from ocpizza.models.ingredient import Allergen
from ocpizza.models.offer import HiddenProduct, RestaurantPrice
from ocpizza.models.product import Kind
from ocpizza.services.read_menu import read_menu


def menu_of(session, pizzeria, **part):
    session.flush()
    return read_menu(session, pizzeria.restaurant.id, **part)


def product_of(session, pizzeria, slug):
    (product,) = menu_of(session, pizzeria, slug=slug).products
    return product


@pytest.mark.parametrize("extras", [True, False])
def test_the_whole_menu_is_one_statement(session, pizzeria, extras):
    with counted_statements(session.connection()) as statements:
        menu = menu_of(session, pizzeria, extras=extras)
    assert len(statements) == 1
    assert len(menu.products) == 4


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
    assert product_of(session, pizzeria, "margherita").left == 0
    assert not product_of(session, pizzeria, "margherita").orderable
    assert product_of(session, pizzeria, "cola").left == 100_000


def test_each_restaurant_has_its_own_stock(session, pizzeria):
    branch = make_branch(session, pizzeria, code="city_002", stock={"jambon": 120})
    assert product_of(session, pizzeria, "regina").left == 625
    assert product_of(session, branch, "regina").left == 2


def test_an_ingredient_that_was_never_delivered_is_not_there(session, pizzeria):
    truffle = make_ingredient(session, "truffe")
    make_pizza(session, "tartufo", (1, 2, 3), {pizzeria.ingredients["farine"]: 160, truffle: 1})
    assert product_of(session, pizzeria, "tartufo").left == 0


def test_a_restaurant_sells_at_its_own_price_and_the_others_do_not(session, pizzeria):
    branch = make_branch(session, pizzeria, code="city_002")
    size_id = pizzeria.size("regina").id
    own = {"restaurant_id": branch.restaurant.id, "price_cents": 1290}
    session.add(RestaurantPrice(product_size_id=size_id, **own))
    assert product_of(session, branch, "regina").default_size.price_cents == 1290
    assert product_of(session, pizzeria, "regina").default_size.price_cents == 1150


def test_a_hidden_product_is_not_on_the_menu(session, pizzeria):
    branch = make_branch(session, pizzeria, code="city_002")
    hidden = {"restaurant_id": branch.restaurant.id, "product_id": pizzeria.products["biere"].id}
    session.add(HiddenProduct(**hidden))
    assert menu_of(session, branch, slug="biere").products == ()
    assert len(menu_of(session, pizzeria).products) == 4


def test_a_product_that_is_not_on_sale_stays_on_the_menu(session, pizzeria):
    pizzeria.products["regina"].available = False
    regina = product_of(session, pizzeria, "regina")
    assert (regina.available, regina.left, regina.orderable) == (False, 0, False)


def test_part_of_the_menu_holds_the_products_of_these_sizes(session, pizzeria):
    size_ids = {pizzeria.size("regina", "junior").id, pizzeria.size("cola").id}
    menu = menu_of(session, pizzeria, size_ids=size_ids)
    assert [product.slug for product in menu.products] == ["regina", "cola"]
    assert menu_of(session, pizzeria, size_ids=[]).products == ()


def test_extras_may_be_left_out(session, pizzeria):
    assert all(
        product.extras == () for product in menu_of(session, pizzeria, extras=False).products
    )
