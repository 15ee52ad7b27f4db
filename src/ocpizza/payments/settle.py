"""Bring a payment in line with what is wished of it, whatever fails on the way.

Each step is a short transaction, then a call to Stripe outside of any, then a short transaction
that writes down what was heard. A process that dies between two of them leaves the payment to the
next one: every call may be made again.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ocpizza.domain.payment import Intent, IntentStatus, StripeRefund
from ocpizza.models.payment import PaymentGoal, PaymentState
from ocpizza.payments.gateway import Gateway, NoAnswer, NoCustomer, Refused, Unclear
from ocpizza.services.payment.refund import record_refunds
from ocpizza.services.payment.stripe_customer import become_customer, lose_customer
from ocpizza.services.settlement.claim import Task, claim_payment, find_due, postpone
from ocpizza.services.settlement.record_intent import record_intent

T = TypeVar("T")
# A customer lost and made anew, then the intent made or fetched, acted upon, and what was withdrawn
# released: more is a loop.
MAX_ROUNDS = 7
log = structlog.get_logger()


def settle_due(engine: Engine, gateway: Gateway, now: datetime) -> bool:
    """Settle the payment that has waited longest; whether there was one."""
    payment_id = _in_transaction(engine, lambda session: find_due(session, now))
    if payment_id is None:
        return False
    try:
        settle(engine, gateway, payment_id, now)
    except SQLAlchemyError:
        raise
    except Exception as error:
        # One that fails in a way nobody foresaw must not keep the others back.
        log.error("payment not settled", payment=payment_id, exc_info=error)
        _in_transaction(engine, lambda session: postpone(session, payment_id, now))
    return True


def settle(engine: Engine, gateway: Gateway, payment_id: int, now: datetime) -> bool:
    """Ask, act and write down until there is nothing left to do at Stripe, or nobody answers.

    Return False in the latter case; a refusal is an answer, and so is that it is not known there.
    """
    try:
        for _ in range(MAX_ROUNDS):
            if not _next_step(engine, gateway, payment_id, now):
                break
    except Unclear as unclear:
        code = str(unclear)[:64]
        _in_transaction(engine, lambda session: postpone(session, payment_id, now, code))
    except NoAnswer:
        _in_transaction(engine, lambda session: postpone(session, payment_id, now))
        return False
    except Refused as refused:
        code = str(refused)[:64]
        log.error("Stripe refuses a payment", payment=payment_id, code=code)
        _in_transaction(engine, lambda session: postpone(session, payment_id, now, code))
    return True


def _next_step(engine: Engine, gateway: Gateway, payment_id: int, now: datetime) -> bool:
    """Claim, converse, record, once; return whether another turn is to follow at once."""
    task = _in_transaction(engine, lambda session: claim_payment(session, payment_id, now))
    if task is None:
        return False
    if task.state is PaymentState.CAPTURED:
        given = _refund(gateway, task)
        _in_transaction(engine, lambda session: record_refunds(session, payment_id, given, now))
        return False
    if task.intent_id is None and task.newcomer is not None:
        _introduce(engine, gateway, task, task.newcomer, now)
        return True
    try:
        intent = _bring_forward(gateway, task)
    except NoCustomer:
        _in_transaction(engine, lambda session: lose_customer(session, payment_id))
        return True
    return _in_transaction(engine, lambda session: record_intent(session, payment_id, intent, now))


def _introduce(
    engine: Engine, gateway: Gateway, task: Task, account_id: int, now: datetime
) -> None:
    """Make whoever pays a customer at Stripe, so that they may keep their card there."""
    customer_id = gateway.create_customer(_key(task, "customer"), account_id)
    _in_transaction(engine, lambda session: become_customer(session, account_id, customer_id, now))


def _bring_forward(gateway: Gateway, task: Task) -> Intent:
    if task.intent_id is None:
        return gateway.create(task.asked)
    intent = gateway.fetch(task.intent_id, task.asked.account)
    act = ACTS.get((task.goal, intent.status))
    return act(gateway, task, intent) if act else intent


def _capture(gateway: Gateway, task: Task, intent: Intent) -> Intent:
    try:
        return gateway.capture(intent.id, task.due_cents, _key(task, "capture"), task.asked.account)
    except Refused as refused:
        log.error("Stripe refuses a capture", payment=task.payment_id, code=str(refused))
        return _cancel(gateway, task, intent)


def _cancel(gateway: Gateway, task: Task, intent: Intent) -> Intent:
    try:
        return gateway.cancel(intent.id, _key(task, "cancel"), task.asked.account)
    except Refused:
        # It came to another state since it was fetched: look again.
        return gateway.fetch(intent.id, task.asked.account)


def _key(task: Task, what: str) -> str:
    # With the attempt: Stripe keeps its own errors under a key for a day, and an intent is
    # captured or cancelled once whatever the key.
    return f"{task.asked.key}-{what}-{task.attempts}"


def _refund(gateway: Gateway, task: Task) -> list[StripeRefund]:
    """Return every refund of a captured payment, those still to be made being made."""
    intent_id, account = task.intent_id or "", task.asked.account
    given = gateway.refunds(intent_id, account)
    known = {one.key for one in given}
    for key, cents in task.refunds:
        if key in known:
            continue
        try:
            given.append(gateway.refund(intent_id, cents, key, account))
        except Refused as refused:
            log.error("Stripe refuses a refund", payment=task.payment_id, code=str(refused))
            given.append(StripeRefund("", cents, key, failed=True))
    return given


# (what we wish, what Stripe says) → what is done about it; nothing in all other cases.
ACTS: dict[tuple[PaymentGoal, IntentStatus], Callable[[Gateway, Task, Intent], Intent]] = {
    (PaymentGoal.CAPTURE, IntentStatus.AUTHORISED): _capture,
    (PaymentGoal.CAPTURE, IntentStatus.WAITING): _cancel,
    (PaymentGoal.RELEASE, IntentStatus.AUTHORISED): _cancel,
    (PaymentGoal.RELEASE, IntentStatus.WAITING): _cancel,
}


def _in_transaction(engine: Engine, act: Callable[[Session], T]) -> T:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return act(session)
