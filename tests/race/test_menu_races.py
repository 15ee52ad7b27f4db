"""Managers who change the same recipe, price or menu at the same moment, while it is sold."""

from dataclasses import replace
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, author_of, make_pizzeria, make_staff, order_of, the_pizzeria
from ocpizza.domain.extras import OfferedExtra
from ocpizza.domain.recipe import Amount
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Role
from ocpizza.models.price import HiddenProduct, PriceChange
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.catalogue.assortment import sell_here
from ocpizza.services.catalogue.extras import change_extras, extras_of
from ocpizza.services.catalogue.managing import whole_product
from ocpizza.services.catalogue.prices import NewPrice, set_price
from ocpizza.services.catalogue.recipe import change_recipe, recipe_of
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.trail.record import Signature


def settle(engine) -> Signature:
    with Session(engine) as session, session.begin():
        make_pizzeria(session)
        return Signature(author_of(make_staff(session, Role.MANAGER)), NOON)


def rows(session: Session, model) -> int:
    return session.scalars(select(func.count()).select_from(model)).one()


def with_flour(signed: Signature, version: int, grams: int, session: Session) -> int:
    product = the_pizzeria(session).products["margherita"]
    recipe = recipe_of(product)
    first = recipe.amounts[0]
    amounts = (Amount(first.ingredient_id, grams, first.removable), *recipe.amounts[1:])
    new = replace(recipe, amounts=amounts)
    change_recipe(session, product.id, version, new, None, signed)
    return grams


def test_of_managers_who_save_a_recipe_at_once_one_is_heard(committed_database):
    signed = settle(committed_database)
    with Session(committed_database) as session:
        version = the_pizzeria(session).products["margherita"].version
    actions = [partial(with_flour, signed, version, 200 + each) for each in range(6)]
    (heard,) = succeeded(all_at_once(committed_database, actions), StaleVersion)
    with Session(committed_database) as session:
        id = the_pizzeria(session).products["margherita"].id
        assert recipe_of(whole_product(session, id)).amounts[0].quantity == heard
        assert rows(session, StaffChange) == 1


def with_ham(signed: Signature, version: int, cents: int, session: Session) -> int:
    pizzeria = the_pizzeria(session)
    ham = OfferedExtra(pizzeria.ingredients["jambon"].id, 40, cents)
    product = pizzeria.products["margherita"]
    change_extras(session, product.id, version, [ham], None, signed)
    return cents


def test_of_managers_who_save_extras_at_once_one_is_heard(committed_database):
    signed = settle(committed_database)
    with Session(committed_database) as session:
        version = the_pizzeria(session).products["margherita"].version
    actions = [partial(with_ham, signed, version, 200 + each) for each in range(6)]
    (heard,) = succeeded(all_at_once(committed_database, actions), StaleVersion)
    with Session(committed_database) as session:
        id = the_pizzeria(session).products["margherita"].id
        assert [each.price_cents for each in extras_of(whole_product(session, id))] == [heard]
        assert rows(session, StaffChange) == 1


def test_orders_placed_while_the_recipe_changes_give_back_what_they_took(
    committed_database, add_up
):
    signed = settle(committed_database)
    with Session(committed_database) as session:
        pizzeria = the_pizzeria(session)
        version = pizzeria.products["margherita"].version
        before = pizzeria.stock_of(session, "farine")

    def order(session: Session) -> int:
        pizzeria = the_pizzeria(session)
        return order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)]).id

    actions = [order] * 4 + [partial(with_flour, signed, version, 300)]
    *orders, _ = all_at_once(committed_database, actions)
    add_up(committed_database)
    with Session(committed_database) as session, session.begin():
        for id in orders:
            cancel_order(session, id, None, NOON)
    with Session(committed_database) as session:
        assert the_pizzeria(session).stock_of(session, "farine") == before
    add_up(committed_database)


def test_of_managers_who_set_a_price_at_once_one_is_heard(committed_database):
    signed = settle(committed_database)

    def put(cents: int, session: Session) -> int:
        pizzeria = the_pizzeria(session)
        new = NewPrice(pizzeria.size("margherita").id, cents, None, NOON)
        set_price(session, pizzeria.products["margherita"], new, 950, None, signed)
        return cents

    outcomes = all_at_once(committed_database, [partial(put, 1000 + each) for each in range(6)])
    (heard,) = succeeded(outcomes, StaleVersion)
    with Session(committed_database) as session:
        assert the_pizzeria(session).size("margherita").price_cents == heard
        assert rows(session, PriceChange) == rows(session, StaffChange) == 1


def test_a_product_hidden_many_times_at_once_is_hidden_once(committed_database):
    signed = settle(committed_database)

    def hide(session: Session) -> None:
        pizzeria = the_pizzeria(session)
        product, here = pizzeria.products["margherita"], pizzeria.restaurant.id
        sell_here(session, product, here, False, signed)

    assert all_at_once(committed_database, [hide] * 6) == [None] * 6
    with Session(committed_database) as session:
        assert rows(session, HiddenProduct) == rows(session, StaffChange) == 1
