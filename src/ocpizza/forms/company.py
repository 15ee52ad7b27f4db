"""A company as it is registered, and its account at Stripe; no key is ever typed here."""

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField
from wtforms.validators import DataRequired, Length, Optional

from ocpizza.domain.registration import (
    normal_account,
    normal_siret,
    normal_vat_number,
    same_company,
)
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.contact import MeantField, PostcodeField
from ocpizza.forms.details import at_most
from ocpizza.forms.given import GivenText
from ocpizza.forms.new_restaurant import SLUG, NameField
from ocpizza.i18n import _


class RegisteredField(MeantField):
    """A number that checks itself."""


class SiretField(RegisteredField):
    wrong = _("Ce SIRET n’est pas valable : il a quatorze chiffres, dont une clé.")
    meaning = staticmethod(normal_siret)


class VatField(RegisteredField):
    wrong = _("Ce numéro de TVA n’est pas valable : il s’écrit FR, une clé, puis le SIREN.")
    meaning = staticmethod(normal_vat_number)


class AccountField(RegisteredField):
    wrong = _("Un compte Stripe s’écrit comme acct_1A2b3C4d5E6f. N’indiquez jamais de clé secrète.")
    meaning = staticmethod(normal_account)


class CompanyForm(BaseForm):
    """A company that is there; `seen` is what its page said of it."""

    registered_name = GivenText(
        validators=[DataRequired(_("Indiquez la dénomination.")), at_most(200)]
    )
    street = GivenText(validators=[DataRequired(_("Indiquez le numéro et la rue.")), at_most(200)])
    postcode = PostcodeField(validators=[DataRequired(_("Indiquez le code postal."))])
    town = GivenText(validators=[DataRequired(_("Indiquez la ville.")), at_most(100)])
    siret = SiretField(validators=[DataRequired(_("Indiquez le SIRET."))])
    vat_number = VatField(validators=[DataRequired(_("Indiquez le numéro de TVA."))])
    payment_account = AccountField(validators=[Optional()])
    seen = HiddenField(validators=[Length(max=64)])

    def __init__(self, formdata: FormData | None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(formdata, data=data)

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        numbers = (self.siret.data or "", self.vat_number.data or "")
        if not self.siret.errors and not self.vat_number.errors and not same_company(*numbers):
            self.refuse(self.vat_number, _("Ce numéro de TVA est celui d’une autre société."))
        return valid and not self.errors

    @property
    def facts(self) -> dict[str, Any]:
        """What is meant, once the form is valid."""
        written = {field.name: field.data for field in self if field.name != "seen"}
        return written | {"payment_account": self.payment_account.data or None}


class NewCompanyForm(CompanyForm):
    """The same of one that is new."""

    company_code = NameField(validators=[DataRequired(_("Indiquez un code.")), at_most(40)])

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.company_code.errors and not SLUG.fullmatch(self.company_code.data or ""):
            text = _("Un code a des lettres sans accent, des chiffres et « - », comme oc-pizza.")
            self.refuse(self.company_code, text)
        return valid and not self.errors
