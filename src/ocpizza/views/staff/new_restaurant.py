"""The group's manager opens a restaurant: no restart, no code."""

from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import Group
from ocpizza.forms.new_restaurant import NewRestaurantForm
from ocpizza.i18n import _
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.add_restaurant import (
    CodeTaken,
    NewRestaurant,
    NoSuchSource,
    SlugTaken,
    add_restaurant,
)
from ocpizza.services.catalogue.companies import company_names
from ocpizza.services.promotion.queries import all_restaurants
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import signature
from ocpizza.views.staff.trail_words import FACTS

PAGE = {
    "route_name": "restaurant_new",
    "renderer": "staff/new_restaurant.jinja2",
    "permission": Permission.RESTAURANT,
}
NEW = {
    "delivers": True,
    "postcodes": (),
    "delivery_fee_cents": 250,
    "minimum_order_cents": 1500,
    "preparation_minutes": 15,
    "delivery_minutes": 20,
}


@view_config(**PAGE, request_method="GET")
def ask(context: Group, request: SignedInRequest) -> Answer:
    return _page(_form(request, NEW))


@view_config(**PAGE, request_method="POST")
def add(context: Group, request: SignedInRequest) -> Answer:
    form = _form(request)
    if not form.validate():
        return ask_again(request, _page(form))
    new = NewRestaurant(
        code=form.restaurant_code.data or "",
        slug=form.slug.data or "",
        legal_entity_id=form.company.data,
        details=form.facts,
        openings=tuple(form.openings),
        menu_of=form.menu_of.data or None,
    )
    signed = signature(request)
    try:
        restaurant = add_restaurant(request.db, new, signed)
    except CodeTaken:
        form.refuse(form.restaurant_code, _("Un autre restaurant a déjà ce code."))
    except SlugTaken:
        form.refuse(form.slug, _("Un autre restaurant a déjà cette adresse."))
    except NoSuchSource:
        form.form_errors = [_("Ce choix n’existe plus : choisissez de nouveau.")]
    else:
        text = _(
            "${name} est en ligne. Son stock est à zéro : recevez une première livraison, puis "
            "ajoutez son équipe.",
            mapping={"name": restaurant.name},
        )
        say(request, text, "success")
        return go_to(request, "restaurant", code=restaurant.code)
    return ask_again(request, _page(form))


def _form(request: SignedInRequest, data: dict[str, Any] | None = None) -> NewRestaurantForm:
    posted = None if data else request.POST
    return NewRestaurantForm(posted, company_names(request.db), all_restaurants(request.db), data)


def _page(form: NewRestaurantForm) -> dict[str, Any]:
    return {"form": form, "titles": FACTS}
