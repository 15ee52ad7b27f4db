"""Where members of staff arrive: their own page, or the group's restaurants."""

from pyramid.httpexceptions import HTTPForbidden
from pyramid.view import view_config

from ocpizza.models.account import Role
from ocpizza.models.restaurant import Restaurant
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.views.answers import go_to

FIRST_PAGE = {
    Role.PIZZAIOLO: "kitchen",
    Role.DRIVER: "deliveries",
    Role.CASHIER: "handovers",
    Role.MANAGER: "kitchen",
}


@view_config(route_name="staff", renderer="staff/home.jinja2", permission=Permission.STAFF_HOME)
def home(request: SignedInRequest) -> Answer:
    who = request.signed_in
    if who.restaurant_id is None:
        return {"points": list_restaurants(request.db)}
    restaurant = request.db.get(Restaurant, who.restaurant_id)
    if restaurant is None:
        raise HTTPForbidden
    request.session.changed()
    return go_to(request, FIRST_PAGE[who.role], code=restaurant.code)
