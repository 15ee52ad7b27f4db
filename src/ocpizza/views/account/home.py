"""A1, C1: what the account knows, the way to its other pages, and out of it everywhere."""

from pyramid.view import view_config

from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import forget
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.edit import read_profile
from ocpizza.services.account.sign_in_sessions import sign_out_everywhere
from ocpizza.services.payment.cards import saved_cards
from ocpizza.views.account.pages import ACCOUNT_PAGES
from ocpizza.views.answers import go_to, say

ACCOUNT = {"route_name": "account", "renderer": "account/home.jinja2"}


@view_config(**ACCOUNT, request_method="GET", permission=Permission.ACCOUNT)
def show(context: Account, request: Request) -> Answer:
    profile = read_profile(request.db, context)
    cards = request.registry["payments"].available or saved_cards(request.db, context.id)
    left_out = set() if cards else {"account_cards"}
    if not request.has_permission(Permission.SECOND_FACTOR, context):
        left_out.add("account_second_factor")
    pages = [page for page in ACCOUNT_PAGES if page[0] not in left_out]
    return {"account": context, "profile": profile, "pages": pages}


@view_config(route_name="sign_out_everywhere", request_method="POST", permission=Permission.ACCOUNT)
def leave_everywhere(context: Account, request: Request) -> Answer:
    forget(request)
    sign_out_everywhere(request.db, context)
    note(request.db, Action.SIGN_OUT_EVERYWHERE, account=context.id)
    say(request, _("Vous êtes déconnecté partout."))
    return go_to(request, "home")
