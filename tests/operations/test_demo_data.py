"""The demo chain: five restaurants that add up, loaded into an empty database only."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from factories import NOON, make_restaurant
from guessing import check_password
from ocpizza.models.account import Employee, Role
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.product import Kind, Product
from ocpizza.models.promotion import Promotion, PromotionKind
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.stock import Stock
from ocpizza.operations.demo_data import PASSWORD, NotEmpty, demo_sign_ins, load_demo_data
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.catalogue.restaurants import list_restaurants


def number_of(session: Session, table, *where) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where))


def test_the_demo_chain_adds_up_and_is_loaded_once(demo_database, add_up):
    add_up(demo_database)
    with Session(demo_database) as session, session.begin():
        before = number_of(session, Product)
        with pytest.raises(NotEmpty):
            load_demo_data(session, NOON)
        assert number_of(session, Product) == before


def test_demo_data_does_not_mix_with_a_chain_of_ones_own(session):
    make_restaurant(session)
    with pytest.raises(NotEmpty):
        load_demo_data(session, NOON)
    assert number_of(session, Ingredient) == 0


def test_the_demo_chain_shows_all_that_the_shop_can_do(session):
    load_demo_data(session, NOON)
    assert number_of(session, Restaurant) == 5
    assert number_of(session, Product, Product.kind == Kind.PIZZA) >= 16
    assert set(session.scalars(select(Product.kind))) == set(Kind)
    assert set(session.scalars(select(Promotion.kind))) == set(PromotionKind)
    assert set(session.scalars(select(Employee.role))) == set(Role) - {Role.CUSTOMER}
    restaurants, ingredients = number_of(session, Restaurant), number_of(session, Ingredient)
    assert number_of(session, Stock) == restaurants * ingredients


def test_each_demo_restaurant_has_a_menu_with_an_end(session):
    load_demo_data(session, NOON)
    for point in list_restaurants(session):
        menu = read_menu(session, point.id)
        assert any(menu.orderable(product) for product in menu.of_kind(Kind.PIZZA))
        for product in menu.products:
            assert len([size for size in product.sizes if size.is_default]) == 1


def test_each_demo_sign_in_works(session):
    load_demo_data(session, NOON)
    sign_ins = demo_sign_ins()
    assert {role for _, role, _ in sign_ins} == set(Role)
    for identifier, role, _ in (sign_ins[0], sign_ins[-1]):
        account = check_password(session, identifier, PASSWORD)
        assert (account.employee.role if account.employee else Role.CUSTOMER) == role
