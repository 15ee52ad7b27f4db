"""Each list of words is in the order of reading, on PostgreSQL and on SQLite."""

import pytest

from factories import make_branch, make_drink, make_ingredient, make_promotion
from ocpizza.models.product import Kind
from ocpizza.models.vat import VatClass
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.catalogue.sellers import list_sellers
from ocpizza.services.promotion.queries import all_restaurants, list_promotions, list_sizes
from ocpizza.services.promotion.terms import listed_terms

MIXED = ["Zoé", "Œufs", "olive", "Évry", "Emma", "étang"]
SORTED = ["Emma", "étang", "Évry", "Œufs", "olive", "Zoé"]


@pytest.fixture
def branches(session, pizzeria):
    """Restaurants of one company with these names; the first one has another."""
    pizzeria.restaurant.name = "Abbeville"
    entity = pizzeria.restaurant.legal_entity
    return [
        make_branch(session, pizzeria, code=f"city_1{place}", name=name, legal_entity=entity)
        for place, name in enumerate(MIXED)
    ]


def test_restaurants(session, branches):
    expected = ["Abbeville", *SORTED]
    assert [point.name for point in list_restaurants(session)] == expected
    assert [name for _, name in all_restaurants(session)] == expected
    (here,) = list_sellers(session).values()
    assert [restaurant.name for restaurant in here] == expected


def test_promotions_and_where_they_hold(session, branches):
    for place, name in enumerate(MIXED):
        at = [branch.restaurant for branch in branches]
        make_promotion(session, f"CODE{place}", name=name, at=at)
    assert [terms.name for terms in listed_terms(session)] == SORTED
    assert list_promotions(session, None)[0].restaurants == SORTED


def test_products_of_one_place_on_the_menu(session, pizzeria):
    for place, name in enumerate(MIXED):
        ingredient = make_ingredient(session, f"boisson-{place}", name=name)
        vat = VatClass.SEALED_DRINK
        make_drink(session, ingredient, cents=300, vat_class=vat, position=99_000)
    drinks = read_menu(session, pizzeria.restaurant.id).of_kind(Kind.DRINK)
    assert [drink.name for drink in drinks if drink.name in MIXED] == SORTED
    names = [name.partition(",")[0] for _, name in list_sizes(session)]
    assert [name for name in names if name in MIXED] == SORTED
