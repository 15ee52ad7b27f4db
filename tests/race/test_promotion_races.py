"""Many customers with one promotion: its limits hold, whatever runs at the same time."""

from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import (
    NOON,
    author_of,
    checkout_of,
    details_of,
    make_account,
    make_basket,
    make_pizzeria,
    make_promotion,
    make_staff,
    order_of,
)
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import DetailsMissing, TotalChanged
from ocpizza.domain.promotion import Ineligibility, PromotionLost
from ocpizza.domain.selection import Chosen
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Role
from ocpizza.models.order import Order, Source
from ocpizza.models.payment import Means
from ocpizza.models.promotion import Promotion, PromotionUse
from ocpizza.models.vat import Mode
from ocpizza.services.basket.begun import begin_order, keep_typed
from ocpizza.services.basket.lines import add_item
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.for_customer import place_for_customer
from ocpizza.services.checkout.place import Checkout, place_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.privacy.erase_account import erase_account
from ocpizza.services.privacy.erase_orders import StillRunning
from ocpizza.services.promotion.edit import Draft, PromotionUsed, delete_promotion, edit_promotion

CUSTOMER = Author(None, Role.CUSTOMER)


def place(token: str, checkout: Checkout, customer: Author, session: Session) -> str:
    return place_order(session, token, checkout, NOON, customer).number


def pressing(session: Session, pizzeria, promotion, account):
    """A customer whose payment page shows the promotion, who only has to press the button."""
    basket = make_basket(session, pizzeria)
    basket.promotion_id = promotion.id
    session.flush()
    customer = author_of(account)
    return partial(place, basket.token, checkout_of(session, basket, customer=customer), customer)


def ineligibilities(outcomes) -> set[tuple[Ineligibility, ...]]:
    return {o.verdict.ineligibilities for o in outcomes if isinstance(o, PromotionLost)}


def used(engine) -> list[int]:
    with Session(engine) as session:
        return list(session.scalars(select(PromotionUse.ordinal)))


