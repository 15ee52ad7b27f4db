"""What pages of a restaurant say of where an order goes, and when it would be there."""

from typing import Any

from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.i18n import _
from ocpizza.models.vat import Mode
from ocpizza.order_words import promise_words
from ocpizza.request import Request
from ocpizza.services.checkout.review import Review, review_basket


def whereto(request: Request, point: PointOfSale) -> dict[str, Any]:
    """Return what `m.whereto` shows: in few words, and the postcode that is not delivered to."""
    destination = request.destination
    postcode = destination.postcode if destination else None
    if destination is None:
        return {"promises": _promises(request, point, point.modes), "unserved": None}
    mode = destination.mode_at(point)
    promises = _promises(request, point, (mode,))
    if postcode and mode is Mode.TAKEAWAY:
        return {"promises": promises, "unserved": postcode}
    where = place_words(postcode, destination.town) if postcode else _("À emporter")
    return {"promises": [where, *promises], "unserved": None}


def own_review(request: Request) -> Review | None:
    """Return the review of the visitor's basket, by how they said that it is handed over."""
    return review_basket(
        request.db, request.basket, request.now, request.customer, destination=request.destination
    )


def place_words(postcode: str, town: str | None) -> str:
    """Return « Livraison au 75011 Paris »."""
    place = f"{postcode} {town}" if town else postcode
    return _("Livraison au ${place}", mapping={"place": place})


def _promises(request: Request, point: PointOfSale, modes: tuple[Mode, ...]) -> list[str]:
    """Return when what is ordered now shall be there, or ready, where orders are taken."""
    now = request.now
    if not point.takes_orders(now):
        return []
    return [promise_words(mode, point.promised_at(mode, now)) for mode in modes]
