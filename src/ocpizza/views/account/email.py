"""C1: confirm the account's e-mail address, or replace it by one that is confirmed."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.forms.account import ChangeEmailForm
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import MADE
from ocpizza.security_log import Action, Result, tell
from ocpizza.services.account.create import AccountExists
from ocpizza.services.account.email import (
    Opener,
    SignInFirst,
    TooManyLinks,
    ask_confirmation,
    confirm_email,
)
from ocpizza.services.account.links import LinkDead, Purpose, link_works
from ocpizza.views.account.link import by_link
from ocpizza.views.account.sign_in_attempts import confirmed_by_password
from ocpizza.views.answers import ask_again, go_to, say

CHANGE = {
    "route_name": "account_email",
    "renderer": "account/email.jinja2",
    "permission": Permission.ACCOUNT,
}
CONFIRM = {
    "route_name": "confirm_email",
    "renderer": "account/confirm.jinja2",
    "permission": Permission.SHOP,
}


@view_config(**CHANGE, request_method="GET")
def ask_email(context: Account, request: Request) -> Answer:
    return {"account": context, "form": ChangeEmailForm()}


@view_config(**CHANGE, request_method="POST")
def change(context: Account, request: Request) -> Answer:
    form = ChangeEmailForm(request.POST)
    if not context.password_hash or not form.validate():
        return ask_again(request, {"account": context, "form": form})
    if form.email.data == context.email:
        form.email.errors = [_("C’est déjà l’adresse de votre compte.")]
        return ask_again(request, {"account": context, "form": form})
    account = confirmed_by_password(request, context, form, form.current)
    if account is None:
        return ask_again(request, {"account": context, "form": form})
    return _send(request, account, form.email.data)


@view_config(route_name="account_email_link", request_method="POST", permission=Permission.ACCOUNT)
def send_again(context: Account, request: Request) -> Answer:
    if context.email is None or context.email_verified_at:
        return go_to(request, "account")
    return _send(request, context, context.email)


def _send(request: Request, account: Account, email: str) -> HTTPSeeOther:
    try:
        ask_confirmation(request.db, account, email, request.now)
    except TooManyLinks:
        tell(Action.LINK_ASKED, Result.LIMITED)
        say(request, _("Trop d’e-mails sont déjà partis : réessayez dans une heure."), "error")
    else:
        text = _(
            "Un e-mail est parti à ${email}. Ouvrez le lien qu’il contient pour confirmer cette "
            "adresse.",
            mapping={"email": email},
        )
        say(request, text, "success")
    return go_to(request, "account")


@view_config(**CONFIRM, request_method="GET", decorator=by_link)
def ask_confirmation_of_link(request: Request) -> Answer:
    token = request.matchdict["token"]
    works = link_works(request.db, token, Purpose.CONFIRM_EMAIL, request.now)
    request.response.status_int = 200 if works else 410
    return {"works": works, "exists": False, "elsewhere": False}


@view_config(**CONFIRM, request_method="POST", decorator=by_link)
def confirm(request: Request) -> Answer:
    try:
        done = confirm_email(request.db, request.matchdict["token"], _opener(request), request.now)
    except SignInFirst:
        tell(Action.LINK_USED, Result.REFUSED)
        request.response.status_int = 403
        return {"works": False, "exists": False, "elsewhere": True}
    except (LinkDead, AccountExists) as refused:
        tell(Action.LINK_USED, Result.FAILED)
        exists = isinstance(refused, AccountExists)
        request.response.status_int = 409 if exists else 410
        return {"works": False, "exists": exists, "elsewhere": False}
    email = {"email": done.account.email}
    if done.password_link:
        text = _(
            "Votre adresse ${email} est confirmée. Choisissez maintenant votre mot de passe.",
            mapping=email,
        )
        say(request, text, "success")
        return go_to(request, "reset_password", token=done.password_link)
    say(request, _("Votre adresse ${email} est confirmée.", mapping=email), "success")
    return go_to(request, "account" if request.signed_in else "sign_in")


def _opener(request: Request) -> Opener:
    who = request.signed_in
    return Opener(who.account_id, request.session.get(MADE)) if who else Opener(None, None)
