"""Who acts on a page of the staff, as services are told of it."""

from ocpizza.request import SignedInRequest
from ocpizza.services.trail.record import Signature


def signature(request: SignedInRequest) -> Signature:
    """Return who changes something, and when, for the audit trail."""
    return Signature(request.signed_in.author, request.now)


def managed_restaurant(request: SignedInRequest) -> int | None:
    """Return the id of the restaurant that a manager manages, None for the whole group."""
    return request.signed_in.restaurant_id
