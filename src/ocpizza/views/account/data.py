"""GDPR: look at what an account keeps, take it along (art. 15, 20), have it erased (art. 17)."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.forms.privacy import EraseAccountForm
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import forget, freshly_proved
from ocpizza.security.sessions import BASKET, SET_ASIDE
from ocpizza.services.account.edit import mark_active
from ocpizza.services.basket.basket import forget_baskets
from ocpizza.services.privacy.erase_account import StaffAccount, erase_account
from ocpizza.services.privacy.erase_orders import StillRunning
from ocpizza.services.privacy.export import export_text
from ocpizza.services.privacy.retention import erasure_date
from ocpizza.views.account.sign_in_attempts import confirmed_by_password
from ocpizza.views.answers import ask_again, go_to, say

DATA = {
    "route_name": "account_data",
    "renderer": "account/data.jinja2",
    "permission": Permission.ACCOUNT,
}


@view_config(**DATA, request_method="GET")
def show(context: Account, request: SignedInRequest) -> Answer:
    return _page(context, request, EraseAccountForm())


@view_config(route_name="account_download", request_method="GET", permission=Permission.ACCOUNT)
def download(context: Account, request: SignedInRequest) -> Answer:
    text = "".join(export_text(request.db, context, request.now))
    response = Response(text, content_type="application/json", charset="utf-8")
    response.content_disposition = 'attachment; filename="ocpizza-donnees.json"'
    response.cache_control = "no-store"
    return response


@view_config(route_name="account_keep", request_method="POST", permission=Permission.ACCOUNT)
def keep(context: Account, request: SignedInRequest) -> Answer:
    mark_active(context, request.now)
    say(request, _("Votre compte est conservé."), "success")
    return go_to(request, "account_data")


@view_config(**DATA, request_method="POST")
def erase(context: Account, request: SignedInRequest) -> Answer:
    form = EraseAccountForm(request.POST)
    if not context.password_hash and not freshly_proved(request):
        return _sign_in_again(request)
    if not form.validate() or not _proved(context, request, form):
        return _refused(context, request, form)
    try:
        tokens = [request.session.get(key) for key in (BASKET, SET_ASIDE)]
        erase_account(request.db, context.id, request.now)
        forget_baskets(request.db, [token for token in tokens if token])
    except StaffAccount:
        text = _("C’est le compte d’un membre de l’équipe : un responsable peut y mettre fin.")
        form.form_errors = [text]
    except StillRunning as running:
        text = _(
            "Une commande est encore en cours (${numbers}). Vous pourrez effacer votre compte dès "
            "qu’elle sera terminée.",
            mapping={"numbers": ", ".join(running.numbers)},
        )
        form.form_errors = [text]
    else:
        forget(request)
        say(request, _("Votre compte et vos données personnelles sont effacés."), "success")
        return go_to(request, "home")
    return _refused(context, request, form)


def _proved(account: Account, request: SignedInRequest, form: EraseAccountForm) -> bool:
    """Return whether it is the owner who asks: by password, or by a sign-in of a moment ago."""
    if not account.password_hash:
        return True
    if not form.password.data:
        form.password.errors = [_("Le champ est vide")]
        return False
    return confirmed_by_password(request, account, form, form.password) is not None


def _sign_in_again(request: SignedInRequest) -> HTTPSeeOther:
    """A password is not there to be asked for: the session must have begun a moment ago."""
    forget(request)
    say(request, _("Par sécurité, connectez-vous de nouveau, puis effacez votre compte."))
    page = request.route_path("account_data")
    return HTTPSeeOther(request.route_path("sign_in", _query={"suite": page}))


def _refused(account: Account, request: SignedInRequest, form: EraseAccountForm) -> dict[str, Any]:
    return ask_again(request, _page(account, request, form))


def _page(account: Account, request: SignedInRequest, form: EraseAccountForm) -> dict[str, Any]:
    days = request.registry.settings["privacy.account_days"]
    leaving = erasure_date(account, days) if account.erasure_announced_at else None
    return {
        "account": account,
        "form": form,
        "leaving": leaving,
        "is_staff": request.signed_in.is_staff,
    }
