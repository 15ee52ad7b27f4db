"""Whatever a manager sends as a recipe, a cost, a price: a message at its field, no crash."""

import pytest

from forms.test_bad_input import VALUES, check
from views.website import HERE

RECIPE = f"/equipe/{HERE}/produits/margherita/recette"
COST = f"/equipe/{HERE}/produits/ingredients/couts/1"
GOOD = {
    "text": "Étaler.",
    "row_0-ingredient_id": "1",
    "row_0-quantity": "160 g",
    "row_0-removable": "y",
    "row_29-ingredient_id": "2",
    "row_29-quantity": "2",
    "version": "1",
    "seen": "x",
    "enregistrer": "1",
}


@pytest.mark.parametrize("field", GOOD)
def test_a_field_of_a_recipe_may_hold_anything(website, field):
    group = website.staff("direction")
    for value in VALUES:
        check(group.post_form(RECIPE, GOOD | {field: value}), (field, value[:40]))
    missing = {name: each for name, each in GOOD.items() if name != field}
    check(group.post_form(RECIPE, missing), (field, "missing"))


@pytest.mark.parametrize("field", ["cost_cents", "diet", "spicy", "version"])
def test_a_field_of_a_cost_may_hold_anything(website, field):
    group = website.staff("direction")
    for value in VALUES:
        form = {"cost_cents": "0,85", "diet": "pork", "spicy": "y", "version": "1"}
        check(group.post_form(COST, form | {field: value}), (field, value[:40]))


MEAT = f"/equipe/{HERE}/produits/ingredients/viandes/4"
ORIGIN = {
    "bought": "prepared",
    "pork-present": "y",
    "pork-born": "France",
    "pork-reared": "France",
    "pork-slaughtered": "France",
    "supplier": "own",
    "seen": "x",
}


@pytest.mark.parametrize("field", ORIGIN)
def test_a_field_of_an_origin_may_hold_anything(website, field):
    group = website.staff("direction")
    for value in VALUES:
        for address in (MEAT, f"{MEAT}/ici"):
            check(group.post_form(address, ORIGIN | {field: value}), (field, value[:40]))


PRICES = f"/equipe/{HERE}/produits/margherita/prix"
PRICE = {
    "size_id": "2",
    "place": "group",
    "price_cents": "12,50",
    "starts_on": "2026-12-24",
    "group_2": "950",
}


@pytest.mark.parametrize("field", PRICE)
def test_a_field_of_a_price_may_hold_anything(website, field):
    group = website.staff("direction")
    for value in VALUES:
        check(group.post_form(PRICES, PRICE | {field: value}), (field, value[:40]))
        check(group.post_form(PRICES, PRICE | {f"group_{value}": "1"}), ("name", value[:40]))
    for way in ("annuler", "du-groupe"):
        for value in VALUES:
            sent = {"size": value, "change": value, "shown": value}
            check(group.post_form(f"{PRICES}/{way}", sent), (way, value[:40]))


EDIT = f"/equipe/{HERE}/produits/margherita/fiche"
NEW = f"/equipe/{HERE}/produits/nouveau"
PRODUCT = {
    "name": "Tartufo",
    "kind": "pizza",
    "vat_class": "prepared_food",
    "description": "À la truffe.",
    "description_en": "With truffle.",
    "available": "y",
    "size_0-size_id": "1",
    "size_0-name": "Classique",
    "size_0-name_en": "Classic",
    "size_0-factor_percent": "100",
    "size_0-active": "y",
    "size_7-name": "Géante",
    "size_7-price_cents": "25",
    "size_7-factor_percent": "200",
    "default": "0",
    "restaurants": "1",
    "version": "1",
}


@pytest.mark.parametrize("field", PRODUCT)
def test_a_field_of_a_product_may_hold_anything(website, field):
    group = website.staff("direction")
    for value in VALUES:
        for path in (EDIT, NEW):
            check(group.post_form(path, PRODUCT | {field: value}), (field, value[:40]))
