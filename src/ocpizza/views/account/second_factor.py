"""C11: the second factor, between the password and the first page; its key, when it is set up."""

import re
from collections.abc import Sequence
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.domain.totp import key_address
from ocpizza.forms.second_factor import SecondFactorForm
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.models.second_factor import HalfSignIn
from ocpizza.operations.demo_data import demo_code
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import HALF, remember
from ocpizza.security_log import Action, Result, tell
from ocpizza.services.account.half_sign_in import (
    Completed,
    HalfGone,
    WrongCode,
    complete_sign_in,
    find_half_sign_in,
)
from ocpizza.services.account.second_factor import recovery_codes_left
from ocpizza.services.rate_limits import (
    TooManyUses,
    count_uses,
    forgive_uses,
    second_factor_tried,
)
from ocpizza.views.account.device import arrive_here
from ocpizza.views.account.qr_code import qr_code
from ocpizza.views.answers import ask_again, go_to, say, too_many_tries

SECOND_FACTOR = {
    "route_name": "second_factor",
    "renderer": "account/second_factor.jinja2",
    "permission": Permission.SHOP,
}


@view_config(**SECOND_FACTOR, request_method="GET")
def ask(request: Request) -> Answer:
    half = _half(request)
    return _page(request, SecondFactorForm(), *half) if half else _over(request)


@view_config(**SECOND_FACTOR, request_method="POST")
def show(request: Request) -> Answer:
    half = _half(request)
    if half is None:
        return _over(request)
    form, account_id = SecondFactorForm(request.POST), half[1].id
    if form.validate():
        try:
            done = _complete(request, form.code.data, account_id)
        except HalfGone:
            return _over(request)
        except TooManyUses as refused:
            form.form_errors = [too_many_tries(request, refused)]
        except WrongCode:
            tell(Action.SECOND_FACTOR_CHECK, Result.FAILED, account=account_id)
            form.code.errors = [
                _("Ce code ne convient pas, ou a déjà servi. Attendez le suivant, puis réessayez.")
            ]
        else:
            return _let_in(request, done)
    # The try was counted and committed.
    half = _half(request)
    return ask_again(request, _page(request, form, *half)) if half else _over(request)


def _half(request: Request) -> tuple[HalfSignIn, Account] | None:
    token = request.session.get(HALF)
    return find_half_sign_in(request.db, token, request.now) if token else None


def _complete(request: Request, code: str, account_id: int) -> Completed:
    """Raises HalfGone, WrongCode and TooManyUses; the try is counted for good before."""
    uses = second_factor_tried(account_id)
    count_uses(request.db, uses, request.now)
    request.commit_now()
    done = complete_sign_in(request.db, request.session[HALF], code, request.now)
    forgive_uses(request.db, uses, request.now)
    return done


def _let_in(request: Request, done: Completed) -> HTTPSeeOther | Response:
    shared = arrive_here(request, done.account, half=True)
    remember(request, done.account, two_factors=True, shared=shared)
    path = done.next_path or request.route_path("staff" if done.account.employee else "home")
    if done.recovery_codes:
        return show_recovery_codes(request, done.recovery_codes, path, is_new=True)
    say(request, _("Connecté"), "success")
    if done.by_recovery_code:
        text = _(
            "Ce code de secours a servi ; il vous en reste ${count}. Votre compte permet d’en "
            "obtenir de nouveaux et de changer d’application ou de téléphone.",
            mapping={"count": recovery_codes_left(request.db, done.account.id)},
        )
        say(request, text, "warning")
    return HTTPSeeOther(path)


def show_recovery_codes(
    request: Request, codes: Sequence[str], path: str, *, is_new: bool
) -> Response:
    """Answer with recovery codes, for once: nothing keeps this page; `path` is where one goes on.

    They are those of an application that `is_new`, or in place of others.
    """
    values = {"codes": codes, "path": path, "is_new": is_new}
    page: Response = render_to_response("account/recovery_codes.jinja2", values, request)
    page.cache_control = "no-store"
    return page


def _over(request: Request) -> HTTPSeeOther:
    """Nothing is awaited here; who is signed in goes to their first page, others sign in."""
    if request.session.pop(HALF, None):
        text = _("Cette étape de la connexion a expiré : connectez-vous de nouveau.")
        say(request, text, "error")
    return go_to(request, "staff" if request.signed_in else "sign_in")


def _page(
    request: Request, form: SecondFactorForm, half: HalfSignIn, account: Account
) -> dict[str, Any]:
    request.response.cache_control = "no-store"
    page: dict[str, Any] = {"form": form, "key": "", "demo_code": None}
    if half.key is not None:
        address = key_address(half.key, account.identifier or account.email or account.full_name)
        title = request.localizer.translate(_("Code QR à scanner avec votre application"))
        page["code"] = qr_code(address, title)
        page["key"] = " ".join(re.findall("....", half.key))
        page["address"] = address
    elif request.registry.settings["demo.staff_page"]:
        page["demo_code"] = demo_code(request.db, account.id, request.now)
    return page
