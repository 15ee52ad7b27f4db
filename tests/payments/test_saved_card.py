"""A1: a card is kept at Stripe for its customer, used again, removed, and gone with its account."""

from datetime import timedelta
from threading import Event

import pytest

from factories import NOON, make_account
from local_stripe_server import DECLINED, GOOD, SECURE
from ocpizza.domain.author import Author
from ocpizza.models.account import Account, Role
from ocpizza.models.card import SavedCard, StripeRemoval
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PaymentState
from ocpizza.operations.work import Worker
from ocpizza.payments import stripe_gateway
from ocpizza.payments.reconcile import REMOVALS, Line, reconcile
from ocpizza.payments.remove import remove_due
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.payment.cards import remove_card, saved_cards
from ocpizza.services.payment.stripe_customer import become_customer
from ocpizza.services.privacy.erase_account import erase_account
from payments.till import LATER, SOON, Till


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """One try for each call, so that every fault reaches us."""
    monkeypatch.setattr(stripe_gateway, "RETRIES", 0)


@pytest.fixture
def julia(till) -> int:
    with till.session() as session, session.begin():
        return make_account(session, email="julia@example.org", email_verified_at=NOON).id


def order_of_hers(till: Till, account_id: int) -> int:
    order_id = till.place(author=Author(account_id, Role.CUSTOMER))
    till.settle(order_id)
    return order_id


def pay(till: Till, account_id: int, number: str = GOOD, keep: bool = True) -> int:
    order_id = order_of_hers(till, account_id)
    till.stripe.confirm(till.secret(order_id), number, keep)
    till.settle(order_id)
    return order_id


def cards(till: Till, account_id: int) -> list[tuple[str, str, str]]:
    with till.session() as session:
        found = saved_cards(session, account_id)
        return [(card.stripe_payment_method_id, card.brand, card.last4) for card in found]


def customer_of(till: Till, account_id: int) -> str | None:
    with till.session() as session:
        return session.get_one(Account, account_id).stripe_customer_id


def to_remove(till: Till) -> list[str]:
    with till.session() as session:
        return [removal.stripe_id for removal in session.query(StripeRemoval)]


def test_a_card_that_is_to_be_kept_is_kept_and_pays_again(till, julia, add_up):
    first = pay(till, julia)
    ((card_id, brand, last4),) = cards(till, julia)
    assert (brand, last4) == ("visa", "4242")
    assert till.stripe.customers()[customer_of(till, julia)] == [card_id]
    second = order_of_hers(till, julia)
    assert till.stripe.confirm_kept(till.secret(second), card_id)[0] == 200
    till.settle(second)
    for order_id in (first, second):
        assert till.order(order_id).status is Status.TO_PREPARE
        assert till.intent(order_id)["customer"] == customer_of(till, julia)
    assert len(cards(till, julia)) == 1
    add_up(till.engine)


def test_a_card_is_kept_only_if_its_owner_says_so(till, julia):
    pay(till, julia, keep=False)
    assert cards(till, julia) == []
    assert till.stripe.customers()[customer_of(till, julia)] == []


def test_a_declined_card_is_not_kept(till, julia):
    pay(till, julia, DECLINED)
    assert cards(till, julia) == []


def test_a_card_is_kept_once_the_bank_lets_it_pass(till, julia):
    order_id = pay(till, julia, SECURE)
    assert cards(till, julia) == []
    till.stripe.authenticate(till.secret(order_id), success=True)
    till.settle(order_id)
    assert [card[2] for card in cards(till, julia)] == ["3184"]


def test_a_card_is_not_kept_if_its_payment_is_cancelled_while_the_bank_asks(till, julia):
    order_id = pay(till, julia, SECURE)
    till.stripe.expire(till.payments(order_id)[0].stripe_intent_id)
    till.settle(order_id)
    assert till.payments(order_id)[0].state is PaymentState.RELEASED
    assert cards(till, julia) == []


def test_stripe_is_told_nothing_of_the_person(till, julia):
    pay(till, julia)
    customer = till.stripe.get(f"/v1/customers/{customer_of(till, julia)}")
    known = {name: customer[name] for name in ("name", "email", "phone", "address", "description")}
    assert not any(known.values())


def test_a_guest_is_no_customer_at_stripe(till):
    before = till.stripe.customers()
    order_id = till.authorised()
    assert till.intent(order_id)["customer"] is None
    assert till.stripe.customers() == before


def test_nobody_else_pays_with_it(till, julia):
    pay(till, julia)
    ((card_id, *_),) = cards(till, julia)
    with till.session() as session, session.begin():
        other = make_account(session, email="mallory@example.org").id
    order_id = order_of_hers(till, other)
    assert till.stripe.confirm_kept(till.secret(order_id), card_id)[0] == 400


def test_the_same_card_kept_twice_is_one_card(till, julia):
    pay(till, julia)
    ((first, *_),) = cards(till, julia)
    pay(till, julia)
    ((second, *_),) = cards(till, julia)
    assert second != first
    removed = Line(f"{first} removed at Stripe", REMOVALS)
    assert list(reconcile(till.engine, till.gateway, SOON)) == [removed]
    assert till.stripe.customers()[customer_of(till, julia)] == [second]


