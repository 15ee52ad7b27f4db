"""Favourites of somebody signed in, kept and let go on the page of a product."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.account.favourites import (
    TooManyFavourites,
    drop_favourite,
    keep_favourite,
)
from ocpizza.views.answers import chosen_row, say
from ocpizza.views.return_path import return_path


@view_config(route_name="account_favourite", request_method="POST", permission=Permission.ACCOUNT)
def change(context: Account, request: Request) -> Answer:
    product_id = chosen_row(request, "product")
    if "retirer" in request.POST:
        drop_favourite(request.db, context.id, product_id)
        say(request, _("Ce n’est plus un de vos favoris."), "success")
    else:
        _keep(context, request, product_id)
    return HTTPSeeOther(return_path(request) or request.route_path("home"))


def _keep(context: Account, request: Request, product_id: int) -> None:
    try:
        if keep_favourite(request.db, context.id, product_id, request.now):
            say(request, _("C’est un de vos favoris : la carte sait les montrer seuls."), "success")
        else:
            say(request, _("Ce produit n’existe plus."), "warning")
    except TooManyFavourites:
        say(request, _("Vous avez déjà cent favoris : retirez-en d’abord."), "warning")
