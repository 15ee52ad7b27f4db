"""C11: sign in by identifier and password, sign out."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.forms.device import QuickSwitchForm
from ocpizza.forms.sign_in import SignInForm
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.operations.demo_data import PASSWORD, demo_sign_ins
from ocpizza.request import Answer, Request
from ocpizza.security.hashing import HashingBusy
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import forget, remember, remember_half
from ocpizza.services.account.devices import people_at
from ocpizza.services.account.second_factor import is_asked
from ocpizza.services.account.sign_in_attempts import TooManyAttempts
from ocpizza.views.account.device import arrive_here, device_secret, keep_said
from ocpizza.views.account.sign_in_attempts import opened_account, too_busy, too_many
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.return_path import return_path, return_query

SIGN_IN = {
    "route_name": "sign_in",
    "renderer": "account/sign_in.jinja2",
    "permission": Permission.SHOP,
}


@view_config(**SIGN_IN, request_method="GET")
def ask(request: Request) -> Answer:
    return sign_in_page(request, SignInForm())


@view_config(**SIGN_IN, request_method="POST")
def sign_in(request: Request) -> Answer:
    form = SignInForm(request.POST)
    if form.validate():
        try:
            account = opened_account(request, form.identifier.data, form.password.data)
        except TooManyAttempts as refused:
            form.form_errors = [too_many(request, refused)]
            return ask_again(request, sign_in_page(request, form))
        except HashingBusy:
            form.form_errors = [too_busy(request)]
            return ask_again(request, sign_in_page(request, form))
        if account is not None:
            return let_in(request, account, return_path(request))
    if form.identifier.data and form.password.data:
        form.form_errors = [_("Les informations saisies sont erronées")]
    else:
        form.form_errors = [_("Les informations saisies sont incomplètes")]
    return ask_again(request, sign_in_page(request, form))


def let_in(
    request: Request, account: Account, path: str | None, *, made: bool = False
) -> HTTPSeeOther:
    """Sign somebody in and go on to `path`, a page of ours, or to their first page.

    Whoever has a second factor, or must have one, is asked for it first.
    """
    if is_asked(request.db, account):
        remember_half(request, account, path)
        keep_said(request)
        return go_to(request, "second_factor")
    remember(request, account, made=made, shared=arrive_here(request, account))
    return go_in(request, account, path)


def go_in(request: Request, account: Account, path: str | None) -> HTTPSeeOther:
    """Greet whoever is signed in now, and go on."""
    say(request, _("Connecté"), "success")
    first_page = request.route_path("staff" if account.employee else "home")
    return HTTPSeeOther(path or first_page)


@view_config(route_name="sign_out", request_method="POST", permission=Permission.SHOP)
def sign_out(request: Request) -> Answer:
    forget(request)
    say(request, _("Vous êtes déconnecté."))
    return go_to(request, "home")


def sign_in_page(
    request: Request, form: SignInForm, quick: QuickSwitchForm | None = None
) -> dict[str, Any]:
    """Return what the page shows; `quick` is how somebody takes their place at this device."""
    demo = request.registry.settings["demo.staff_page"]
    return {
        "form": form,
        "quick": quick or QuickSwitchForm(),
        "people": people_at(request.db, device_secret(request), request.now),
        "for_staff": (return_path(request) or "").startswith(request.route_path("staff")),
        "next": return_path(request),
        "query": return_query(request),
        "demo_sign_ins": demo_sign_ins() if demo else (),
        "demo_password": PASSWORD,
    }
