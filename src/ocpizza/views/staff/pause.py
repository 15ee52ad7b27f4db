"""The kitchen takes no orders from the web for a while, and takes them again."""

from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.forms.pause import PauseForm
from ocpizza.i18n import Shown, _
from ocpizza.moments import clock
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.pause import pause_online_orders, resume_online_orders
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import signature
from ocpizza.views.staff.kitchen import kitchen_page

COOK = {"request_method": "POST", "permission": Permission.PAUSE}


@view_config(route_name="pause", renderer="staff/kitchen.jinja2", **COOK)
def pause(context: Workplace, request: SignedInRequest) -> Answer:
    form = PauseForm(request.POST)
    if not form.validate():
        return ask_again(request, kitchen_page(context, request, form))
    here = go_to(request, "kitchen", code=context.restaurant.code)
    points = list_restaurants(request.db)
    open_now = (
        point.closes_at(request.now) for point in points if point.code == context.restaurant.code
    )
    closes_at = next(open_now, None)
    if closes_at is None:
        say(request, _("Le restaurant est fermé : il ne prend pas de commande."), "warning")
        return here
    until = form.ends_at(request.now, closes_at)
    signed = signature(request)
    pause_online_orders(request.db, context.restaurant_id, until, form.reason.data, signed)
    text = _(
        "Commandes en ligne suspendues jusqu’à ${time}.", mapping={"time": Shown(clock, until)}
    )
    say(request, text, "success")
    return here


@view_config(route_name="resume", **COOK)
def resume(context: Workplace, request: SignedInRequest) -> Answer:
    signed = signature(request)
    resume_online_orders(request.db, context.restaurant_id, signed)
    say(request, _("Les commandes en ligne reprennent."), "success")
    return go_to(request, "kitchen", code=context.restaurant.code)
