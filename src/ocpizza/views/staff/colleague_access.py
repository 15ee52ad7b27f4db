"""UC7.1: a new password for a colleague, in and out of their account, and for good."""

from pyramid.httpexceptions import HTTPForbidden
from pyramid.view import view_config

from ocpizza.contexts import Colleague
from ocpizza.domain.client_address import network_of
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.i18n import _
from ocpizza.models.account import AccountStatus
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.hashing import HashingBusy
from ocpizza.security.permissions import Permission
from ocpizza.services.account.change_colleague import (
    OrdersInHand,
    Shown,
    delete_colleague,
    give_password,
    reset_second_factor,
    switch_colleague,
)
from ocpizza.services.account.managing import (
    ColleagueGone,
    LastGroupManager,
    NotManaged,
    OwnAccount,
    orders_in_hand,
)
from ocpizza.views.account.proof import after_proof
from ocpizza.views.account.sign_in_attempts import too_busy
from ocpizza.views.answers import chosen_row, go_to, say
from ocpizza.views.staff.actor import signature
from ocpizza.views.staff.people import LAST, OWN, gone, issue, say_what_is_in_hand

ACT = {"permission": Permission.PEOPLE, "decorator": after_proof("colleague")}
REFUSED: dict[type[Exception], str] = {
    StaleVersion: _("Ce compte a été modifié entre-temps : relisez-le avant d’y toucher."),
    OwnAccount: OWN,
    LastGroupManager: LAST,
}


@view_config(route_name="colleague_password", request_method="POST", **ACT)
def renew_password(context: Colleague, request: SignedInRequest) -> Answer:
    network = network_of(request.remote_addr)
    try:
        with request.hashing_place():
            issued = give_password(
                request.db, signature(request), _shown(context, request), network
            )
    except HashingBusy:
        say(request, too_busy(request), "error")
        return _back(context, request)
    except ColleagueGone:
        return gone(request, context)
    except NotManaged:
        raise HTTPForbidden from None
    except tuple(REFUSED) as refused:
        say(request, REFUSED[type(refused)], "error")
        return _back(context, request)
    return issue(request, context, issued, is_new=False)


@view_config(route_name="colleague_second_factor", request_method="POST", **ACT)
def forget_application(context: Colleague, request: SignedInRequest) -> Answer:
    shown = _shown(context, request)
    try:
        account, had_one = reset_second_factor(request.db, signature(request), shown)
    except ColleagueGone:
        return gone(request, context)
    except NotManaged:
        raise HTTPForbidden from None
    except tuple(REFUSED) as refused:
        say(request, REFUSED[type(refused)], "error")
        return _back(context, request)
    name = {"name": account.full_name}
    if had_one:
        text = _("La double authentification de ${name} est retirée.", mapping=name)
        say(request, text, "success")
    return _back(context, request)


@view_config(route_name="colleague_switch", request_method="POST", **ACT)
def switch(context: Colleague, request: SignedInRequest) -> Answer:
    active = "activer" in request.POST
    shown = _shown(context, request)
    try:
        account, numbers = switch_colleague(request.db, signature(request), shown, active=active)
    except ColleagueGone:
        return gone(request, context)
    except NotManaged:
        raise HTTPForbidden from None
    except tuple(REFUSED) as refused:
        say(request, REFUSED[type(refused)], "error")
        return _back(context, request)
    name = {"name": account.full_name}
    if account.status is AccountStatus.ACTIVE:
        say(request, _("${name} peut de nouveau se connecter.", mapping=name), "success")
    else:
        text = _("${name} ne peut plus se connecter ; ses sessions sont fermées.", mapping=name)
        say(request, text, "success")
        say_what_is_in_hand(request, account.full_name, numbers)
    return go_to(request, "people", code=context.restaurant.code)


@view_config(
    route_name="colleague_delete",
    request_method="GET",
    renderer="staff/colleague_delete.jinja2",
    **ACT,
)
def ask_deletion(context: Colleague, request: SignedInRequest) -> Answer:
    return {
        "account": context.account,
        "version": context.employee.version,
        "in_hand": orders_in_hand(request.db, context.account.id),
    }


@view_config(route_name="colleague_delete", request_method="POST", **ACT)
def delete(context: Colleague, request: SignedInRequest) -> Answer:
    try:
        account = delete_colleague(request.db, signature(request), _shown(context, request))
    except ColleagueGone:
        return gone(request, context)
    except NotManaged:
        raise HTTPForbidden from None
    except OrdersInHand as busy:
        say_what_is_in_hand(request, context.account.full_name, busy.numbers)
        return _back(context, request)
    except tuple(REFUSED) as refused:
        say(request, REFUSED[type(refused)], "error")
        return _back(context, request)
    text = _("${name} ne fait plus partie de l’équipe.", mapping={"name": account.full_name})
    say(request, text, "success")
    return go_to(request, "people", code=context.restaurant.code)


def _shown(context: Colleague, request: SignedInRequest) -> Shown:
    return Shown(context.account.id, chosen_row(request, "version"))


def _back(context: Colleague, request: SignedInRequest) -> Answer:
    code, colleague = context.restaurant.code, context.account.id
    return go_to(request, "colleague", code=code, colleague=colleague)
