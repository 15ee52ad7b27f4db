"""The order that was placed in this browser, on top of its pages: put away by whoever wants to."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.views.return_path import path_of_ours


@view_config(route_name="leave_order", request_method="POST", permission=Permission.SHOP)
def leave(request: Request) -> Answer:
    request.leave_order()
    return HTTPSeeOther(path_of_ours(request.POST.get("suite")) or request.route_path("home"))
