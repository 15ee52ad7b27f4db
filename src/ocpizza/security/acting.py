"""Who is acting in a request, and from where, for the security log."""

from pyramid.config import Configurator
from pyramid.events import NewRequest

from ocpizza.domain.client_address import network_of
from ocpizza.request import Request
from ocpizza.security_log import act_as


def who_asks(request: Request) -> dict[str, object]:
    """Return the account and role that the request has found out; nothing is looked up."""
    found = request.__dict__.get("signed_in")
    route = getattr(request, "matched_route", None)
    return {
        "account": found.account_id if found else None,
        "role": str(found.role) if found else None,
        "from": network_of(request.remote_addr),
        "page": route.name if route else None,
    }


def includeme(config: Configurator) -> None:
    config.add_subscriber(lambda event: act_as(lambda: who_asks(event.request)), NewRequest)
