"""A1: the cards that Stripe keeps for a customer; one is kept when it is paid with."""

from pyramid.view import view_config

from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.payment.cards import remove_card, saved_cards
from ocpizza.views.answers import chosen_row, go_to, say

CARDS = {"route_name": "account_cards", "renderer": "account/cards.jinja2"}


@view_config(**CARDS, request_method="GET", permission=Permission.ACCOUNT)
def show(context: Account, request: Request) -> Answer:
    return {"cards": saved_cards(request.db, context.id)}


@view_config(route_name="account_card_remove", request_method="POST", permission=Permission.ACCOUNT)
def remove(context: Account, request: Request) -> Answer:
    if remove_card(request.db, context.id, chosen_row(request, "card"), request.now):
        say(request, _("Cette carte n’est plus gardée."), "success")
    return go_to(request, "account_cards")
