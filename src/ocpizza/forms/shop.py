"""The shop's small forms: quantities, paying, finding an order, signing in."""

from typing import Any

from wtforms import (
    BooleanField,
    RadioField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from ocpizza.domain.passwords import MAX_LENGTH
from ocpizza.forms.base import BaseForm, FormData
from ocpizza.forms.choice import LARGEST_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.details import at_most
from ocpizza.forms.given import (
    GivenCode,
    GivenContact,
    GivenHidden,
    GivenIdentifier,
    GivenNumber,
    GivenPassword,
    GivenWhole,
)
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.basket import MAX_QUANTITY
from ocpizza.models.payment import Means

CODE_LENGTH = 30
KEY_LENGTH = 43
# Of an order's number, however it is written.
MAX_TYPED = 40


def checkout_key_field() -> GivenHidden:
    """The key that the basket gave to the form: without one the form is of no basket."""
    stale = _("Votre commande n’a pas pu être passée. Vérifiez votre panier et recommencez.")
    return GivenHidden(validators=[InputRequired(stale), Length(KEY_LENGTH, KEY_LENGTH, stale)])


class QuantityForm(BaseForm):
    """Change one line of the basket; quantity 0 removes it."""

    line = GivenWhole(validators=[InputRequired(), NumberRange(1, LARGEST_ID)])
    quantity = GivenWhole(
        validators=[
            InputRequired(_("Indiquez une quantité.")),
            NumberRange(0, MAX_QUANTITY, _("La quantité doit être de ${min} à ${max}.")),
        ]
    )


class PromotionCodeForm(BaseForm):
    """UC3.2: the code of a promotion, as it is kept: trimmed and in capitals."""

    code = GivenCode(validators=[DataRequired(_("Saisissez un code.")), at_most(CODE_LENGTH)])


class PaymentForm(BaseForm):
    """B3: the means of payment and the terms; by card online only where it is `online`."""

    ON_DELIVERY = (Means.CARD_TERMINAL, Means.CASH, Means.OTHER)

    means = RadioField(
        choices=[choice(means.value, label(means)) for means in ON_DELIVERY],
        validators=[InputRequired(_("Choisissez un moyen de paiement."))],
        validate_choice=True,
    )

    def __init__(
        self, formdata: FormData | None = None, *, online: bool = False, **values: Any
    ) -> None:
        super().__init__(formdata, **values)
        if online:
            offered = (Means.ONLINE_CARD, *self.ON_DELIVERY)
            self.means.choices = [choice(means.value, label(means)) for means in offered]

    accept = BooleanField(
        validators=[DataRequired(_("Acceptez les conditions générales de vente pour commander."))]
    )
    key = checkout_key_field()
    total = GivenWhole(validators=[InputRequired(), NumberRange(0, LARGEST_ID)])


class OnDeliveryForm(BaseForm):
    """B32: how an order that was to be paid online will be paid when it is handed over."""

    means = RadioField(
        choices=[choice(means.value, label(means)) for means in PaymentForm.ON_DELIVERY],
        validators=[InputRequired(_("Choisissez un moyen de paiement."))],
        validate_choice=True,
    )


class ChangeForm(BaseForm):
    """UC1.3: the new summary is right; the basket's key and the total that was shown."""

    key = checkout_key_field()
    total = GivenWhole(validators=[InputRequired(), NumberRange(0, LARGEST_ID)])


class FindOrderForm(BaseForm):
    """B5: an order by its number and the phone or e-mail given on it."""

    number = GivenNumber(validators=[DataRequired(_("Le champ est vide")), Length(max=MAX_TYPED)])
    contact = GivenContact(validators=[DataRequired(_("Le champ est vide")), Length(max=254)])


class FindOrderByNumberForm(BaseForm):
    """B5 for the staff: the number alone."""

    number = GivenNumber(validators=[DataRequired(_("Le champ est vide")), Length(max=MAX_TYPED)])


class SignInForm(BaseForm):
    """C11: e-mail or identifier, and password."""

    identifier = GivenIdentifier(validators=[DataRequired(), Length(max=254)])
    password = GivenPassword(validators=[DataRequired(), Length(max=MAX_LENGTH)])
