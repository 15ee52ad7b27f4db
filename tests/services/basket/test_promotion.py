"""UC3.2: a promotion is put in a basket, judged at each look, and taken out."""

from datetime import timedelta

import pytest

from databases import counted_statements
from factories import NOON, author_of, make_account, make_basket, make_promotion, order_of
from ocpizza.domain.author import Author
from ocpizza.domain.promotion import Ineligibility
from ocpizza.models.account import AccountStatus, Role
from ocpizza.models.price import HiddenProduct
from ocpizza.services.basket.lines import BasketFull
from ocpizza.services.basket.promotion import (
    BenefitUnavailable,
    PromotionRefused,
    UnknownCode,
    apply_promotion,
    remove_promotion,
)
from ocpizza.services.checkout.offers import list_offers
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.order.cancel import cancel_order


@pytest.fixture
def julia(session):
    return make_account(session)


def apply(session, basket, code="DIX", account=None):
    verdict = apply_promotion(session, basket, code, account.id if account else None, NOON)
    session.flush()
    return verdict


def inside(basket) -> list[tuple[str, int]]:
    return [(line.selection, line.quantity) for line in basket.lines]


def test_a_basket_with_a_promotion_costs_less(session, pizzeria, julia):
    make_promotion(session)
    basket = make_basket(session, pizzeria)
    assert apply(session, basket, account=julia).discount_cents == 95
    review = review_basket(session, basket, NOON, author_of(julia))
    assert (review.quote.discount_cents, review.quote.total_cents) == (95, 950 - 95 + 250)
    assert review.promotion.holds


def test_an_unknown_code_is_no_promotion(session, pizzeria, julia):
    with pytest.raises(UnknownCode):
        apply(session, make_basket(session, pizzeria), "NEUF", julia)


def test_a_promotion_that_does_not_hold_is_refused_with_its_reasons(session, pizzeria, julia):
    make_promotion(session, minimum_cents=951, first_order_only=True)
    basket = make_basket(session, pizzeria)
    order_of(session, pizzeria, author=author_of(julia))
    with pytest.raises(PromotionRefused) as refused:
        apply(session, basket, account=julia)
    assert refused.value.verdict.ineligibilities == (
        Ineligibility.FIRST_ORDER,
        Ineligibility.MINIMUM,
    )
    assert basket.promotion_id is None


def test_a_cancelled_order_does_not_count_as_a_first_one(session, pizzeria, julia):
    make_promotion(session, first_order_only=True)
    order = order_of(session, pizzeria, author=author_of(julia))
    cancel_order(session, order.id, Author(julia.id, Role.CUSTOMER), NOON)
    assert apply(session, make_basket(session, pizzeria), account=julia).holds


@pytest.mark.parametrize("values", [{"status": AccountStatus.INACTIVE}, None])
def test_nobody_without_an_active_account_has_a_promotion(session, pizzeria, values):
    make_promotion(session)
    account = make_account(session, **values) if values else None
    with pytest.raises(PromotionRefused) as refused:
        apply(session, make_basket(session, pizzeria), account=account)
    assert refused.value.verdict.ineligibilities == (Ineligibility.SIGNED_OUT,)


def test_a_free_product_is_put_in_the_basket(session, pizzeria, julia):
    make_promotion(session, product_size_id=pizzeria.size("cola").id)
    basket = make_basket(session, pizzeria)
    assert apply(session, basket, account=julia).discount_cents == 280
    assert inside(basket)[1:] == [(pizzeria.select("cola").text, 1)]


def test_a_free_product_that_is_there_already_is_not_put_in_again(session, pizzeria, julia):
    make_promotion(session, product_size_id=pizzeria.size("margherita").id)
    basket = make_basket(session, pizzeria, [(pizzeria.select("margherita", extras=["oeuf"]), 1)])
    assert apply(session, basket, account=julia).discount_cents == 950
    assert len(basket.lines) == 1


