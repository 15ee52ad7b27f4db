"""UC1.3 of an order paid online: cheaper captures less, dearer waits for a new authorisation."""

import pytest
from sqlalchemy import select

from factories import NOON, author_of, make_account, make_promotion, make_staff
from local_stripe_server import DECLINED
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_revision import EventKind, OrderEvent, OrderRevision, RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PaymentState, PaymentStatus
from ocpizza.models.promotion import Promotion, PromotionUse
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.settlement.abandon import give_up_payment
from payments.till import AT_LAST, LATER, SOON
from rows import stock_up

GUEST = Author(None, Role.CUSTOMER)
CURRENT, PENDING, REPLACED, ABANDONED = (
    RevisionState.CURRENT,
    RevisionState.PENDING,
    RevisionState.REPLACED,
    RevisionState.ABANDONED,
)


def change(till, order_id, quantity: int, now=NOON, discount: int = 0, author=GUEST) -> None:
    """Have so many Margheritas instead, for 9.50 € each and 2.50 € of delivery."""
    with till.session() as session, session.begin():
        basket = start_change(session, order_id, now)
        basket.lines[0].quantity = quantity
        wanted = Change(basket.checkout_key, quantity * 950 + 250 - discount)
        change_order(session, basket.token, wanted, author, now)


def revisions(till, order_id: int) -> list[tuple[RevisionState, int]]:
    with till.session() as session:
        query = select(OrderRevision).where(OrderRevision.order_id == order_id)
        found = session.scalars(query.order_by(OrderRevision.number))
        return [(revision.state, revision.total_cents) for revision in found]


def intents(till, order_id: int) -> list[tuple[str, int]]:
    known = till.stripe.intents()
    return [
        (
            known[payment.stripe_intent_id]["status"],
            known[payment.stripe_intent_id]["amount_received"],
        )
        for payment in till.payments(order_id)
    ]


def test_a_cheaper_order_is_captured_for_less(till, add_up):
    order_id = till.authorised(3)
    change(till, order_id, 2)
    assert revisions(till, order_id) == [(REPLACED, 3100), (CURRENT, 2150)]
    till.advance(order_id, Status.PREPARING)
    till.work(SOON)
    assert intents(till, order_id) == [("succeeded", 2150)]
    add_up(till.engine)


def test_cheaper_and_back_again_needs_no_new_authorisation(till, add_up):
    order_id = till.authorised(3)
    change(till, order_id, 1)
    change(till, order_id, 3)
    assert len(till.payments(order_id)) == 1
    till.advance(order_id, Status.PREPARING)
    till.work(SOON)
    assert intents(till, order_id) == [("succeeded", 3100)]
    add_up(till.engine)


def test_a_dearer_order_waits_for_its_authorisation_and_the_kitchen_sees_the_old_one(till, add_up):
    order_id = till.authorised(1)
    change(till, order_id, 2)
    assert revisions(till, order_id) == [(CURRENT, 1200), (PENDING, 2150)]
    assert till.order(order_id).status is Status.TO_PREPARE
    add_up(till.engine)
    till.settle(order_id)
    assert intents(till, order_id) == [("requires_capture", 0), ("requires_payment_method", 0)]
    till.pay(order_id, DECLINED)
    till.settle(order_id)
    assert revisions(till, order_id) == [(CURRENT, 1200), (PENDING, 2150)]
    till.pay(order_id)
    till.settle(order_id)
    assert revisions(till, order_id) == [(REPLACED, 1200), (CURRENT, 2150)]
    till.work(SOON)
    assert intents(till, order_id) == [("canceled", 0), ("requires_capture", 0)]
    add_up(till.engine)
    till.advance(order_id, Status.PREPARING)
    till.work(SOON)
    assert intents(till, order_id) == [("canceled", 0), ("succeeded", 2150)]
    assert till.order(order_id).payment_status is PaymentStatus.PAID
    with till.session() as session:
        kinds = set(session.scalars(select(OutgoingMail.kind)))
    assert MailKind.ORDER_CHANGED in kinds
    add_up(till.engine)


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MANAGER])
def test_a_dearer_order_says_who_changed_it_in_which_role(till, role):
    order_id = till.authorised(1)
    with till.session() as session, session.begin():
        at = session.get_one(Order, order_id).restaurant
        account = make_account(session) if role is Role.CUSTOMER else make_staff(session, role, at)
        who = Author(account.id, role)
    change(till, order_id, 2, author=who)
    till.settle(order_id)
    till.pay(order_id)
    till.settle(order_id)
    assert revisions(till, order_id) == [(REPLACED, 1200), (CURRENT, 2150)]
    with till.session() as session:
        told = select(OrderEvent.author_id, OrderEvent.author_role).where(
            OrderEvent.order_id == order_id, OrderEvent.kind == EventKind.REVISION
        )
        assert session.execute(told).all() == [(who.account_id, role)]


def test_if_preparation_starts_meanwhile_the_old_one_stands(till, add_up):
    order_id = till.authorised(1)
    change(till, order_id, 2)
    till.settle(order_id)
    secret = till.secret(order_id)
    till.advance(order_id, Status.PREPARING)
    till.stripe.confirm(secret)
    till.work(SOON)
    assert revisions(till, order_id) == [(CURRENT, 1200), (ABANDONED, 2150)]
    assert intents(till, order_id) == [("succeeded", 1200), ("canceled", 0)]
    add_up(till.engine)


