"""Forms of one's own account: making it (UC2.1, A1), getting back into it, changing it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import (
    DateField,
    Field,
    FormField,
    RadioField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from ocpizza.domain.passwords import (
    MAX_LENGTH,
    MIN_LENGTH,
    CommonPassword,
    PersonalPassword,
    refuse_weak,
)
from ocpizza.domain.postal_address import Address
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.contact import PhoneField, PostcodeField
from ocpizza.forms.details import ALL_EMPTY, at_most
from ocpizza.forms.fields import DAYS, DayField
from ocpizza.forms.given import GivenEmail, GivenPassword, GivenText, GivenWhole
from ocpizza.i18n import _
from ocpizza.i18n.catalogues import LANGUAGES

OLDEST = 130  # years
SPOKEN = [choice(code, name) for code, name in LANGUAGES.items()]
EMAIL_MISSING = _("Indiquez votre adresse e-mail.")


def email_field(*validators: object) -> GivenEmail:
    return GivenEmail(validators=[*validators, at_most(254)])


def new_password_field() -> GivenPassword:
    """Return a password that is chosen; the form knows the `names` of its owner."""
    return GivenPassword(
        validators=[
            DataRequired(_("Choisissez un mot de passe.")),
            Length(min=MIN_LENGTH, message=_("Choisissez au moins ${min} caractères.")),
            at_most(MAX_LENGTH),
            check_password,
        ]
    )


def check_password(form: "SignUpForm | NewPasswordForm", field: Field) -> None:
    """The rule of `domain.passwords`, in words; of a wrong length something else is said."""
    if field.errors:
        return
    try:
        refuse_weak(field.data, form.names)
    except CommonPassword as weak:
        text = _("Ce mot de passe est trop courant : choisissez-en un autre.")
        raise ValidationError(text) from weak
    except PersonalPassword as weak:
        text = _("Ce mot de passe ressemble trop à votre nom ou au nôtre : choisissez-en un autre.")
        raise ValidationError(text) from weak


class PostalAddressForm(BaseForm):
    """An address to keep: complete, or left out as a whole."""

    street = StringField(validators=[at_most(200)])
    complement = StringField(validators=[at_most(200)])
    postcode = PostcodeField()
    town = StringField(validators=[at_most(100)])

    def validate(self, extra_validators: Validators | None = None) -> bool:
        super().validate(extra_validators)
        if not self.empty:
            self._require(self.street, _("Indiquez le numéro et la rue."))
            self._require(self.postcode, _("Indiquez le code postal."))
            self._require(self.town, _("Indiquez la ville."))
        return not self.errors

    def address(self) -> Address | None:
        """Return the validated address."""
        if self.empty:
            return None
        return Address(
            self.street.data or "",
            self.postcode.data or "",
            self.town.data or "",
            self.complement.data or None,
        )

    def _require(self, field: Field, message: str) -> None:
        if not field.data:
            self.refuse(field, message)


class PersonForm(BaseForm):
    """Who somebody is and how to reach them, for `today`."""

    first_name = GivenText(validators=[DataRequired(_("Indiquez votre prénom.")), at_most(100)])
    last_name = GivenText(validators=[DataRequired(_("Indiquez votre nom.")), at_most(100)])
    phone = PhoneField(validators=[at_most(30)])
    birthday = DayField(format=DAYS, validators=[MayBeEmpty()])
    delivery = FormField(PostalAddressForm)

    def __init__(self, formdata: FormData | None = None, *, today: date, **values: Any) -> None:
        super().__init__(formdata, **values)
        self.today = today

    def validate_birthday(self, field: DateField) -> None:
        if field.data and not self.today - timedelta(days=365 * OLDEST) < field.data <= self.today:
            raise ValidationError(_("Cette date de naissance n’est pas possible."))

    @property
    def kept_phone(self) -> str | None:
        return self.phone.kept


class SignUpForm(PersonForm):
    """UC2.1: a new account."""

    email = email_field(DataRequired(EMAIL_MISSING))
    password = new_password_field()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.data or "" for each in (self.first_name, self.last_name, self.email))

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        address = self.delivery.form
        if address.empty and not any(field.data for field in self if field.name != "delivery"):
            self.form_errors = [ALL_EMPTY]
        return valid


class ProfileForm(PersonForm):
    """What the account knows; `version` is what was shown."""

    language = RadioField(choices=SPOKEN)
    billing = FormField(PostalAddressForm)
    version = GivenWhole(validators=[InputRequired(), NumberRange(1, MAX_ID)])


class ForgottenForm(BaseForm):
    """The address to send a link to."""

    email = email_field(DataRequired(EMAIL_MISSING))


class NewPasswordForm(BaseForm):
    """A password, chosen by link or where there was none, for somebody with these names."""

    password = new_password_field()

    def __init__(
        self,
        formdata: FormData | None = None,
        *,
        names: Sequence[str | None] = (),
        **values: Any,
    ) -> None:
        super().__init__(formdata, **values)
        self.names = tuple(name or "" for name in names)


class ProofForm(BaseForm):
    """The password there is."""

    current = GivenPassword(
        validators=[DataRequired(_("Indiquez votre mot de passe actuel.")), at_most(MAX_LENGTH)]
    )


class ChangePasswordForm(NewPasswordForm, ProofForm):
    """The password there is, and another one."""


class ChangeEmailForm(ProofForm):
    """The new address, and the password."""

    email = email_field(DataRequired(EMAIL_MISSING))
