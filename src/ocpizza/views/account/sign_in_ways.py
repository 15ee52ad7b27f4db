"""C12: the ways in which somebody signs in to their account."""

from pyramid.view import view_config

from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.account.sign_in_ways import LastWay, sign_in_ways, unlink_identity
from ocpizza.views.account.proof import after_proof
from ocpizza.views.answers import chosen_row, go_to, say

WAYS = {"route_name": "account_sign_in_ways", "renderer": "account/sign_in_ways.jinja2"}


@view_config(**WAYS, request_method="GET", permission=Permission.ACCOUNT)
def show(context: Account, request: Request) -> Answer:
    titles = {
        name: provider.title for name, provider in request.registry["identity_providers"].items()
    }
    return {"ways": sign_in_ways(request.db, context), "titles": titles}


@view_config(
    route_name="account_unlink",
    request_method="POST",
    permission=Permission.ACCOUNT,
    decorator=after_proof("account_sign_in_ways"),
)
def unlink(context: Account, request: Request) -> Answer:
    try:
        unlink_identity(request.db, context.id, chosen_row(request, "identity"), request.now)
    except LastWay:
        text = _("C’est votre seul moyen de connexion : ajoutez-en un autre avant de le retirer.")
        say(request, text, "error")
    else:
        say(request, _("Ce moyen de connexion est retiré."), "success")
    return go_to(request, "account_sign_in_ways")
