"""A new restaurant, as the group's manager describes it."""

import re
from collections.abc import Sequence
from typing import Any

from wtforms import SelectField
from wtforms.validators import DataRequired

from ocpizza.domain.plain_text import compatible
from ocpizza.forms.base import FormData, Validators
from ocpizza.forms.choices import choice
from ocpizza.forms.contact import MeantField
from ocpizza.forms.details import at_most
from ocpizza.forms.hours import HoursForm
from ocpizza.forms.restaurant import RestaurantForm
from ocpizza.i18n import _

CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
# Folders of an update beside those of restaurants.
RESERVED = frozenset({"common", "restaurants"})
Choices = Sequence[tuple[int, str]]


class NameField(MeantField):
    """A name of small letters, for programs and addresses."""

    @staticmethod
    def meaning(typed: str) -> str | None:
        return compatible(typed).lower()


class NewRestaurantForm(RestaurantForm, HoursForm):
    """All of it; hours may be given later, and the menu begins as another's."""

    restaurant_code = NameField(validators=[DataRequired(_("Indiquez un code.")), at_most(40)])
    slug = NameField(validators=[DataRequired(_("Indiquez une adresse.")), at_most(80)])
    company = SelectField(coerce=int, validate_choice=True)
    menu_of = SelectField(coerce=int, validate_choice=True)

    def __init__(
        self,
        formdata: FormData | None,
        companies: Choices,
        restaurants: Choices,
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(formdata, data)
        self.company.choices = [choice(id, name) for id, name in companies]
        self.menu_of.choices = [
            choice(0, _("La carte du groupe, sans prix propres")),
            *(choice(id, name) for id, name in restaurants),
        ]

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        code = self.restaurant_code.data or ""
        if not self.restaurant_code.errors and (not CODE.fullmatch(code) or code in RESERVED):
            text = _("Un code a des lettres sans accent, des chiffres et « _ », comme city_006.")
            self.refuse(self.restaurant_code, text)
        if not self.slug.errors and not SLUG.fullmatch(self.slug.data or ""):
            text = _("Une adresse a des lettres sans accent, des chiffres et « - ».")
            self.refuse(self.slug, text)
        return valid and not self.errors
