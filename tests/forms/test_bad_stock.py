"""Whatever somebody types of a stock: a message at its field, never a crash."""

import pytest
from webob.multidict import MultiDict

from forms.test_bad_input import VALUES, check
from ocpizza.forms.stock import MeasuredForm, StockChangeForm
from ocpizza.models.ingredient import Ingredient, Unit
from ocpizza.models.stock import StockMovement
from views.website import HERE

GOOD = {"reason": "supply", "quantity": "2,5", "counted_in": "1000", "note": "", "seen": "1"}
FLOUR = Ingredient(unit=Unit.GRAM, unit_quantity=500)
EGGS = Ingredient(unit=Unit.PIECE, unit_quantity=12)
OIL = Ingredient(unit=Unit.MILLILITRE, unit_quantity=1)


@pytest.mark.parametrize("field", GOOD)
def test_a_field_of_a_stock_may_hold_anything(website, field):
    manager = website.staff("manager")
    ham = website.pizzeria.ingredients["jambon"].id
    path = f"/equipe/{HERE}/stock/{ham}"
    for value in VALUES:
        check(manager.post_form(path, GOOD | {field: value}), (field, value[:40]))
        check(manager.get(path, {"avant": value[:600], "apres": value[:600]}), value[:40])
    missing = {name: each for name, each in GOOD.items() if name != field}
    check(manager.post_form(path, missing), (field, "missing"))
    with website.session() as session:
        # Nobody said what they had seen.
        assert session.query(StockMovement).filter_by(reason="supply").count() == 0


@pytest.mark.parametrize("field", ["quantity", "counted_in", "before"])
def test_a_field_of_a_count_may_hold_anything(website, field):
    manager = website.staff("manager")
    count = f"/equipe/{HERE}/stock/inventaire"
    manager.post_form(count)
    good = {"quantity": "2,5", "counted_in": "1000", "before": ""}
    for value in VALUES:
        path = f"{count}/{website.pizzeria.ingredients['jambon'].id}"
        check(manager.post_form(path, good | {field: value}), (field, value[:40]))
        for name in ("count", "version"):
            sent = {"count": "1", "version": "1"} | {name: value}
            if value != "1":
                check(manager.post_form(f"{count}/ecarts", sent), (name, value[:40]))
                check(manager.post_form(f"{count}/abandonner", {name: value}), value[:40])


def typed(ingredient: Ingredient, quantity: str, counted_in: int) -> MeasuredForm:
    form = MeasuredForm(MultiDict(quantity=quantity, counted_in=str(counted_in)), ingredient)
    form.validate()
    return form


@pytest.mark.parametrize(
    ("ingredient", "quantity", "counted_in", "whole"),
    [
        (FLOUR, "2,5", 1000, 2500),
        (FLOUR, "2.5", 1000, 2500),
        (FLOUR, "3", 500, 1500),
        (FLOUR, "1,5", 500, 750),
        (FLOUR, "1 500", 1, 1500),
        (FLOUR, "1\u202f500", 1, 1500),
        (FLOUR, "2,5 kg", 1, 2500),
        (FLOUR, "250g", 500, 250),
        (FLOUR, "0", 500, 0),
        (FLOUR, "0,125", 1000, 125),
        (EGGS, "30", 1, 30),
        (EGGS, "2,5", 12, 30),
        (OIL, "0,75 L", 1, 750),
        (OIL, "33", 1, 33),
    ],
)
def test_a_quantity_is_read_as_people_count_it(ingredient, quantity, counted_in, whole):
    form = typed(ingredient, quantity, counted_in)
    assert (form.errors, form.whole) == ({}, whole)


@pytest.mark.parametrize(
    ("ingredient", "quantity", "counted_in", "said"),
    [
        (FLOUR, "", 1000, "Indiquez une quantité."),
        (FLOUR, "deux", 1000, "Indiquez une quantité comme 2,5."),
        (FLOUR, "-2", 1000, "Indiquez une quantité comme 2,5."),
        (FLOUR, "0,5", 1, "Comptez en grammes entiers."),
        (FLOUR, "2 l", 1000, "Cet ingrédient ne se compte pas dans cette unité."),
        (EGGS, "0,5", 1, "Comptez en pièces entières."),
        (EGGS, "2 kg", 1, "Cet ingrédient ne se compte pas dans cette unité."),
        (OIL, "0,3", 1, "Comptez en millilitres entiers."),
        (FLOUR, "10001", 1000, "C’est plus que ce qu’un restaurant peut garder."),
    ],
)
def test_what_is_no_quantity_of_it_says_why(ingredient, quantity, counted_in, said):
    assert typed(ingredient, quantity, counted_in).errors == {"quantity": [said]}


def test_what_people_mostly_count_in_is_offered_first():
    offered = [MeasuredForm(None, each).measures for each in (FLOUR, EGGS, OIL)]
    assert offered == [[500, 1000, 1], [12, 1], [1000, 1]]


@pytest.mark.parametrize("reason", ["supply", "waste"])
def test_nothing_delivered_or_thrown_away_is_no_movement(reason):
    form = StockChangeForm(MultiDict(GOOD | {"reason": reason, "quantity": "0"}), FLOUR)
    assert not form.validate()
    assert form.errors == {"quantity": ["Indiquez une quantité."]}
