"""UC2.1: make an account with a form (A1)."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.domain.hours import PARIS
from ocpizza.forms.account import SignUpForm
from ocpizza.forms.base import FormData
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request
from ocpizza.security.hashing import HashingBusy
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import remember
from ocpizza.services.account.create import AccountExists, NewAccount, create_account
from ocpizza.services.rate_limits import TooManyUses, count_uses, sign_up_from
from ocpizza.views.account.sign_in_attempts import too_busy
from ocpizza.views.answers import ask_again, say, too_many_tries
from ocpizza.views.return_path import return_path, return_query

SIGN_UP = {
    "route_name": "sign_up",
    "renderer": "account/sign_up.jinja2",
    "permission": Permission.SHOP,
}


@view_config(**SIGN_UP, request_method="GET")
def ask(request: Request) -> Answer:
    return _page(request, _form(request))


@view_config(**SIGN_UP, request_method="POST")
def sign_up(request: Request) -> Answer:
    form = _form(request, request.POST)
    exists = False
    if form.validate():
        try:
            return _let_in(request, _new_account(request, form))
        except AccountExists:
            exists = True
        except TooManyUses as refused:
            form.form_errors = [too_many_tries(request, refused)]
        except HashingBusy:
            form.form_errors = [too_busy(request)]
    return ask_again(request, _page(request, form, exists=exists))


def _new_account(request: Request, form: SignUpForm) -> Account:
    """Raises AccountExists, TooManyUses and HashingBusy."""
    with request.hashing_place():
        count_uses(request.db, sign_up_from(request.remote_addr), request.now)
        # Others who come from there need not wait for the hash.
        request.commit_now()
        return create_account(request.db, _said(request, form), request.now)


def _form(request: Request, formdata: FormData | None = None) -> SignUpForm:
    return SignUpForm(formdata, today=request.now.astimezone(PARIS).date())


def _said(request: Request, form: SignUpForm) -> NewAccount:
    return NewAccount(
        email=form.email.data,
        password=form.password.data,
        first_name=form.first_name.data,
        last_name=form.last_name.data,
        phone=form.kept_phone,
        birthday=form.birthday.data,
        delivery=form.delivery.form.address(),
        language=request.locale_name,
    )


def _let_in(request: Request, account: Account) -> HTTPSeeOther:
    remember(request, account, made=True)
    text = _("Bienvenue, ${name} ! Votre compte est créé.", mapping={"name": account.first_name})
    say(request, text, "success")
    return HTTPSeeOther(return_path(request) or request.route_path("account"))


def _page(request: Request, form: SignUpForm, *, exists: bool = False) -> dict[str, Any]:
    return {
        "form": form,
        "exists": exists,
        "next": return_path(request),
        "query": return_query(request),
    }
