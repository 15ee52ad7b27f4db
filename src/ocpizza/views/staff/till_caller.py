"""UC1.2 by telephone: whoever calls is known, and may want the same again."""

from pyramid.view import view_config

from ocpizza.amounts import euros
from ocpizza.contexts import BegunOrder
from ocpizza.domain.repeat import Repeat
from ocpizza.i18n import Shown, _
from ocpizza.request import Answer, SignedInRequest
from ocpizza.services.checkout.for_customer import (
    LinesBegun,
    know_caller,
    order_the_same,
)
from ocpizza.services.order.queries import find_order
from ocpizza.views.answers import say
from ocpizza.views.staff.till_page import (
    FEWER,
    NONE_LEFT,
    NOTHING_FOUND,
    PAGE,
    Answers,
    changed,
    keep_page,
    shop_of,
)

LINES_BEGUN = _("Cette commande a déjà des articles : retirez-les pour reprendre une ancienne.")
LOST = _("${name} : n’est plus à la carte.")
OTHERWISE = _("${name} : a changé depuis, vérifiez avec le client.")
DEARER = _("${name} : ${price} au lieu de ${before}.")


@view_config(route_name="till_caller", request_method="POST", **PAGE)
def choose_caller(context: BegunOrder, request: SignedInRequest) -> Answer:
    """Take over what an earlier order knows of its customer, and what it held if that is asked."""
    shop = shop_of(context, request)
    _form, basket = keep_page(context, request, shop)
    order = find_order(request.db, request.matchdict["number"], context.restaurant_id)
    if order is None or order.erased_at is not None:
        say(request, NOTHING_FOUND, "warning")
    elif "repeat" in request.POST:
        try:
            _say_changes(request, order_the_same(request.db, basket, order, request.now))
        except LinesBegun:
            say(request, LINES_BEGUN, "warning")
        else:
            return changed(context, request, shop, basket, Answers(placing=True))
    else:
        know_caller(request.db, basket, order, request.now)
    return changed(context, request, shop, basket)


def _say_changes(request: SignedInRequest, repeat: Repeat) -> None:
    """Say what the customer should hear before it is ordered again."""
    for line in repeat.changes:
        ordered, mapping = line.ordered, {"name": line.ordered.name, "left": line.quantity}
        if line.item is None:
            text = LOST
        elif line.quantity < ordered.quantity:
            text = FEWER if line.quantity else NONE_LEFT
        elif line.lost_extras or line.forced:
            text = OTHERWISE
        else:
            text = DEARER
            price, before = line.item.unit_price_cents, ordered.unit_price_cents
            mapping |= {"price": Shown(euros, price), "before": Shown(euros, before)}
        say(request, _(str(text), mapping=mapping), "warning")
