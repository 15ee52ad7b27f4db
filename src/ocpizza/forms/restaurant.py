"""What customers read of a restaurant, and where it delivers."""

import re
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from ocpizza.domain.contact import national_phone, normal_postcode
from ocpizza.domain.plain_text import compatible
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.contact import EmailField, MeantField, PhoneField, PostcodeField
from ocpizza.forms.details import at_most
from ocpizza.forms.fields import EurosField, WholeField
from ocpizza.forms.given import GivenText
from ocpizza.i18n import _

BETWEEN = re.compile(r"[\s,;/]+")
MAX_FEE, MAX_MINIMUM, MAX_MINUTES = 50_00, 500_00, 180
MISSING = _("Indiquez une somme, 0 s’il n’y en a pas.")


class PostcodesField(MeantField):
    """Postcodes, one after the other."""

    wrong = _("Un code postal compte cinq chiffres : indiquez-les comme 75011, 75012.")

    @staticmethod
    def meaning(typed: str) -> str | None:
        codes = [normal_postcode(part) for part in BETWEEN.split(compatible(typed)) if part]
        known = sorted({code for code in codes if code})
        return None if None in codes else ", ".join(known)

    @property
    def kept(self) -> list[str]:
        return BETWEEN.split(self.data) if self.data else []


def minutes_field() -> Any:
    within = NumberRange(1, MAX_MINUTES, _("Indiquez de ${min} à ${max} minutes."))
    return WholeField(validators=[InputRequired(_("Indiquez un nombre de minutes.")), within])


class RestaurantForm(BaseForm):
    """A restaurant's name, address, delivery; `seen` is what its page said they were."""

    shown_name = GivenText(validators=[DataRequired(_("Indiquez un nom.")), at_most(100)])
    street = GivenText(validators=[DataRequired(_("Indiquez le numéro et la rue.")), at_most(200)])
    postcode = PostcodeField(validators=[DataRequired(_("Indiquez le code postal."))])
    town = GivenText(validators=[DataRequired(_("Indiquez la ville.")), at_most(100)])
    phone = PhoneField(validators=[DataRequired(_("Indiquez le téléphone.")), at_most(30)])
    email = EmailField(validators=[DataRequired(_("Indiquez l’adresse e-mail.")), at_most(254)])
    delivers = BooleanField()
    postcodes = PostcodesField(validators=[at_most(600)])
    delivery_fee_cents = EurosField(validators=[InputRequired(MISSING)])
    minimum_order_cents = EurosField(validators=[InputRequired(MISSING)])
    preparation_minutes = minutes_field()
    delivery_minutes = minutes_field()
    seen = HiddenField(validators=[Length(max=64)])

    def __init__(self, formdata: FormData | None, data: Mapping[str, Any] | None = None) -> None:
        shown = dict(data or {})
        if shown:
            shown["postcodes"] = ", ".join(shown["postcodes"])
            shown["phone"] = national_phone(shown.get("phone"))
        super().__init__(formdata, data=shown)

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.delivers.data and not self.postcodes.data and not self.postcodes.errors:
            self.refuse(
                self.postcodes,
                _("Indiquez au moins un code postal, ou décochez la livraison."),
            )
        if (self.delivery_fee_cents.data or 0) > MAX_FEE:
            self.refuse(self.delivery_fee_cents, _("Au plus 50 € : indiquez une somme comme 2,50."))
        if (self.minimum_order_cents.data or 0) > MAX_MINIMUM:
            self.refuse(self.minimum_order_cents, _("Au plus 500 € : indiquez une somme comme 15."))
        return valid and not self.errors

    @property
    def facts(self) -> dict[str, Any]:
        """What is meant, once the form is valid."""
        written = {field.name: field.data for field in self if field.name != "seen"}
        return written | {"phone": self.phone.kept, "postcodes": self.postcodes.kept}
