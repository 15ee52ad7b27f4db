"""Reconciling tells a change from a question, silence from a refusal, and asks nobody keyless."""

import pytest
import stripe
from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.conftest import config, write_ini
from commands import run
from factories import NOON, author_of, make_staff, order_of
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, PaymentState
from ocpizza.models.vat import Mode
from ocpizza.payments.gateway import NoAnswer, NullGateway, Unclear
from ocpizza.payments.reconcile import PATIENCE, PAYMENTS, Line, reconcile
from ocpizza.payments.settle import settle
from ocpizza.payments.stripe_gateway import UNCLEAR, _answers
from ocpizza.services.settlement.receive_payment import Receiving, receive_payment
from payments.till import SOON, Till

__all__ = ["config", "write_ini"]


def said(till: Till, order_id: int, what: str) -> str:
    (payment,) = till.payments(order_id)
    return f"payment {payment.id} of order {till.order(order_id).number}: {what}"


def attempts(till: Till, order_id: int) -> int:
    return till.payments(order_id)[0].attempts


def test_what_nobody_answers_is_said_and_is_no_change_nor_is_the_answer(till):
    order_id = till.place()
    till.stripe.fail("", "before", 9)
    unanswered = Line(said(till, order_id, "no answer, to be asked again"))
    assert list(reconcile(till.engine, till.gateway, NOON)) == [unanswered]
    till.stripe.work_again()
    assert list(reconcile(till.engine, till.gateway, SOON)) == [
        Line(said(till, order_id, "answered"))
    ]
    assert list(reconcile(till.engine, till.gateway, SOON)) == []
    till.pay(order_id)
    (paid,) = reconcile(till.engine, till.gateway, SOON)
    assert paid.changed == PAYMENTS


def test_what_was_received_at_the_till_is_nothing_to_ask_stripe_about(till, add_up):
    with till.session() as session, session.begin():
        order = order_of(session, till.pizzeria, mode=Mode.TAKEAWAY)
        cashier = author_of(make_staff(session, Role.CASHIER, till.pizzeria.restaurant))
        said = Receiving("a" * 43, 950, {Means.CARD_TERMINAL: 500, Means.CASH: 450})
        paid = receive_payment(session, order.id, said, cashier, NOON)
    assert list(reconcile(till.engine, till.gateway, SOON)) == []
    for each in paid:
        settle(till.engine, till.gateway, each.id, SOON)
    assert {each.state for each in till.payments(order.id)} == {PaymentState.CAPTURED}
    add_up(till.engine)


def test_a_refusal_is_an_answer_and_keeps_no_other_payment_back(till):
    ids = [till.place() for _ in range(PATIENCE + 1)]
    till.stripe.fail("", "refused", PATIENCE)
    refused = [
        Line(said(till, each, "refused (card_declined), to be asked again"))
        for each in ids[:PATIENCE]
    ]
    assert list(reconcile(till.engine, till.gateway, NOON)) == refused
    assert till.payments(ids[-1])[0].stripe_intent_id


def test_a_payment_that_stripe_does_not_know_is_one_answer_and_keeps_no_other_back(till):
    """Another account's keys, or an intent of long ago: somebody answered, and nothing is lost."""
    ids = [till.place() for _ in range(PATIENCE + 2)]
    for order_id in ids[:-1]:
        till.settle(order_id)
    with Session(till.engine) as session, session.begin():
        for order_id in ids[:-1]:
            payments = select(Payment).where(Payment.order_id == order_id)
            session.scalars(payments).one().stripe_intent_id = f"pi_unknown{order_id}"
    unknown = [
        Line(said(till, each, "refused (resource_missing), to be asked again")) for each in ids[:-1]
    ]
    before = [till.payments(each)[0].state for each in ids[:-1]]
    assert list(reconcile(till.engine, till.gateway, SOON)) == unknown
    assert [till.payments(each)[0].state for each in ids[:-1]] == before
    assert till.payments(ids[-1])[0].stripe_intent_id
    assert all(attempts(till, each) for each in ids[:-1])


@pytest.mark.parametrize("error", UNCLEAR)
def test_what_is_answered_of_one_alone_is_no_silence(error):
    with pytest.raises(Unclear), _answers():
        raise error("what it says may quote what was sent")


@pytest.mark.parametrize(
    "error",
    [
        stripe.APIConnectionError,
        stripe.APIError,
        stripe.AuthenticationError,
        stripe.RateLimitError,
        stripe.StripeError,
    ],
)
def test_what_all_would_be_told_is_silence(error):
    with pytest.raises(NoAnswer) as silence, _answers():
        raise error("nobody is there, or not for us")
    assert not isinstance(silence.value, Unclear)


def test_a_shop_that_never_had_keys_has_nothing_to_reconcile(till, config):
    done = run(config, "payments", "reconcile")
    assert done.exit_code == 0, done.output
    assert done.output == "no keys of Stripe are set, and no payment waits for them\n"


def strand(till: Till) -> dict[str, int]:
    """Orders as they may be on the day the keys are taken away, by what was last done."""
    orders = {"captured": till.authorised(), "authorised": till.authorised()}
    till.advance(orders["captured"], Status.PREPARING)
    till.settle(orders["captured"], SOON)
    assert till.payments(orders["captured"])[0].state is PaymentState.CAPTURED
    orders["told"] = till.place()
    till.settle(orders["told"])
    return orders | {f"untold {number}": till.place() for number in range(PATIENCE)}


def test_where_the_keys_were_taken_away_nothing_fails_and_nobody_is_asked(till, config, add_up):
    orders = strand(till)
    before = {name: till.payments(order_id)[0] for name, order_id in orders.items()}
    done = run(config, "payments", "reconcile")
    assert done.exit_code == 0, done.output
    assert (
        f"payments that wait for the keys of [stripe] in ocpizza.ini: 2\n{PATIENCE} changes\n"
        in (done.output)
    )
    assert run(config, "payments", "reconcile").output.endswith(": 2\n0 changes\n")
    for name, order_id in orders.items():
        (after,) = till.payments(order_id)
        if name.startswith("untold"):
            assert after.state is PaymentState.RELEASED
        else:
            was = before[name]
            now = (after.state, after.retry_at, after.attempts)
            assert now == (was.state, was.retry_at, was.attempts), name
    add_up(till.engine)


def test_one_that_is_still_wanted_waits_for_the_keys_too(till):
    till.place()
    (line,) = reconcile(till.engine, NullGateway(), NOON)
    assert line == Line("payments that wait for the keys of [stripe] in ocpizza.ini: 1")
