"""What is said when something was put in the basket, or could not be."""

import json

from pyramid.renderers import render_to_response
from pyramid.response import Response

from ocpizza.contexts import ProductPage
from ocpizza.domain.item import Shortage
from ocpizza.domain.menu import MenuProduct
from ocpizza.forms.choice import AddForm
from ocpizza.i18n import _
from ocpizza.models.basket import MAX_LINES, MAX_QUANTITY
from ocpizza.request import Request
from ocpizza.services.catalogue.storefront import Storefront

FULL = _(
    "Un panier contient ${lines} lignes de ${quantity} articles au plus. "
    "Pour une plus grande commande, appelez le restaurant.",
    mapping={"lines": MAX_LINES, "quantity": MAX_QUANTITY},
)
UNKNOWN = _("Cet article n’est pas à la carte de ce restaurant.")
ONE_RESTAURANT = _("Une commande reste dans son restaurant. Terminez d’abord sa modification.")


def added(product: MenuProduct, shortage: Shortage | None) -> tuple[str, str]:
    """Return (text, kind) for a product that was put in, or as many of it as there are."""
    if shortage is None:
        return _("${name} : ajouté au panier.", mapping={"name": product.name}), "success"
    if shortage.left == 0:
        return _("${name} est indisponible aujourd’hui.", mapping={"name": product.name}), "error"
    text = _(
        "Il ne reste que ${left} ${name} : votre panier en contient ${left}.",
        mapping={"left": shortage.left, "name": product.name},
    )
    return text, "warning"


def offer_replacement(
    context: Storefront | ProductPage, request: Request, form: AddForm
) -> Response:
    """Ask whether the basket of another restaurant may go, with all that was chosen kept."""
    values = {"point": context.point, "form": form, "token": request.session.get_csrf_token()}
    response = render_to_response("basket/other_restaurant.jinja2", values, request)
    response.status_int = 409
    if request.headers.get("HX-Request"):
        response.status_int = 200
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Trigger"] = json.dumps({"csrf": request.session.get_csrf_token()})
    return response
