"""C1: change one's password, or set a first one."""

from typing import Any

from pyramid.view import view_config

from ocpizza.forms.account import ChangePasswordForm, NewPasswordForm
from ocpizza.forms.base import FormData
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request
from ocpizza.security.hashing import HashingBusy
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import remember
from ocpizza.services.account.password import change_password
from ocpizza.views.account.proof import after_proof
from ocpizza.views.account.sign_in_attempts import confirmed_by_password, too_busy
from ocpizza.views.answers import ask_again, go_to, say

PASSWORD = {
    "route_name": "account_password",
    "renderer": "account/password.jinja2",
    "permission": Permission.ACCOUNT,
}


@view_config(**PASSWORD, request_method="GET")
def ask_password(context: Account, request: Request) -> Answer:
    if context.password_hash:
        return _page(context, request)
    return after_proof("account_password")(_page)(context, request)


def _page(context: Account, request: Request) -> dict[str, Any]:
    return {"account": context, "form": _form(context)}


@view_config(**PASSWORD, request_method="POST")
def change(context: Account, request: Request) -> Answer:
    if context.password_hash:
        return _change(context, request)
    return _set_first(context, request)


@after_proof("account_password")
def _set_first(context: Account, request: Request) -> Answer:
    return _change(context, request)


def _change(context: Account, request: Request) -> Answer:
    form = _form(context, request.POST)
    if not form.validate():
        return ask_again(request, {"account": context, "form": form})
    account: Account | None = context
    if isinstance(form, ChangePasswordForm):
        account = confirmed_by_password(request, context, form, form.current)
    if account is None:
        return ask_again(request, {"account": context, "form": form})
    try:
        with request.hashing_place():
            change_password(request.db, account, form.password.data, request.now)
    except HashingBusy:
        form.form_errors = [too_busy(request)]
        return ask_again(request, {"account": context, "form": form})
    remember(request, account)
    say(request, _("Votre mot de passe est changé, vos autres appareils sont déconnectés."))
    return go_to(request, "account")


def _form(account: Account, formdata: FormData | None = None) -> NewPasswordForm:
    """Return the form for an account with a password, or for one without (made by Google)."""
    return (ChangePasswordForm if account.password_hash else NewPasswordForm)(
        formdata, names=account.names
    )
