"""UC7.1: managers add, change, let in and out and delete the members of their staff."""

from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.contexts import Colleague, Workplace
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.base import FormData
from ocpizza.forms.colleague import GROUP, ColleagueForm
from ocpizza.i18n import _
from ocpizza.models.account import Role
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.hashing import HashingBusy
from ocpizza.security.permissions import Permission
from ocpizza.services.account.add_colleague import (
    IdentifierTaken,
    Issued,
    Namesake,
    NewColleague,
    add_colleague,
)
from ocpizza.services.account.change_colleague import Draft, Shown, change_colleague
from ocpizza.services.account.colleagues import working_at
from ocpizza.services.account.managing import (
    ColleagueGone,
    LastGroupManager,
    NotManaged,
    OwnAccount,
    Place,
    orders_in_hand,
)
from ocpizza.services.account.second_factor import find_second_factor
from ocpizza.services.promotion.queries import all_restaurants
from ocpizza.views.account.proof import after_proof
from ocpizza.views.account.sign_in_attempts import too_busy
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import signature

MANAGER = {"permission": Permission.PEOPLE}
NEW = {
    "route_name": "colleague_new",
    "renderer": "staff/colleague.jinja2",
    "decorator": after_proof("colleague_new"),
    **MANAGER,
}
EDIT = {
    "route_name": "colleague",
    "renderer": "staff/colleague.jinja2",
    "decorator": after_proof("colleague"),
    **MANAGER,
}
CHANGED = _(
    "Ce compte a été modifié entre-temps par quelqu’un d’autre. Vos saisies sont gardées : "
    "comparez-les à la version actuelle, puis enregistrez de nouveau pour la remplacer."
)
OWN = _("Votre propre fonction ne peut être changée que par un autre responsable.")
LAST = _("C’est le dernier responsable actif du groupe : nommez-en d’abord un autre.")


@view_config(route_name="people", request_method="GET", renderer="staff/people.jinja2", **MANAGER)
def people(context: Workplace, request: SignedInRequest) -> Answer:
    everywhere = request.signed_in.restaurant_id is None
    return {
        "here": working_at(request.db, context.restaurant_id),
        "group": working_at(request.db, None) if everywhere else [],
    }


@view_config(**NEW, request_method="GET")
def ask_new(context: Workplace, request: SignedInRequest) -> Answer:
    return _page(request, _form(request, None, {"restaurant": context.restaurant_id}))


@view_config(**NEW, request_method="POST")
def add(context: Workplace, request: SignedInRequest) -> Answer:
    form = _form(request, request.POST)
    if not form.validate():
        return _again(request, form)
    place, identifier = _place(request, form), form.identifier.data or ""
    new = NewColleague(form.first_name.data, form.last_name.data, place, identifier)
    try:
        with request.hashing_place():
            issued = add_colleague(request.db, signature(request), new)
    except NotManaged:
        raise HTTPForbidden from None
    except IdentifierTaken:
        form.refuse(form.identifier, _("Quelqu’un se connecte déjà avec cet identifiant."))
    except Namesake as same:
        text = _(
            "${name} travaille déjà ici, avec l’identifiant « ${identifier} ». Si c’est une autre "
            "personne, tapez l’identifiant qu’elle aura.",
            mapping={"name": same.account.full_name, "identifier": same.account.identifier},
        )
        form.refuse(form.identifier, text)
    except HashingBusy:
        form.form_errors = [too_busy(request)]
    else:
        return issue(request, context, issued, is_new=True)
    return _again(request, form)


@view_config(**EDIT, request_method="GET")
def ask_changes(context: Colleague, request: SignedInRequest) -> Answer:
    account, employee = context.account, context.employee
    known = {
        "first_name": account.first_name,
        "last_name": account.last_name,
        "role": str(employee.role),
        "restaurant": employee.restaurant_id or GROUP,
        "version": employee.version,
    }
    return _page(request, _form(request, None, known), context)


@view_config(**EDIT, request_method="POST")
def change(context: Colleague, request: SignedInRequest) -> Answer:
    form = _form(request, request.POST)
    if not form.validate():
        return _again(request, form, context)
    place = _place(request, form)
    draft = Draft(form.first_name.data, form.last_name.data, place)
    shown = Shown(context.account.id, form.version.data or 0)
    try:
        account = change_colleague(request.db, signature(request), shown, draft)
    except NotManaged:
        raise HTTPForbidden from None
    except ColleagueGone:
        return gone(request, context)
    except StaleVersion:
        form.form_errors = [CHANGED]
        form.version.data = context.employee.version
    except OwnAccount:
        form.refuse(form.role, OWN)
    except LastGroupManager:
        form.refuse(form.role, LAST)
    else:
        text = _("Le compte est enregistré : ${name}.", mapping={"name": account.full_name})
        say(request, text, "success")
        if place.restaurant_id != context.restaurant_id:
            say_what_is_in_hand(request, account.full_name, orders_in_hand(request.db, account.id))
        return go_to(request, "people", code=context.restaurant.code)
    return _again(request, form, context)


def issue(
    request: SignedInRequest, context: Workplace, issued: Issued, *, is_new: bool
) -> Response:
    """Answer with an identifier and its password, for once: nothing keeps this page."""
    values = {"account": issued.account, "password": issued.password, "is_new": is_new}
    values |= {"context": context}
    page: Response = render_to_response("staff/colleague_issued.jinja2", values, request)
    return page


def gone(request: SignedInRequest, context: Workplace) -> HTTPSeeOther:
    say(request, _("Cette personne ne fait plus partie de l’équipe."), "error")
    return go_to(request, "people", code=context.restaurant.code)


def say_what_is_in_hand(request: SignedInRequest, name: str, numbers: Any) -> None:
    """Say that somebody was in the middle of something."""
    if numbers:
        text = _(
            "${name} a encore des commandes en main : ${numbers}. Confiez-les à quelqu’un.",
            mapping={"name": name, "numbers": ", ".join(numbers)},
        )
        say(request, text, "warning")


def _form(
    request: SignedInRequest, posted: FormData | None, data: dict[str, Any] | None = None
) -> ColleagueForm:
    own = request.signed_in.restaurant_id
    return ColleagueForm(posted, all_restaurants(request.db) if own is None else None, data)


def _place(request: SignedInRequest, form: ColleagueForm) -> Place:
    """Return what was chosen; a restaurant's manager has people for their restaurant."""
    own = request.signed_in.restaurant_id
    return Place(Role(form.role.data), own if own is not None else form.restaurant.data or None)


def _page(
    request: SignedInRequest, form: ColleagueForm, colleague: Colleague | None = None
) -> dict[str, Any]:
    account = colleague.account if colleague else None
    return {
        "form": form,
        "account": account,
        "is_own": account is not None and account.id == request.signed_in.account_id,
        "in_hand": orders_in_hand(request.db, account.id) if account else (),
        "has_second_factor": account is not None
        and find_second_factor(request.db, account.id) is not None,
    }


def _again(
    request: SignedInRequest, form: ColleagueForm, colleague: Colleague | None = None
) -> dict[str, Any]:
    return ask_again(request, _page(request, form, colleague))
