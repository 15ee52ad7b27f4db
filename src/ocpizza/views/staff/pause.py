"""The kitchen takes no orders from the web for a while, and takes them again."""

from pyramid.view import view_config

from ocpizza.domain.hours import Opening, closing_time
from ocpizza.forms.pause import PauseForm
from ocpizza.i18n import Shown, _
from ocpizza.moments import clock
from ocpizza.request import Answer, SignedInRequest
from ocpizza.resources import Workplace
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.pause import pause_online_orders, resume_online_orders
from ocpizza.services.trail.record import Signature
from ocpizza.views.answers import first_error, go_to, say

COOK = {"request_method": "POST", "permission": Permission.PAUSE}


@view_config(route_name="pause", **COOK)
def pause(context: Workplace, request: SignedInRequest) -> Answer:
    form, here = PauseForm(request.POST), go_to(request, "kitchen", code=context.restaurant.code)
    if not form.validate():
        say(request, first_error(form), "error")
        return here
    hours = [
        Opening(each.weekday, each.opens_minute, each.closes_minute)
        for each in context.restaurant.opening_hours
    ]
    closes_at = closing_time(hours, request.now)
    if closes_at is None:
        say(request, _("Le restaurant est fermé : il ne prend pas de commande."), "warning")
        return here
    until = form.ends_at(request.now, closes_at)
    signed = Signature(request.signed_in.author, request.now)
    pause_online_orders(request.db, context.restaurant_id, until, form.reason.data, signed)
    text = _(
        "Commandes en ligne suspendues jusqu’à ${time}.", mapping={"time": Shown(clock, until)}
    )
    say(request, text, "success")
    return here


@view_config(route_name="resume", **COOK)
def resume(context: Workplace, request: SignedInRequest) -> Answer:
    signed = Signature(request.signed_in.author, request.now)
    resume_online_orders(request.db, context.restaurant_id, signed)
    say(request, _("Les commandes en ligne reprennent."), "success")
    return go_to(request, "kitchen", code=context.restaurant.code)
