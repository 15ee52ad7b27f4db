"""C1: a forgotten password; a link to choose another goes to the account's address."""

from pyramid.view import view_config

from ocpizza.domain.client_address import network_of
from ocpizza.forms.account import ForgottenForm, NewPasswordForm
from ocpizza.i18n import _
from ocpizza.request import Answer, Request
from ocpizza.security.hashing import HashingBusy
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import remember, remember_half
from ocpizza.security_log import Action, Result, tell
from ocpizza.services.account.links import LinkDead, Purpose, link_works, names_behind
from ocpizza.services.account.password import ask_new_password, reset_password
from ocpizza.services.account.second_factor import is_asked
from ocpizza.views.account.device import arrive_here
from ocpizza.views.account.link import by_link
from ocpizza.views.account.sign_in_attempts import too_busy
from ocpizza.views.answers import ask_again, go_to, say

FORGOTTEN = {
    "route_name": "forgotten_password",
    "renderer": "account/forgotten.jinja2",
    "permission": Permission.SHOP,
}
RESET = {
    "route_name": "reset_password",
    "renderer": "account/reset.jinja2",
    "permission": Permission.SHOP,
}


@view_config(**FORGOTTEN, request_method="GET")
def ask_email(request: Request) -> Answer:
    return {"form": ForgottenForm()}


@view_config(**FORGOTTEN, request_method="POST")
def send_link(request: Request) -> Answer:
    form = ForgottenForm(request.POST)
    if not form.validate():
        return ask_again(request, {"form": form})
    if not ask_new_password(request.db, form.email.data, request.locale_name, request.now):
        # In the log alone: whoever asks is not told which addresses were asked for.
        tell(Action.LINK_ASKED, Result.LIMITED)
    text = _(
        "Si un compte a cette adresse, un e-mail est en route. Ouvrez le lien qu’il contient dans "
        "l’heure pour choisir un nouveau mot de passe."
    )
    say(request, text, "success")
    return go_to(request, "sign_in")


@view_config(**RESET, request_method="GET", decorator=by_link)
def ask_password(request: Request) -> Answer:
    token = request.matchdict["token"]
    works = link_works(request.db, token, Purpose.NEW_PASSWORD, request.now)
    request.response.status_int = 200 if works else 410
    return {"form": NewPasswordForm() if works else None}


@view_config(**RESET, request_method="POST", decorator=by_link)
def reset(request: Request) -> Answer:
    token, address = request.matchdict["token"], network_of(request.remote_addr)
    names = names_behind(request.db, token, Purpose.NEW_PASSWORD, request.now)
    form = NewPasswordForm(request.POST, names=names)
    if not form.validate():
        return ask_again(request, {"form": form})
    try:
        with request.hashing_place():
            account = reset_password(request.db, token, form.password.data, address, request.now)
    except HashingBusy:
        form.form_errors = [too_busy(request)]
        return ask_again(request, {"form": form})
    except LinkDead:
        tell(Action.LINK_USED, Result.FAILED)
        request.response.status_int = 410
        return {"form": None}
    text = _("Votre mot de passe est changé.")
    if account.first_name:
        name = {"name": account.first_name}
        text = _("Bienvenue, ${name} ! Votre mot de passe est changé.", mapping=name)
    if is_asked(request.db, account):
        # A link is one way in; it is not both.
        remember_half(request, account, request.route_path("account"))
        say(request, text, "success")
        return go_to(request, "second_factor")
    remember(request, account, shared=arrive_here(request, account))
    say(request, text, "success")
    return go_to(request, "account")
