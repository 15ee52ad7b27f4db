"""From what quantity on an ingredient is said to run out soon, here."""

from pyramid.view import view_config

from ocpizza.contexts import StaffStock
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.stock import CountedForm
from ocpizza.i18n import _
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.stock.queries import find_stock
from ocpizza.services.stock.threshold import set_threshold
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import signature
from ocpizza.views.staff.stock import named, shown

THRESHOLD = {
    "route_name": "stock_threshold",
    "renderer": "staff/stock_threshold.jinja2",
    "permission": Permission.CHANGE_STOCK,
}
CHANGED = _(
    "Ce seuil a été modifié entre-temps : il est de ${threshold}. Enregistrez de nouveau pour le "
    "remplacer."
)


@view_config(**THRESHOLD, request_method="GET")
def ask(context: StaffStock, request: Request) -> Answer:
    form = CountedForm.of(context.stock.ingredient, context.stock.alert_quantity)
    return {"stock": context.stock, "form": form}


@view_config(**THRESHOLD, request_method="POST")
def change(context: StaffStock, request: SignedInRequest) -> Answer:
    ingredient = context.stock.ingredient
    form = CountedForm(request.POST, ingredient)
    if not form.validate():
        return ask_again(request, {"stock": context.stock, "form": form})
    signed = signature(request)
    try:
        set_threshold(request.db, context.stock, form.whole, form.before.data, signed)
    except StaleVersion:
        kept = _kept(context, request)
        form.form_errors = [_(str(CHANGED), mapping={"threshold": shown(kept, ingredient)})]
        form.before.data = kept
        return ask_again(request, {"stock": context.stock, "form": form})
    what = {"name": named(request, ingredient), "threshold": shown(form.whole, ingredient)}
    text = _("${name} : vous serez prévenus à partir de ${threshold}.", mapping=what)
    say(request, text, "success")
    return go_to(request, "stock", code=context.restaurant.code)


def _kept(context: StaffStock, request: Request) -> int:
    stock = find_stock(request.db, context.restaurant_id, context.stock.ingredient_id)
    return stock.alert_quantity if stock else 0
