"""UC1.2 by telephone and at the counter: what a colleague types of an order that they take."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from ocpizza.domain.checkout import Details
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.requirements import reachable
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.basket import CODE_LENGTH
from ocpizza.forms.checkout import PaymentForm
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.contact import CodeField
from ocpizza.forms.details import ContactForm, DeliveryAddressForm, at_most
from ocpizza.forms.fields import WholeField
from ocpizza.forms.given import GivenWhole
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.basket import MAX_QUANTITY
from ocpizza.models.order import Source
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode

TYPED = ("contact_name", "phone", "street", "complement", "postcode", "town", "comment", "code")
# More than any field takes, so that what is too long is still there to be cut.
LONGEST = 1000
FIRST = {"source": Source.COUNTER, "mode": Mode.TAKEAWAY, "means": Means.CASH}
SOURCES = (Source.COUNTER, Source.PHONE)
MODES = (Mode.EAT_IN, Mode.TAKEAWAY, Mode.DELIVERY)


class TillForm(DeliveryAddressForm, ContactForm):
    """The whole order but its lines; `entry` are letters of a product to put in.

    Every button of the page sends all of it, so that nothing that was typed is lost.
    """

    source = RadioField(choices=[choice(source.value, label(source)) for source in SOURCES])
    means = RadioField(
        choices=[choice(means.value, label(means)) for means in PaymentForm.ON_DELIVERY]
    )
    of_age = BooleanField()
    entry = StringField(validators=[at_most(60)])
    code = CodeField(validators=[at_most(CODE_LENGTH)])
    key = HiddenField()
    total = WholeField(validators=[InputRequired(), NumberRange(0, MAX_ID)])

    def __init__(
        self, formdata: FormData | None, point: PointOfSale, data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(formdata, point, data=FIRST | (data or {}))
        offered = [mode for mode in MODES if mode is not Mode.DELIVERY or point.delivers]
        self.mode.choices = [choice(mode.value, label(mode)) for mode in offered]

    def validate(self, extra_validators: Validators | None = None) -> bool:
        """Where something is needed that a web order needs too, or the driver."""
        valid = super().validate(extra_validators)
        delivered = self.mode.data == Mode.DELIVERY
        if delivered or self.source.data == Source.PHONE:
            self._require(self.contact_name, _("Indiquez le nom du client."))
        if not self.errors and (delivered or not reachable(self.details(), self.wished_source)):
            self._require(self.phone, _("Indiquez un téléphone."))
        if delivered:
            self.validate_address()
        if self.code.data:
            # Whoever typed it would believe that it was taken off.
            self.code.errors = [*self.code.errors, _("Appliquez ce code promo, ou effacez-le.")]
        return valid and not self.errors

    @property
    def wished_source(self) -> Source:
        return Source(self.source.data)

    def typed(self) -> dict[str, Any]:
        """Return what was typed and chosen so far, to be kept as it is."""
        typed = {name: (self[name].data or "")[:LONGEST] for name in TYPED}
        # As erasing somebody looks for it.
        typed["phone"] = self.phone.kept or typed["phone"]
        for field in (self.source, self.mode, self.means):
            if any(option.checked for option in field):
                typed[field.name] = field.data
        if self.of_age.data:
            typed["of_age"] = True
        return FIRST | typed

    def details(self) -> Details:
        """Return what is known of a validated order's customer."""
        delivered = self.mode.data == Mode.DELIVERY
        return Details(
            mode=Mode(self.mode.data),
            contact_name=self.contact_name.data or "",
            phone=self.phone.kept,
            street=self.street.data if delivered else None,
            complement=self.complement.data or None if delivered else None,
            postcode=self.postcode.data if delivered else None,
            town=self.town.data if delivered else None,
            comment=self.comment.data or "",
        )


class TillAddForm(BaseForm):
    """The button of a product's size; `count` is how many, if a number was typed before."""

    size = GivenWhole(validators=[InputRequired(), NumberRange(1, MAX_ID)])
    count = WholeField(validators=[Optional(), NumberRange(1, MAX_QUANTITY)])


class TillLineForm(BaseForm):
    """The buttons of a line: how many there shall be, none takes it out."""

    quantity = GivenWhole(
        validators=[
            InputRequired(_("Indiquez une quantité.")),
            NumberRange(0, MAX_QUANTITY, _("La quantité doit être de ${min} à ${max}.")),
        ]
    )
