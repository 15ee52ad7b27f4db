"""C11: staff's own second factor: set up, set up anew, removed; other recovery codes."""

from pyramid.view import view_config

from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import HALF
from ocpizza.services.account.half_sign_in import begin_half_sign_in
from ocpizza.services.account.second_factor import (
    SecondFactorRequired,
    find_second_factor,
    is_required,
    recovery_codes_left,
    remove_second_factor,
    renew_recovery_codes,
)
from ocpizza.views.account.proof import after_proof
from ocpizza.views.account.second_factor import show_recovery_codes
from ocpizza.views.answers import go_to, say

PAGE = "account_second_factor"
ACT = {
    "request_method": "POST",
    "permission": Permission.SECOND_FACTOR,
    "decorator": after_proof(PAGE),
}


@view_config(
    route_name=PAGE,
    renderer="account/own_second_factor.jinja2",
    request_method="GET",
    permission=Permission.SECOND_FACTOR,
)
def show(context: Account, request: SignedInRequest) -> Answer:
    return {
        "factor": find_second_factor(request.db, context.id),
        "required": is_required(context.employee),
        "left": recovery_codes_left(request.db, context.id),
    }


@view_config(route_name="account_second_factor_begin", **ACT)
def begin(context: Account, request: SignedInRequest) -> Answer:
    path = request.route_path(PAGE)
    token = begin_half_sign_in(request.db, context, path, request.now, anew=True)
    request.session[HALF] = token
    return go_to(request, "second_factor")


@view_config(route_name="account_second_factor_remove", **ACT)
def remove(context: Account, request: SignedInRequest) -> Answer:
    try:
        if remove_second_factor(request.db, context.id, request.now):
            text = _("La double authentification est retirée : le mot de passe suffit.")
            say(request, text, "success")
    except SecondFactorRequired:
        text = _("La direction du groupe ne se connecte pas sans double authentification.")
        say(request, text, "error")
    return go_to(request, PAGE)


@view_config(route_name="account_recovery_codes", **ACT)
def renew(context: Account, request: Request) -> Answer:
    codes = renew_recovery_codes(request.db, context.id)
    if codes is None:
        return go_to(request, PAGE)
    return show_recovery_codes(request, codes, request.route_path(PAGE), is_new=False)