def test_fifty_customers_use_a_promotion_as_often_as_it_may_be_used(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria, promotion = make_pizzeria(session), make_promotion(session, total_limit=10)
        accounts = [make_account(session) for _ in range(50)]
        clicks = [pressing(session, pizzeria, promotion, account) for account in accounts]
    outcomes = all_at_once(committed_database, clicks)
    assert len(set(succeeded(outcomes, PromotionLost))) == 10
    assert ineligibilities(outcomes) == {(Ineligibility.TOTAL_LIMIT,)}
    assert used(committed_database) == [1] * 10
    with Session(committed_database) as session:
        assert session.scalars(select(Promotion.times_used)).one() == 10
    add_up(committed_database)


@pytest.mark.parametrize(
    ("conditions", "ineligibility"),
    [
        ({"per_customer_limit": 1}, Ineligibility.CUSTOMER_LIMIT),
        ({"first_order_only": True}, Ineligibility.FIRST_ORDER),
    ],
)
def test_one_customer_in_many_tabs_uses_a_promotion_once(
    committed_database, add_up, conditions, ineligibility
):
    with Session(committed_database) as session, session.begin():
        pizzeria, promotion = make_pizzeria(session), make_promotion(session, **conditions)
        julia = make_account(session)
        tabs = [pressing(session, pizzeria, promotion, julia) for _ in range(6)]
    outcomes = all_at_once(committed_database, tabs)
    assert len(succeeded(outcomes, PromotionLost)) == 1
    assert ineligibilities(outcomes) == {(ineligibility,)}
    assert used(committed_database) == [1]
    add_up(committed_database)


def test_a_first_order_is_one_even_with_two_promotions(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria, julia = make_pizzeria(session), make_account(session)
        codes = [make_promotion(session, code, first_order_only=True) for code in ("UN", "DEUX")]
        tabs = [pressing(session, pizzeria, promotion, julia) for promotion in codes * 2]
    outcomes = all_at_once(committed_database, tabs)
    assert len(succeeded(outcomes, PromotionLost)) == 1
    assert ineligibilities(outcomes) == {(Ineligibility.FIRST_ORDER,)}
    add_up(committed_database)


def calling(session: Session, pizzeria, promotion, account, token: str):
    """A cashier whose order for the same customer has the promotion, about to press the button."""
    here = pizzeria.restaurant
    cashier = author_of(make_staff(session, Role.CASHIER, here))
    basket = begin_order(session, token, cashier.account_id, here.id, NOON)
    add_item(basket, here.id, read_menu(session, here.id), Chosen(pizzeria.select("margherita"), 1))
    keep_typed(basket, details_of(Mode.TAKEAWAY).to_json() | {"source": Source.PHONE}, NOON)
    basket.customer_id, basket.promotion_id = account.id, promotion.id
    session.flush()
    julia = Author(account.id, Role.CUSTOMER)
    total = review_basket(session, basket, NOON, julia, Source.PHONE).quote.total_cents
    checkout = Checkout(basket.checkout_key, Means.CASH, total, source=Source.PHONE)

    def press(session: Session) -> str:
        return place_for_customer(session, token, checkout, NOON, cashier).number

    return press


@pytest.mark.parametrize(
    ("conditions", "ineligibility"),
    [
        ({"per_customer_limit": 1}, Ineligibility.CUSTOMER_LIMIT),
        ({"total_limit": 1}, Ineligibility.TOTAL_LIMIT),
        ({"first_order_only": True}, Ineligibility.FIRST_ORDER),
    ],
)
def test_one_customer_online_and_on_the_telephone_uses_a_promotion_once(
    committed_database, add_up, conditions, ineligibility
):
    with Session(committed_database) as session, session.begin():
        pizzeria, promotion = make_pizzeria(session), make_promotion(session, **conditions)
        julia = make_account(session)
        both = [pressing(session, pizzeria, promotion, julia) for _ in range(3)]
        both += [calling(session, pizzeria, promotion, julia, letter * 43) for letter in "abc"]
    outcomes = all_at_once(committed_database, both)
    assert len(succeeded(outcomes, PromotionLost)) == 1
    assert ineligibilities(outcomes) == {(ineligibility,)}
    assert used(committed_database) == [1]
    add_up(committed_database)


def test_an_account_erased_while_an_order_for_it_is_placed_leaves_all_adding_up(
    committed_database, add_up
):
    with Session(committed_database) as session, session.begin():
        pizzeria, promotion = make_pizzeria(session), make_promotion(session)
        julia = make_account(session)
        id, press = julia.id, calling(session, pizzeria, promotion, julia, "a" * 43)

    def erase(session: Session) -> int:
        return erase_account(session, id, NOON)

    outcomes = all_at_once(committed_database, [press, erase])
    # Whoever comes second finds nobody to order for, or an order of theirs that runs.
    (only,) = succeeded(outcomes, (DetailsMissing, StillRunning))
    placed = [only] if isinstance(only, str) else []
    assert len(used(committed_database)) == len(placed)
    add_up(committed_database)


def test_uses_given_back_while_others_are_taken_and_changed_add_up(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria, promotion = make_pizzeria(session), make_promotion(session, total_limit=40)
        julia = make_account(session)
        of = {"author": author_of(julia), "promotion": promotion}
        orders = [order_of(session, pizzeria, **of).id for _ in range(16)]
        tabs = [pressing(session, pizzeria, promotion, julia) for _ in range(8)]
        changes = []
        for order_id in orders[8:]:
            basket = start_change(session, order_id, NOON)
            basket.lines[0].quantity = 2
            changes.append((basket.token, Change(basket.checkout_key, 1900 - 190 + 250)))

    def cancel(order_id: int, session: Session) -> bool:
        return cancel_order(session, order_id, CUSTOMER, NOON)

    def change(token: str, wanted: Change, session: Session) -> str:
        return change_order(session, token, wanted, CUSTOMER, NOON).number

    actions = [
        *(partial(cancel, order_id) for order_id in orders[:8]),
        *(partial(change, *each) for each in changes),
        *tabs,
    ]
    outcomes = all_at_once(committed_database, actions)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert sorted(used(committed_database)) == list(range(1, 17))
    with Session(committed_database) as session:
        assert len(session.scalars(select(Order.id)).all()) == 24
    add_up(committed_database)


def test_a_promotion_deleted_while_it_is_ordered_is_used_or_gone(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria, promotion = make_pizzeria(session), make_promotion(session)
        id, accounts = promotion.id, [make_account(session) for _ in range(6)]
        clicks = [pressing(session, pizzeria, promotion, account) for account in accounts]

    def remove(session: Session) -> str:
        delete_promotion(session, id, None)
        return "deleted"

    outcomes = all_at_once(committed_database, [*clicks, remove])
    done = succeeded(outcomes, (TotalChanged, PromotionUsed))
    with Session(committed_database) as session:
        gone = session.get(Promotion, id) is None
    assert ("deleted" in done) is gone
    assert len(used(committed_database)) == (0 if gone else 6)
    add_up(committed_database)


def test_a_promotion_edited_while_it_is_ordered_loses_no_use(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        pizzeria, promotion = make_pizzeria(session), make_promotion(session)
        id, accounts = promotion.id, [make_account(session) for _ in range(6)]
        clicks = [pressing(session, pizzeria, promotion, account) for account in accounts]
    values = {"code": "DIX", "name": "Autrement", "total_limit": 6}

    def edit(session: Session) -> None:
        edit_promotion(session, id, 1, Draft(values, []), None)

    outcomes = all_at_once(committed_database, [*clicks, edit, edit])
    assert [isinstance(one, StaleVersion) for one in outcomes].count(True) == 1
    assert len(succeeded(outcomes, StaleVersion)) == 7
    with Session(committed_database) as session:
        kept = session.get_one(Promotion, id)
        assert (kept.name, kept.times_used, kept.version) == ("Autrement", 6, 2)
    add_up(committed_database)
