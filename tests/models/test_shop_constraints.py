"""Restaurants, menus, stock and people as the database guards them."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from factories import (
    NOON,
    make_account,
    make_ingredient,
    make_legal_entity,
    make_restaurant,
    make_staff,
    stock_up,
)
from ocpizza.models.account import Role
from ocpizza.models.card import SavedCard
from ocpizza.models.ingredient import IngredientAllergen
from ocpizza.models.product import Composition, ProductExtra, ProductSize
from ocpizza.models.stock import Reason, Stock, StockMovement
from refusals import refused_by


def test_stock_never_goes_below_zero(session, pizzeria):
    with refused_by(session, "ck_stock_quantity_not_negative"):
        session.execute(update(Stock.__table__).values(quantity=-1))


def test_a_movement_below_zero_is_refused(session, pizzeria):
    eggs = pizzeria.ingredients["oeuf"]
    with refused_by(session, "ck_stock_"):
        stock_up(session, pizzeria.restaurant, {eggs: -100_001}, reason=Reason.WASTE)


def test_a_movement_moves_something(session, pizzeria):
    with refused_by(session, "ck_stock_movement_delta_not_zero"):
        session.add(
            StockMovement(
                restaurant_id=pizzeria.restaurant.id,
                ingredient_id=pizzeria.ingredients["oeuf"].id,
                delta=0,
                quantity_after=1,
                reason=Reason.CORRECTION,
                at=NOON,
            )
        )


def test_only_what_is_in_stock_moves(session, pizzeria):
    truffle = make_ingredient(session, "truffe")
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(
            StockMovement(
                restaurant_id=pizzeria.restaurant.id,
                ingredient_id=truffle.id,
                delta=1,
                quantity_after=1,
                reason=Reason.SUPPLY,
                at=NOON,
            )
        )


@pytest.mark.parametrize("role", [Role.CASHIER, Role.PIZZAIOLO, Role.DRIVER])
def test_only_a_manager_may_be_of_no_restaurant(session, role):
    with refused_by(session, "ck_employee_has_restaurant"):
        make_staff(session, role)


def test_the_manager_of_the_group_is_of_no_restaurant(session):
    assert make_staff(session, Role.MANAGER).employee.restaurant_id is None


def test_a_customer_is_no_employee(session, pizzeria):
    with refused_by(session, "ck_employee_role_is_staff"):
        make_staff(session, Role.CUSTOMER, pizzeria.restaurant)


@pytest.mark.parametrize("column", ["email", "identifier"])
def test_names_to_sign_in_with_are_in_lower_case(session, column):
    with refused_by(session, f"ck_account_{column}_lower"):
        make_account(session, **{column: "Julia@example.org"})


@pytest.mark.parametrize("column", ["email", "identifier"])
def test_names_to_sign_in_with_are_taken_once(session, column):
    make_account(session, **{column: "julia@example.org"})
    with refused_by(session, column):
        make_account(session, **{column: "julia@example.org"})


def test_a_saved_card_shows_four_digits(session):
    customer = make_account(session)
    with refused_by(session, "ck_saved_card_last4_length"):
        card = {"stripe_payment_method_id": "pm_1", "brand": "visa", "last4": "42"}
        session.add(SavedCard(account_id=customer.id, saved_at=NOON, **card))


def test_a_product_has_one_default_size(session, pizzeria):
    with refused_by(session, "uq_product_size_default"):
        session.execute(update(ProductSize.__table__).values(is_default=True))


@pytest.mark.parametrize(
    ("table", "values", "constraint"),
    [
        (ProductSize, {"price_cents": -1}, "ck_product_size_price_not_negative"),
        (ProductSize, {"factor_percent": 0}, "ck_product_size_factor_positive"),
        (Composition, {"quantity": 0}, "ck_composition_quantity_positive"),
        (ProductExtra, {"price_cents": -1}, "ck_product_extra_price_not_negative"),
    ],
)
def test_a_menu_that_makes_no_sense_is_refused(session, pizzeria, table, values, constraint):
    with refused_by(session, constraint):
        session.execute(update(table.__table__).values(values))


def test_an_allergen_is_one_of_the_fourteen(session, pizzeria):
    with refused_by(session, "ck_ingredient_allergen_allergen"):
        session.connection().exec_driver_sql("UPDATE ingredient_allergen SET allergen = 'dust'")
    assert session.query(IngredientAllergen).count() == 4


@pytest.mark.parametrize("hours", [(7, 600, 900), (0, 300, 900), (0, 900, 900), (0, 600, 1801)])
def test_hours_outside_the_business_day_are_refused(session, hours):
    with refused_by(session, "ck_opening_hours_"):
        make_restaurant(session, code="city_009", hours=[hours])


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"delivery_fee_cents": -1}, "ck_restaurant_delivery_fee_positive"),
        ({"minimum_order_cents": -1}, "ck_restaurant_minimum_order_positive"),
        ({"preparation_minutes": 0}, "ck_restaurant_preparation_minutes_positive"),
        ({"delivery_minutes": 0}, "ck_restaurant_delivery_minutes_positive"),
    ],
)
def test_a_restaurant_that_makes_no_sense_is_refused(session, values, constraint):
    with refused_by(session, constraint):
        make_restaurant(session, code="city_009", **values)


def test_a_legal_entity_has_a_whole_siret(session):
    with refused_by(session, "ck_legal_entity_siret_length"):
        make_legal_entity(session, siret="123")
