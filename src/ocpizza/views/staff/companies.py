"""The group's manager writes down who sells, and into which account at Stripe."""

from collections.abc import Mapping
from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import Company, Group
from ocpizza.domain.stale_version import StaleVersion, fingerprint
from ocpizza.forms.company import CompanyForm, NewCompanyForm
from ocpizza.i18n import _
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.companies import (
    AccountInUse,
    CodeTaken,
    SiretTaken,
    add_company,
    company_facts,
    edit_company,
    list_companies,
)
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import signature
from ocpizza.views.staff.restaurant import CHANGED
from ocpizza.views.staff.trail_words import newer_words

DIRECTION = {"permission": Permission.COMPANIES}
NEW = {"route_name": "company_new", "renderer": "staff/company.jinja2", **DIRECTION}
EDIT = {"route_name": "company", "renderer": "staff/company.jinja2", **DIRECTION}
SIRET_TAKEN = _("Une autre société a déjà ce SIRET.")


@view_config(
    route_name="companies",
    request_method="GET",
    renderer="staff/companies.jinja2",
    **DIRECTION,
)
def companies(context: Group, request: SignedInRequest) -> Answer:
    return {"companies": list_companies(request.db)}


@view_config(**NEW, request_method="GET")
def ask_new(context: Group, request: SignedInRequest) -> Answer:
    return _page(NewCompanyForm(None))


@view_config(**NEW, request_method="POST")
def add(context: Group, request: SignedInRequest) -> Answer:
    form = NewCompanyForm(request.POST)
    if not form.validate():
        return ask_again(request, _page(form))
    try:
        add_company(request.db, form.company_code.data or "", form.facts, signature(request))
    except CodeTaken:
        form.refuse(form.company_code, _("Une autre société a déjà ce code."))
    except SiretTaken:
        form.refuse(form.siret, SIRET_TAKEN)
    else:
        return _saved(request)
    return ask_again(request, _page(form))


@view_config(**EDIT, request_method="GET")
def ask(context: Company, request: SignedInRequest) -> Answer:
    facts = company_facts(context.entity)
    return _page(CompanyForm(None, {**facts, "seen": fingerprint(facts)}), context.entity)


@view_config(**EDIT, request_method="POST")
def edit(context: Company, request: SignedInRequest) -> Answer:
    form, entity = CompanyForm(request.POST), context.entity
    if not form.validate():
        return ask_again(request, _page(form, entity))
    newer: Mapping[str, str] = {}
    try:
        edit_company(request.db, entity.id, form.seen.data or "", form.facts, signature(request))
    except StaleVersion:
        now = company_facts(entity)
        form.form_errors, form.seen.data = [CHANGED], fingerprint(now)
        newer = newer_words(request, now, form.facts)
    except SiretTaken:
        form.refuse(form.siret, SIRET_TAKEN)
    except AccountInUse:
        text = _(
            "Des cartes ont déjà été débitées sur le compte actuel, où vont aussi les "
            "remboursements : il ne change plus. Créez une autre société."
        )
        form.refuse(form.payment_account, text)
    else:
        return _saved(request)
    return ask_again(request, _page(form, entity, newer))


def _page(
    form: CompanyForm, entity: LegalEntity | None = None, newer: Mapping[str, str] | None = None
) -> dict[str, Any]:
    return {"form": form, "entity": entity, "newer": newer or {}}


def _saved(request: SignedInRequest) -> Answer:
    text = _("La société est enregistrée. Ce qui a déjà été remis aux clients ne change pas.")
    say(request, text, "success")
    return go_to(request, "companies")
