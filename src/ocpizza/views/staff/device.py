"""« Cet appareil »: whether others use it, and the digits by which one takes one's place there."""

from typing import Any

from pyramid.view import view_config

from ocpizza.forms.device import PERSONAL, SHARED, DeviceForm, QuickCodeForm
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.hashing import HashingBusy
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import SIGN_IN
from ocpizza.services.account.devices import is_shared, set_shared
from ocpizza.services.account.quick_codes import (
    drop_quick_code,
    has_code,
    may_have_code,
    set_quick_code,
)
from ocpizza.views.account.device import device_secret
from ocpizza.views.account.proof import after_proof
from ocpizza.views.account.sign_in_attempts import too_busy
from ocpizza.views.answers import ask_again, go_to, say

PAGE = {"renderer": "staff/device.jinja2", "permission": Permission.STAFF_HOME}
# Who took their place with four digits has not shown that it is them.
PROVED = {"permission": Permission.STAFF_HOME, "decorator": after_proof("device")}


@view_config(route_name="device", request_method="GET", **PAGE)
def show(context: Account, request: SignedInRequest) -> Answer:
    return _page(context, request)


@view_config(route_name="device", request_method="POST", renderer="staff/device.jinja2", **PROVED)
def choose(context: Account, request: SignedInRequest) -> Answer:
    form = DeviceForm(request.POST)
    if not form.validate():
        return ask_again(request, _page(context, request, form))
    shared, secret = form.kind.data == SHARED, device_secret(request)
    if set_shared(request.db, secret, request.session[SIGN_IN], shared=shared, now=request.now):
        say(request, _("C’est enregistré pour aujourd’hui."), "success")
    else:
        say(request, _("Connectez-vous de nouveau sur cet appareil pour le régler."), "error")
    return go_to(request, "device")


@view_config(
    route_name="device_code", request_method="POST", renderer="staff/device.jinja2", **PROVED
)
def choose_code(context: Account, request: SignedInRequest) -> Answer:
    form = QuickCodeForm(request.POST, context)
    if not may_have_code(request.db, context):
        return go_to(request, "device")
    if not form.validate():
        return ask_again(request, _page(context, request, code_form=form))
    try:
        with request.hashing_place():
            set_quick_code(request.db, context, form.digits.data, request.now)
    except HashingBusy:
        form.form_errors = [too_busy(request)]
        return ask_again(request, _page(context, request, code_form=form))
    say(request, _("Votre code rapide est enregistré."), "success")
    return go_to(request, "device")


@view_config(
    route_name="device_code_remove", request_method="POST", permission=Permission.STAFF_HOME
)
def remove_code(context: Account, request: SignedInRequest) -> Answer:
    drop_quick_code(request.db, context.id)
    say(request, _("Votre code rapide est retiré."), "success")
    return go_to(request, "device")


def _page(
    context: Account,
    request: SignedInRequest,
    form: DeviceForm | None = None,
    code_form: QuickCodeForm | None = None,
) -> dict[str, Any]:
    shared = is_shared(request.db, device_secret(request), request.now)
    settings = request.registry.settings
    kind = None if shared is None else SHARED if shared else PERSONAL
    return {
        "form": form or DeviceForm(data={"kind": kind}),
        "code_form": code_form or QuickCodeForm(None, context),
        "may_have_code": may_have_code(request.db, context),
        "has_code": has_code(request.db, context.id),
        "minutes": settings["session.shared_minutes"],
        "hours": settings["session.personal_hours"],
    }
