"""A1: see and change what the account knows."""

from dataclasses import asdict
from typing import Any

from pyramid.view import view_config

from ocpizza.domain.contact import national_phone
from ocpizza.domain.hours import PARIS
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.account import ProfileForm
from ocpizza.forms.base import FormData
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.account.edit import Profile, edit_account, read_profile
from ocpizza.views.answers import ask_again, go_to, say

PROFILE = {
    "route_name": "account_profile",
    "renderer": "account/profile.jinja2",
    "permission": Permission.ACCOUNT,
}


@view_config(**PROFILE, request_method="GET")
def ask_profile(context: Account, request: Request) -> Answer:
    known = asdict(read_profile(request.db, context))
    known |= {"phone": national_phone(known["phone"]), "version": context.version}
    return {"form": _form(request, data=known)}


@view_config(**PROFILE, request_method="POST")
def edit(context: Account, request: Request) -> Answer:
    form = _form(request, request.POST)
    if not form.validate():
        return ask_again(request, {"form": form})
    try:
        edit_account(request.db, context, form.version.data, _said(form))
    except StaleVersion:
        request.response.status_int = 409
        text = _(
            "Votre compte a été modifié ailleurs entre-temps. Vérifiez ce que vous avez saisi, "
            "puis enregistrez de nouveau pour le remplacer."
        )
        form.form_errors, form.version.data = [text], context.version
        form.version.raw_data = None
        return {"form": form}
    say(request, _("Vos informations sont enregistrées."), "success")
    return go_to(request, "account")


def _form(request: Request, formdata: FormData | None = None, **values: Any) -> ProfileForm:
    return ProfileForm(formdata, today=request.now.astimezone(PARIS).date(), **values)


def _said(form: ProfileForm) -> Profile:
    return Profile(
        first_name=form.first_name.data,
        last_name=form.last_name.data,
        phone=form.kept_phone,
        birthday=form.birthday.data,
        language=form.language.data,
        delivery=form.delivery.form.address(),
        billing=form.billing.form.address(),
    )
