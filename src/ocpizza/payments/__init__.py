"""Online payments (B31): whoever takes them, and how ours are kept in line. Nobody else does."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import structlog

from ocpizza.payments.gateway import Gateway, NullGateway
from ocpizza.payments.settle import settle
from ocpizza.settings import Settings

log = structlog.get_logger()


def make_gateway(settings: Settings) -> Gateway:
    """The one that the settings name: without both keys nothing is paid online."""
    if not (settings["stripe.secret_key"] and settings["stripe.publishable_key"]):
        return NullGateway()
    from ocpizza.payments.stripe_gateway import StripeGateway

    return StripeGateway(settings["stripe.secret_key"], settings["stripe.api_url"])


def settle_after_commit(request, payment_id: int) -> None:
    """Speak to Stripe about a payment once this request's transaction is committed.

    The answer to the request waits for it, and nothing is lost if it fails: the worker goes on.
    """

    def speak(committed: bool) -> None:
        if not committed:
            return
        engine = request.registry["engines"]["write"]
        try:
            settle(engine, request.registry["payments"], payment_id, datetime.now(UTC))
        except Exception as error:
            log.error("payment left to the worker", payment=payment_id, exc_info=error)

    request.tm.get().addAfterCommitHook(speak)


def browser_sources(settings: Settings) -> dict[str, str]:
    """What the payment page's browser loads from Stripe, as its content security policy says it."""
    script, api = (_origin(settings[f"stripe.{name}"]) for name in ("js_url", "api_url"))
    return {
        "script-src": script,
        "frame-src": f"{script} https://hooks.stripe.com",
        "connect-src": f"{api} {script}",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def includeme(config):
    config.registry["payments"] = make_gateway(config.registry.settings)
    config.add_request_method(settle_after_commit)
