"""A1: personal details of an order."""

from dataclasses import replace
from typing import Any

from wtforms import BooleanField, Field, RadioField, StringField, TextAreaField
from wtforms.validators import Length

from ocpizza.domain.checkout import Details
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.towns import towns_of
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.choices import choice
from ocpizza.forms.contact import EmailField, PhoneField, PostcodeField
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.vat import Mode

ALL_EMPTY = _("Les champs sont vides, veuillez saisir les informations")
ADDRESS_EMPTY = _(
    "Les champs sont vides, veuillez saisir les informations de livraison pour cette commande"
)
TOO_LONG = _("C’est trop long : ${max} caractères au plus.")


# What an order's details are made of, but for the mode.
ASKED = (
    "contact_name",
    "phone",
    "email",
    "street",
    "complement",
    "postcode",
    "town",
    "comment",
)


def at_most(length: int) -> Length:
    return Length(max=length, message=TOO_LONG)


class ContactForm(BaseForm):
    """Who the order is for; declared first, because it is asked first."""

    mode = RadioField(choices=[])
    contact_name = StringField(validators=[at_most(100)])
    phone = PhoneField(validators=[at_most(30)])
    email = EmailField(validators=[at_most(254)])


class DeliveryAddressForm(BaseForm):
    """Where an order goes, and a word about it."""

    street = StringField(validators=[at_most(200)])
    complement = StringField(validators=[at_most(200)])
    postcode = PostcodeField()
    town = StringField(validators=[at_most(100)])
    comment = TextAreaField(validators=[at_most(500)])

    def __init__(
        self,
        formdata: FormData | None,
        point: PointOfSale,
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(formdata, data=data)
        self.point = point

    @property
    def towns(self) -> list[str]:
        """The towns that the postcode may be of, to choose from."""
        return towns_of(self.postcode.data or "")

    def validate_address(self) -> None:
        """Complete, and where the restaurant delivers."""
        self._require(self.street, _("Indiquez le numéro et la rue."))
        self._require(self.town, _("Indiquez la ville."))
        self._require(self.postcode, _("Indiquez le code postal."))
        if not self.postcode.errors and not self.point.delivers_to(self.postcode.data or ""):
            message = _(
                "${restaurant} ne livre pas le ${postcode}. Choisissez un autre restaurant "
                "ou le retrait sur place.",
                mapping={"restaurant": self.point.name, "postcode": self.postcode.data},
            )
            self.refuse(self.postcode, message)

    def _require(self, field: Field, message: str) -> None:
        if not field.data:
            self.refuse(field, message)


class ChangedDetailsForm(DeliveryAddressForm):
    """UC1.3: the new address and comment of an order whose basket holds `kept` details."""

    def __init__(self, formdata: FormData | None, point: PointOfSale, kept: dict[str, Any]) -> None:
        super().__init__(formdata, point, data=None if formdata else kept)
        details = Details.from_json(kept)
        if details is None:
            raise ValueError("the basket of a change holds the details of its order")
        self.kept = details
        self.delivered = self.kept.mode is Mode.DELIVERY

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.delivered:
            if not (self.street.data or self.postcode.data or self.town.data):
                self.form_errors = [ADDRESS_EMPTY]
            self.validate_address()
        return valid and not self.errors

    def details(self) -> Details:
        """Return the kept details with what is new."""
        comment = self.comment.data or ""
        if not self.delivered:
            return replace(self.kept, comment=comment)
        return replace(
            self.kept,
            street=self.street.data,
            complement=self.complement.data or None,
            postcode=self.postcode.data,
            town=self.town.data,
            comment=comment,
        )


class DetailsForm(DeliveryAddressForm, ContactForm):
    """Who the order is for and where it goes, for one restaurant."""

    keep_address = BooleanField()

    def __init__(
        self,
        formdata: FormData | None,
        point: PointOfSale,
        data: dict[str, Any] | None = None,
        no_delivery: str | None = None,
    ) -> None:
        """`no_delivery` says why what is in the basket is not delivered, if it is not."""
        super().__init__(formdata, point, data)
        self.no_delivery = no_delivery
        self.mode.choices = [choice(mode.value, label(mode)) for mode in point.modes]

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not any(self[name].data for name in ASKED):
            self.form_errors = [ALL_EMPTY]
        self._require(self.contact_name, _("Indiquez votre nom."))
        if not self.phone.data and not self.email.data:
            self.refuse(self.phone, _("Indiquez un téléphone ou une adresse e-mail."))
        if self.mode.data == Mode.DELIVERY:
            if self.no_delivery:
                self.refuse(self.mode, self.no_delivery)
            self.validate_address()
        return valid and not self.errors

    def details(self) -> Details:
        """Return the validated details."""
        delivered = self.mode.data == Mode.DELIVERY
        return Details(
            mode=Mode(self.mode.data),
            contact_name=self.contact_name.data or "",
            phone=self.phone.kept,
            email=self.email.data or None,
            street=self.street.data if delivered else None,
            complement=self.complement.data or None if delivered else None,
            postcode=self.postcode.data if delivered else None,
            town=self.town.data if delivered else None,
            comment=self.comment.data or "",
        )