def test_a_removed_card_is_gone_here_and_at_stripe_and_stays_so(till, julia):
    order_id = pay(till, julia)
    with till.session() as session, session.begin():
        (card,) = saved_cards(session, julia)
        assert remove_card(session, julia, card.id, NOON)
        card_id = card.stripe_payment_method_id
    assert remove_due(till.engine, till.gateway, NOON) == card_id
    assert to_remove(till) == []
    till.advance(order_id, Status.PREPARING)
    till.work(SOON)
    assert till.payments(order_id)[0].state is PaymentState.CAPTURED
    assert cards(till, julia) == []
    assert till.stripe.customers()[customer_of(till, julia)] == []


def test_one_removes_only_ones_own(till, julia):
    pay(till, julia)
    with till.session() as session, session.begin():
        other = make_account(session, email="mallory@example.org")
        (card,) = saved_cards(session, julia)
        assert not remove_card(session, other.id, card.id, NOON)
    assert len(cards(till, julia)) == 1


@pytest.mark.parametrize("fault", ["before", "after", "nonsense", "error", "busy"])
def test_whatever_fails_it_is_removed_in_the_end(till, julia, fault):
    pay(till, julia)
    ((card_id, *_),) = cards(till, julia)
    with till.session() as session, session.begin():
        remove_card(session, julia, saved_cards(session, julia)[0].id, NOON)
    till.stripe.fail("detach", fault)
    assert remove_due(till.engine, till.gateway, NOON) is None
    assert to_remove(till) == [card_id]
    assert remove_due(till.engine, till.gateway, NOON) is None
    assert remove_due(till.engine, till.gateway, LATER) == card_id
    assert to_remove(till) == []
    assert till.stripe.customers()[customer_of(till, julia)] == []


def test_with_the_account_its_customer_and_cards_are_gone_at_stripe(till, julia):
    order_id = pay(till, julia)
    customer_id = customer_of(till, julia)
    with till.session() as session, session.begin():
        cancel_order(session, order_id, Author(julia, Role.CUSTOMER), NOON)
        erase_account(session, julia, NOON)
    assert customer_of(till, julia) is None
    assert cards(till, julia) == []
    till.work(SOON)
    assert remove_due(till.engine, till.gateway, SOON) == customer_id
    assert customer_id not in till.stripe.customers()
    assert to_remove(till) == []


def test_a_customer_made_for_an_account_that_is_one_already_is_removed(till, julia):
    pay(till, julia)
    mine = customer_of(till, julia)
    other = till.gateway.create_customer("again", julia)
    with till.session() as session, session.begin():
        become_customer(session, julia, other, NOON)
    assert customer_of(till, julia) == mine
    assert remove_due(till.engine, till.gateway, NOON) == other
    assert other not in till.stripe.customers()


def test_who_was_deleted_at_stripe_pays_all_the_same(till, julia, add_up):
    pay(till, julia)
    lost = customer_of(till, julia)
    till.gateway.remove(lost)
    order_id = pay(till, julia)
    assert till.order(order_id).status is Status.TO_PREPARE
    assert customer_of(till, julia) not in (None, lost)
    assert len(cards(till, julia)) == 1
    add_up(till.engine)


@pytest.mark.parametrize("fault", ["before", "after", "nonsense", "error", "busy"])
def test_a_customer_that_could_not_be_made_is_made_later(till, julia, fault):
    till.stripe.fail("POST /v1/customers", fault)
    order_id = order_of_hers(till, julia)
    assert till.payments(order_id)[0].stripe_intent_id is None
    till.settle(order_id, NOON + timedelta(minutes=1))
    till.stripe.confirm(till.secret(order_id), keep=True)
    till.settle(order_id, SOON)
    assert till.order(order_id).status is Status.TO_PREPARE
    assert len(cards(till, julia)) == 1


def test_a_company_with_its_own_account_at_stripe_keeps_no_cards(till, julia):
    with till.session() as session, session.begin():
        session.query(LegalEntity).update({"stripe_account": "acct_lyon"})
    order_id = order_of_hers(till, julia)
    assert till.intent(order_id)["customer"] is None
    assert customer_of(till, julia) is None
    with till.session() as session:
        assert session.query(SavedCard).count() == 0


def test_the_worker_removes_what_is_due(till, julia, settings):
    pay(till, julia)
    with till.session() as session, session.begin():
        remove_card(session, julia, saved_cards(session, julia)[0].id, NOON)
    settings["stripe.secret_key"], settings["stripe.publishable_key"] = "sk_test_1", "pk_test_1"
    settings["stripe.api_url"] = till.stripe.url
    assert Worker(till.engine, settings, Event()).settle_once(NOON)
    assert to_remove(till) == []
    assert till.stripe.customers()[customer_of(till, julia)] == []