def test_a_free_product_that_cannot_be_made_is_refused(session, pizzeria, julia):
    pizzeria.products["cola"].available = False
    session.flush()
    make_promotion(session, product_size_id=pizzeria.size("cola").id)
    basket = make_basket(session, pizzeria)
    with pytest.raises(BenefitUnavailable):
        apply(session, basket, account=julia)
    assert (basket.promotion_id, len(basket.lines)) == (None, 1)


def test_a_free_product_that_is_not_sold_here_is_refused(session, pizzeria, julia):
    here, product = pizzeria.restaurant.id, pizzeria.products["cola"].id
    session.add(HiddenProduct(restaurant_id=here, product_id=product))
    session.flush()
    make_promotion(session, product_size_id=pizzeria.size("cola").id)
    with pytest.raises(BenefitUnavailable):
        apply(session, make_basket(session, pizzeria), account=julia)


def test_a_full_basket_takes_no_free_product(session, pizzeria, julia, monkeypatch):
    monkeypatch.setattr("ocpizza.services.basket.lines.MAX_LINES", 1)
    make_promotion(session, product_size_id=pizzeria.size("cola").id)
    basket = make_basket(session, pizzeria)
    with pytest.raises(BasketFull):
        apply(session, basket, account=julia)
    assert (basket.promotion_id, len(basket.lines)) == (None, 1)


def test_a_promotion_taken_out_leaves_the_product_to_be_paid(session, pizzeria, julia):
    make_promotion(session, product_size_id=pizzeria.size("cola").id)
    basket = make_basket(session, pizzeria)
    apply(session, basket, account=julia)
    remove_promotion(basket, NOON)
    review = review_basket(session, basket, NOON, author_of(julia))
    assert review.promotion is None
    assert review.quote.total_cents == 950 + 280 + 250


def test_a_promotion_that_ends_while_one_shops_is_said_and_not_counted(session, pizzeria, julia):
    make_promotion(session, ends_at=NOON + timedelta(minutes=5))
    basket = make_basket(session, pizzeria)
    apply(session, basket, account=julia)
    review = review_basket(session, basket, NOON + timedelta(minutes=5), author_of(julia))
    assert review.promotion.ineligibilities == (Ineligibility.ENDED,)
    assert (review.quote.discount_cents, review.quote.promotion_id) == (0, None)


def test_the_promotion_of_a_basket_is_its_customers_only(session, pizzeria, julia):
    make_promotion(session)
    basket = make_basket(session, pizzeria)
    apply(session, basket, account=julia)
    signed_out = review_basket(session, basket, NOON)
    assert signed_out.promotion.ineligibilities == (Ineligibility.SIGNED_OUT,)
    assert signed_out.quote.discount_cents == 0


def offered(session, basket, account) -> list[str]:
    review = review_basket(session, basket, NOON)
    offers = list_offers(session, review, account.id if account else None, NOON)
    return [terms.code for terms in offers]


def test_only_what_can_be_used_now_is_offered(session, pizzeria, julia):
    make_promotion(session, "DIX")
    make_promotion(session, "SECRET", listed=False)
    make_promotion(session, "OFF", active=False)
    make_promotion(session, "TROP", minimum_cents=5000)
    make_promotion(session, "COLA", product_size_id=pizzeria.size("cola").id)
    make_promotion(session, "BIERE", product_size_id=pizzeria.size("biere").id)
    pizzeria.products["biere"].available = False
    session.flush()
    basket = make_basket(session, pizzeria)
    assert offered(session, basket, julia) == ["COLA", "DIX"]
    assert offered(session, basket, None) == []


def test_a_secret_code_is_for_who_knows_it(session, pizzeria, julia):
    make_promotion(session, listed=False)
    assert apply(session, make_basket(session, pizzeria), account=julia).holds


def test_a_basket_without_a_promotion_costs_no_more_statements(session, pizzeria, julia):
    basket, customer = make_basket(session, pizzeria), author_of(julia)
    review_basket(session, basket, NOON)  # reads the menu once for all
    with counted_statements(session.connection()) as without_account:
        review_basket(session, basket, NOON)
    with counted_statements(session.connection()) as with_account:
        review_basket(session, basket, NOON, customer)
    assert len(with_account) == len(without_account)
