"""B31: a saved card pays in the step that orders, whatever else happens meanwhile."""

import pytest

from factories import NOON, make_account
from local_stripe_server import POOR
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.card import SavedCard
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, PaymentState
from ocpizza.payments.saved_card import pay_with_saved_card
from ocpizza.services.payment.cards import saved_cards
from ocpizza.services.settlement.on_delivery import pay_on_delivery
from payments.till import Till


@pytest.fixture
def julia(till) -> int:
    with till.session() as session, session.begin():
        return make_account(session, email="julia@example.org", email_verified_at=NOON).id


@pytest.fixture
def card(till, julia) -> SavedCard:
    order_id = place(till, julia)
    till.settle(order_id)
    till.stripe.confirm(till.secret(order_id), keep=True)
    till.settle(order_id)
    with till.session() as session:
        return saved_cards(session, julia)[0]


def place(till: Till, account_id: int) -> int:
    return till.place(author=Author(account_id, Role.CUSTOMER))


def pay(till: Till, order_id: int, card: SavedCard, gateway=None) -> None:
    (payment,) = till.payments(order_id)
    card_id = card.stripe_payment_method_id
    pay_with_saved_card(till.engine, gateway or till.gateway, payment.id, card_id, NOON)


class Meanwhile:
    """The gateway, where something happens between Stripe's deed and its answer."""

    def __init__(self, gateway, act, *, first: bool = False) -> None:
        self._gateway, self._act, self._first = gateway, act, first

    def __getattr__(self, name: str):
        return getattr(self._gateway, name)

    def confirm(self, *arguments):
        if self._first:
            self._act()
        intent = self._gateway.confirm(*arguments)
        if not self._first:
            self._act()
        return intent


def test_it_pays(till, julia, card, add_up):
    order_id = place(till, julia)
    pay(till, order_id, card)
    assert till.order(order_id).status is Status.TO_PREPARE
    assert till.intent(order_id)["status"] == "requires_capture"
    add_up(till.engine)


def test_a_webhook_that_is_quicker_than_the_answer_changes_nothing(till, julia, card, add_up):
    order_id = place(till, julia)
    pay(till, order_id, card, Meanwhile(till.gateway, lambda: till.settle(order_id)))
    assert [each.state for each in till.payments(order_id)] == [PaymentState.AUTHORISED]
    assert till.order(order_id).status is Status.TO_PREPARE
    add_up(till.engine)


@pytest.mark.parametrize("first", [True, False])
def test_whoever_chooses_another_way_meanwhile_pays_nothing_online(
    till, julia, card, first, add_up
):
    order_id = place(till, julia)

    def on_delivery() -> None:
        with till.session() as session, session.begin():
            pay_on_delivery(session, order_id, Means.CASH, NOON)

    pay(till, order_id, card, Meanwhile(till.gateway, on_delivery, first=first))
    till.work(NOON)
    assert till.intent(order_id)["status"] == "canceled"
    order = till.order(order_id)
    assert (order.status, order.means) == (Status.TO_PREPARE, Means.CASH)
    add_up(till.engine)


def test_asked_twice_it_pays_once(till, julia, card):
    order_id = place(till, julia)
    pay(till, order_id, card)
    pay(till, order_id, card)
    assert len(till.payments(order_id)) == 1


def test_why_it_is_refused_is_kept_for_the_page(till, julia, card):
    till.stripe.become(card.stripe_payment_method_id, POOR)
    order_id = place(till, julia)
    pay(till, order_id, card)
    assert till.payments(order_id)[0].refusal == "insufficient_funds"
    assert till.order(order_id).status is Status.AWAITING_PAYMENT


def test_a_card_pays_no_order_of_somebody_else(till, card):
    with till.session() as session, session.begin():
        other = make_account(session, email="mallory@example.org").id
    order_id = place(till, other)
    pay(till, order_id, card)
    assert till.intent(order_id)["status"] == "requires_payment_method"


def test_nobody_is_asked_to_confirm_while_stripe_does_not_answer(till, julia, card):
    till.stripe.fail("POST /v1/payment_intents$", "error", 9)
    order_id, calls = place(till, julia), len(till.stripe.calls())
    pay(till, order_id, card)
    assert not [call for call in till.stripe.calls()[calls:] if "confirm" in call]
    assert till.order(order_id).status is Status.AWAITING_PAYMENT
