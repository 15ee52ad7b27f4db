"""Online payments (B31): whoever takes them, and how ours are kept in line. Nobody else does."""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ocpizza.db import reason
from ocpizza.domain.payment import Intent
from ocpizza.outage import DatabaseDown, Outage, is_outage
from ocpizza.payments.gateway import Gateway, NullGateway
from ocpizza.payments.questions import Questions
from ocpizza.payments.saved_card import QUESTIONS, pay_with_saved_card
from ocpizza.payments.settle import settle
from ocpizza.payments.threads import PaymentThreads
from ocpizza.services.settlement.claim import claim_payment, make_due
from ocpizza.settings import Settings

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.registry import Registry

    from ocpizza.request import Request

log = structlog.get_logger()


def make_gateway(settings: Settings) -> Gateway:
    """Return the one that the settings name: without both keys nothing is paid online."""
    if not (settings["stripe.secret_key"] and settings["stripe.publishable_key"]):
        return NullGateway()
    from ocpizza.payments.stripe_gateway import StripeGateway

    return StripeGateway(settings["stripe.secret_key"], settings["stripe.api_url"])


def settle_after_commit(
    request: "Request", payment_id: int, *, wait: bool = True, card_id: str | None = None
) -> None:
    """Have Stripe be told about a payment once this request's transaction is committed.

    The answer waits a moment for it, or not at all. Whatever is not told is the worker's.
    `card_id`: a saved card, by its id at Stripe, which pays it then.
    """
    engine, registry = request.registry["engines"]["write"], request.registry
    threads: PaymentThreads = registry["payment_threads"]
    outage: Outage = registry["outage"]

    def speak(committed: bool) -> None:
        if not committed or not _concerns_stripe(engine, outage, payment_id):
            return
        act = partial(_settle_now, engine, outage, registry["payments"], payment_id, card_id)
        key, questions = (("card", payment_id), QUESTIONS) if card_id else (payment_id, 1)
        call = threads.hand_over(key, act, questions)
        if call is None:
            _leave_to_worker(engine, outage, payment_id)
        elif wait:
            threads.wait(call)

    request.tm.get().addAfterCommitHook(speak)


def fetch_intent(request: "Request", intent_id: str, account: str | None) -> Intent:
    """Return the intent as Stripe describes it now. Raises StillAsking, NoAnswer or Refused."""
    act = partial(request.registry["payments"].fetch, intent_id, account)
    intent: Intent = request.registry["payment_questions"].ask(intent_id, act)
    return intent


def _concerns_stripe(engine: Engine, outage: Outage, payment_id: int) -> bool:
    """Return whether anything is left to ask.

    What is settled without is settled now, whoever hangs.
    """
    try:
        with Session(engine) as session, session.begin():
            return claim_payment(session, payment_id, datetime.now(UTC)) is not None
    except (SQLAlchemyError, DatabaseDown) as error:
        _tell_failure(outage, "payment left to the worker", payment_id, error)
        return False


def _settle_now(
    engine: Engine,
    outage: Outage,
    gateway: Gateway,
    payment_id: int,
    card_id: str | None = None,
) -> None:
    now = datetime.now(UTC)
    try:
        if card_id:
            pay_with_saved_card(engine, gateway, payment_id, card_id, now)
        else:
            settle(engine, gateway, payment_id, now)
    except (SQLAlchemyError, DatabaseDown) as error:
        _tell_failure(outage, "payment left to the worker", payment_id, error)
    except Exception as error:
        log.error("payment left to the worker", payment=payment_id, exc_info=error)


def _leave_to_worker(engine: Engine, outage: Outage, payment_id: int) -> None:
    try:
        with Session(engine) as session, session.begin():
            make_due(session, payment_id, datetime.now(UTC))
    except (SQLAlchemyError, DatabaseDown) as error:
        # It is due in a minute anyway.
        _tell_failure(outage, "payment not made due", payment_id, error)


def _tell_failure(outage: Outage, what: str, payment_id: int, error: Exception) -> None:
    """A database that is down is one line an incident, whoever finds it so."""
    if is_outage(error):
        outage.failed(error)
    else:
        log.error(what, payment=payment_id, reason=reason(error))


def browser_sources(settings: Settings) -> dict[str, str]:
    """Return what a page that takes a card loads from Stripe, as its content security policy says
    it.
    """
    script, api = (_origin(settings[f"stripe.{name}"]) for name in ("js_url", "api_url"))
    return {
        "script-src": script,
        "frame-src": f"{script} https://hooks.stripe.com",
        "connect-src": f"{api} {script}",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def use_threads(registry: "Registry", threads: PaymentThreads) -> None:
    """Speak to Stripe on these threads."""
    registry["payment_threads"], registry["payment_questions"] = threads, Questions(threads)


def includeme(config: "Configurator") -> None:
    registry = config.registry
    registry["payments"] = make_gateway(registry.settings)
    use_threads(registry, PaymentThreads(registry.settings["server.threads"]))
    config.add_request_method(settle_after_commit)
    config.add_request_method(fetch_intent)
