"""UC3.1: one's own orders."""

from pyramid.view import view_config

from ocpizza.forms.order import MAX_TYPED
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.own_orders import list_own_orders


@view_config(
    route_name="account_orders",
    request_method="GET",
    renderer="account/orders.jinja2",
    permission=Permission.ACCOUNT,
)
def show(request: SignedInRequest) -> Answer:
    before, after = (request.GET.get(name, "")[:MAX_TYPED] for name in ("avant", "apres"))
    return {"own": list_own_orders(request.db, request.signed_in.account_id, before, after)}
