"""What a visitor may have unpaid at a time, as the settings say it."""

from typing import TYPE_CHECKING

from ocpizza.domain.client_address import network_of
from ocpizza.domain.unpaid import Visitor

if TYPE_CHECKING:
    from ocpizza.request import Request


def visitor_of(request: "Request") -> Visitor | None:
    """Return who orders; None for a colleague, who answers for what they order."""
    if request.signed_in is not None and request.signed_in.is_staff:
        return None
    settings = request.registry.settings
    return Visitor(
        network_of(request.remote_addr),
        settings["orders.unpaid_cents"],
        settings["orders.unpaid_pizzas"],
        request.registry["payments"].available,
    )
