"""A1: what the account knows."""

from pyramid.view import view_config

from ocpizza.security.permissions import Permission
from ocpizza.views.account.pages import ACCOUNT_PAGES

ACCOUNT = {"route_name": "account", "renderer": "account/home.jinja2"}


@view_config(**ACCOUNT, request_method="GET", permission=Permission.ACCOUNT)
def show(context, request):
    return {"account": context, "pages": ACCOUNT_PAGES}