def test_a_change_that_nobody_pays_is_abandoned(till, add_up):
    order_id = till.authorised(1)
    change(till, order_id, 2)
    till.settle(order_id)
    till.work(LATER)
    assert revisions(till, order_id) == [(CURRENT, 1200), (ABANDONED, 2150)]
    assert intents(till, order_id) == [("requires_capture", 0), ("canceled", 0)]
    assert till.order(order_id).status is Status.TO_PREPARE
    add_up(till.engine)


def test_a_change_may_be_given_up_and_begun_again(till, add_up):
    order_id = till.authorised(1)
    change(till, order_id, 2)
    till.settle(order_id)
    with till.session() as session, session.begin():
        assert give_up_payment(session, order_id, GUEST, NOON) is False
    change(till, order_id, 3)
    change(till, order_id, 4)
    till.work(SOON)
    till.pay(order_id)
    till.settle(order_id)
    till.work(SOON)
    assert [state for state, _ in revisions(till, order_id)] == [
        REPLACED,
        ABANDONED,
        ABANDONED,
        CURRENT,
    ]
    held = [payment for payment in till.payments(order_id) if payment.state == "authorised"]
    assert [payment.amount_cents for payment in held] == [4050]
    add_up(till.engine)


def test_what_was_sold_to_others_meanwhile_cannot_be_had_and_is_released(till, add_up):
    order_id = till.authorised(1)
    change(till, order_id, 2)
    till.settle(order_id)
    with till.session() as session, session.begin():
        flour = till.pizzeria.ingredients["farine"]
        left = till.pizzeria.stock_of(session, "farine")
        stock_up(session, till.pizzeria.restaurant, {flour: 100 - left})
    till.pay(order_id)
    till.settle(order_id)
    till.work(SOON)
    assert revisions(till, order_id) == [(CURRENT, 1200), (ABANDONED, 2150)]
    assert intents(till, order_id) == [("requires_capture", 0), ("canceled", 0)]
    add_up(till.engine)


@pytest.mark.parametrize("paid", [True, False])
def test_an_order_cancelled_during_its_change_releases_both(till, paid, add_up):
    order_id = till.authorised(1)
    change(till, order_id, 2)
    till.settle(order_id)
    if paid:
        till.pay(order_id)
    with till.session() as session, session.begin():
        cancel_order(session, order_id, GUEST, NOON)
    till.work(AT_LAST)
    assert intents(till, order_id) == [("canceled", 0), ("canceled", 0)]
    assert {p.state for p in till.payments(order_id)} == {PaymentState.RELEASED}
    assert revisions(till, order_id) == [(CURRENT, 1200), (ABANDONED, 2150)]
    add_up(till.engine)


def discounted(till, quantity: int, **gift) -> int:
    """A customer's order with a promotion, its payment authorised."""
    with till.session() as session, session.begin():
        author = author_of(make_account(session, email="julia@example.org"))
        promotion = make_promotion(session, **gift)
    order_id = till.place(quantity, author=author, promotion=promotion)
    till.settle(order_id)
    till.pay(order_id)
    till.settle(order_id)
    return order_id


def uses(till) -> list[int]:
    """The discounts of every use of a promotion, which are as many as it counts."""
    with till.session() as session:
        found = list(session.scalars(select(PromotionUse.discount_cents)))
        assert session.scalars(select(Promotion.times_used)).one() == len(found)
        return found


def test_a_dearer_order_keeps_its_promotion_once_it_is_authorised(till, add_up):
    order_id = discounted(till, 1)
    change(till, order_id, 2, discount=190)
    till.settle(order_id)
    assert uses(till) == [95]
    add_up(till.engine)
    till.pay(order_id)
    till.settle(order_id)
    assert revisions(till, order_id) == [(REPLACED, 1105), (CURRENT, 1960)]
    assert uses(till) == [190]
    till.work(SOON)
    till.advance(order_id, Status.PREPARING)
    till.work(SOON)
    assert intents(till, order_id) == [("canceled", 0), ("succeeded", 1960)]
    add_up(till.engine)


def test_dearer_because_the_promotion_is_lost_gives_it_back_once_it_is_authorised(till, add_up):
    order_id = discounted(till, 3, amount_cents=1000, minimum_cents=2000)
    change(till, order_id, 2)
    till.settle(order_id)
    assert revisions(till, order_id) == [(CURRENT, 2100), (PENDING, 2150)]
    assert uses(till) == [1000]
    till.pay(order_id)
    till.settle(order_id)
    assert revisions(till, order_id) == [(REPLACED, 2100), (CURRENT, 2150)]
    assert uses(till) == []
    add_up(till.engine)


def test_a_dearer_change_that_nobody_pays_leaves_the_promotion_alone(till, add_up):
    order_id = discounted(till, 3, amount_cents=1000, minimum_cents=2000)
    change(till, order_id, 2)
    till.settle(order_id)
    till.work(LATER)
    assert revisions(till, order_id) == [(CURRENT, 2100), (ABANDONED, 2150)]
    assert uses(till) == [1000]
    add_up(till.engine)
