"""UC3.2: an order uses its promotion, keeps what was agreed, and gives it back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from factories import (
    NOON,
    author_of,
    checkout_of,
    make_account,
    make_basket,
    make_pizzeria,
    make_promotion,
    order_of,
)
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import TotalChanged
from ocpizza.domain.promotion import Ineligibility, PromotionLost
from ocpizza.models.account import AccountStatus, Role
from ocpizza.models.basket import BasketLine
from ocpizza.models.product import ProductSize
from ocpizza.models.promotion import PromotionKind, PromotionUse
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.place import place_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.order.queries import load_order

CUSTOMER = Author(None, Role.CUSTOMER)


@pytest.fixture
def julia(session):
    return make_account(session)


def uses(session) -> list[tuple[int, int, int]]:
    session.flush()
    query = select(PromotionUse.account_id, PromotionUse.ordinal, PromotionUse.discount_cents)
    return sorted(map(tuple, session.execute(query)))


def revision_of(session, order):
    session.flush()
    session.expire_all()
    return load_order(session, order.id).revision


def begin(session, order, wanted):
    """A basket that changes the order to these lines."""
    basket = start_change(session, order.id, NOON)
    basket.lines = []
    session.flush()
    basket.lines = [BasketLine(selection=one.text, quantity=n) for one, n in wanted]
    session.flush()
    return basket


def change(session, order, wanted):
    basket = begin(session, order, wanted)
    total = review_basket(session, basket, NOON).quote.total_cents
    change_order(session, basket.token, Change(basket.checkout_key, total), CUSTOMER, NOON)
    return revision_of(session, order)


def test_an_order_keeps_its_promotion_and_counts_it(session, pizzeria, julia, add_up):
    promotion = make_promotion(session)
    order = order_of(session, pizzeria, author=author_of(julia), promotion=promotion)
    assert order.account_id == julia.id
    kept = revision_of(session, order)
    assert (kept.promotion.code, kept.discount_cents, kept.total_cents) == ("DIX", 95, 1105)
    assert kept.vat_by_rate == {1000: 100}
    assert uses(session) == [(julia.id, 1, 95)]
    session.refresh(promotion)
    assert (promotion.times_used, promotion.version) == (1, 1)
    add_up(session)


def test_the_basket_has_no_promotion_after_the_order(session, pizzeria, julia):
    promotion = make_promotion(session)
    basket = make_basket(session, pizzeria)
    basket.promotion_id = promotion.id
    checkout = checkout_of(session, basket, customer=author_of(julia))
    place_order(session, basket.token, checkout, NOON, author_of(julia))
    assert basket.promotion_id is None


@pytest.mark.parametrize(
    ("change", "ineligibility"),
    [
        ({"active": False}, Ineligibility.INACTIVE),
        ({"ends_at": NOON}, Ineligibility.ENDED),
        ({"minimum_cents": 951}, Ineligibility.MINIMUM),
        ({"total_limit": 0}, Ineligibility.TOTAL_LIMIT),
    ],
)
def test_a_promotion_that_is_lost_before_the_order_refuses_it_with_the_new_total(
    session, pizzeria, julia, add_up, change, ineligibility
):
    promotion = make_promotion(session)
    basket = make_basket(session, pizzeria)
    basket.promotion_id = promotion.id
    checkout = checkout_of(session, basket, customer=author_of(julia))
    for name, value in change.items():
        setattr(promotion, name, value)
    session.flush()
    with pytest.raises(PromotionLost) as lost:
        place_order(session, basket.token, checkout, NOON, author_of(julia))
    assert lost.value.verdict.ineligibilities == (ineligibility,)
    assert (checkout.shown_total_cents, lost.value.total_cents) == (1105, 1200)
    assert uses(session) == []
    # They have seen the new total now.
    again = checkout_of(session, basket, customer=author_of(julia))
    order = place_order(session, basket.token, again, NOON, author_of(julia))
    assert revision_of(session, order).total_cents == 1200
    add_up(session)


def test_whoever_signs_out_before_the_order_is_told(session, pizzeria, julia):
    basket = make_basket(session, pizzeria)
    basket.promotion_id = make_promotion(session).id
    shown = checkout_of(session, basket, customer=author_of(julia)).shown_total_cents
    checkout = checkout_of(session, basket)
    assert (shown, checkout.shown_total_cents) == (1105, 1200)
    dearer = replace(checkout, shown_total_cents=shown)
    with pytest.raises(PromotionLost) as lost:
        place_order(session, basket.token, dearer, NOON)
    assert lost.value.verdict.ineligibilities == (Ineligibility.SIGNED_OUT,)


def test_a_promotion_that_begins_between_page_and_order_is_a_new_total(session, pizzeria, julia):
    basket = make_basket(session, pizzeria)
    basket.promotion_id = make_promotion(session, starts_at=NOON + timedelta(minutes=1)).id
    checkout = checkout_of(session, basket, customer=author_of(julia))
    with pytest.raises(TotalChanged):
        place_order(session, basket.token, checkout, NOON + timedelta(minutes=1), author_of(julia))


def test_each_use_of_a_customer_has_its_number(session, pizzeria, julia, add_up):
    promotion, other = make_promotion(session, per_customer_limit=3), make_account(session)
    for account in (julia, other, julia, julia):
        order_of(session, pizzeria, author=author_of(account), promotion=promotion)
    assert uses(session) == [
        (julia.id, 1, 95),
        (julia.id, 2, 95),
        (julia.id, 3, 95),
        (other.id, 1, 95),
    ]
    add_up(session)


def test_a_cancelled_order_gives_its_use_back(session, pizzeria, julia, add_up):
    promotion = make_promotion(session, per_customer_limit=3, total_limit=3)
    orders = [
        order_of(session, pizzeria, author=author_of(julia), promotion=promotion) for _ in range(3)
    ]
    cancel_order(session, orders[0].id, CUSTOMER, NOON)
    cancel_order(session, orders[0].id, CUSTOMER, NOON)
    assert uses(session) == [(julia.id, 1, 95), (julia.id, 2, 95)]
    session.refresh(promotion)
    assert promotion.times_used == 2
    again = order_of(session, pizzeria, author=author_of(julia), promotion=promotion)
    assert revision_of(session, again).discount_cents == 95
    kept = revision_of(session, orders[0])
    assert (kept.promotion.code, kept.discount_cents) == ("DIX", 95)
    add_up(session)


def test_a_changed_order_keeps_the_promotion_as_it_was_agreed(session, pizzeria, julia, add_up):
    promotion = make_promotion(session, per_customer_limit=1)
    order = order_of(session, pizzeria, author=author_of(julia), promotion=promotion)
    promotion.kind, promotion.percent, promotion.amount_cents = PromotionKind.AMOUNT, None, 5
    promotion.active, promotion.minimum_cents = False, 100_000
    julia.status = AccountStatus.INACTIVE
    session.flush()
    kept = change(session, order, [(pizzeria.select("regina"), 2)])
    assert (kept.promotion.code, kept.discount_cents) == ("DIX", 230)
    assert uses(session) == [(julia.id, 1, 230)]
    session.refresh(promotion)
    assert promotion.times_used == 1
    add_up(session)


def test_a_change_below_the_minimum_says_so_and_loses_the_promotion(
    session, pizzeria, julia, add_up
):
    promotion = make_promotion(session, amount_cents=300, minimum_cents=1500)
    lines = [(pizzeria.select("margherita"), 2)]
    order = order_of(session, pizzeria, lines, author=author_of(julia), promotion=promotion)
    wanted = [(pizzeria.select("margherita"), 1)]
    review = review_basket(session, begin(session, order, wanted), NOON)
    assert (review.promotion.ineligibilities, review.promotion.missing_cents) == (
        (Ineligibility.MINIMUM,),
        550,
    )
    assert review.difference_cents == (950 + 250) - (1900 - 300 + 250)
    kept = change(session, order, wanted)
    assert (kept.promotion_id, kept.discount_cents, kept.total_cents) == (None, 0, 1200)
    assert uses(session) == []
    session.refresh(promotion)
    assert promotion.times_used == 0
    add_up(session)


def test_a_free_product_stays_free_at_the_price_of_its_day(session, pizzeria, julia, add_up):
    promotion = make_promotion(session, product_size_id=pizzeria.size("cola").id)
    lines = [(pizzeria.select("margherita"), 1), (pizzeria.select("cola"), 1)]
    order = order_of(session, pizzeria, lines, author=author_of(julia), promotion=promotion)
    session.get_one(ProductSize, pizzeria.size("cola").id).price_cents = 500
    session.flush()
    kept = change(session, order, [(pizzeria.select("regina"), 1), (pizzeria.select("cola"), 2)])
    assert (kept.discount_cents, kept.subtotal_cents) == (280, 1150 + 280 + 500)
    kept = change(session, order, [(pizzeria.select("regina"), 1)])
    assert (kept.discount_cents, kept.promotion_id) == (0, None)
    add_up(session)


@given(data=st.data())
@examples(max_examples=12)
def test_whatever_is_ordered_changed_and_cancelled_the_uses_add_up(database, data, add_up):
    with database.connect() as connection:
        doomed = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            pizzeria = make_pizzeria(session)
            promotion = make_promotion(session, minimum_cents=1500, total_limit=4)
            customers = [make_account(session), make_account(session)]
            orders = []
            for _ in range(data.draw(st.integers(1, 8))):
                act = data.draw(st.sampled_from(["order", "change", "cancel"]))
                number = data.draw(st.integers(1, 3))
                wanted = [(pizzeria.select("margherita"), number)]
                if act == "order" or not orders:
                    author = author_of(data.draw(st.sampled_from(customers)))
                    of = {"author": author, "promotion": promotion}
                    orders.append(order_of(session, pizzeria, wanted, **of))
                    continue
                order = data.draw(st.sampled_from(orders))
                if act == "cancel":
                    cancel_order(session, order.id, CUSTOMER, NOON)
                elif order.changeable:
                    change(session, order, wanted)
                session.flush()
            add_up(session)
        doomed.rollback()
