"""What is typed when an order is placed, changed, or paid later."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, RadioField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from ocpizza.column_types import Cents
from ocpizza.forms.base import BaseForm, FormData
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.details import ASKED, DetailsForm
from ocpizza.forms.fields import WholeField
from ocpizza.forms.given import GivenHidden, GivenWhole
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.card import SavedCard
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode

KEY_LENGTH = 43
# Before the id of a saved card, among the means of payment.
SAVED = "carte-"


def checkout_key_field() -> GivenHidden:
    """Return the key that the basket gave to the form: without one the form is of no basket."""
    stale = _("Votre commande n’a pas pu être passée. Vérifiez votre panier et recommencez.")
    return GivenHidden(validators=[InputRequired(stale), Length(KEY_LENGTH, KEY_LENGTH, stale)])


class PaymentForm(BaseForm):
    """B3: the means of payment and the terms; by card online only where it is `online`.

    Each of the saved `cards` is a means of its own. Beside them what the page showed: the
    basket's key, and the total of each mode.
    """

    ON_DELIVERY = (Means.CARD_TERMINAL, Means.CASH, Means.MEAL_VOUCHER, Means.OTHER)

    means = RadioField(
        choices=[choice(means.value, label(means)) for means in ON_DELIVERY],
        validators=[InputRequired(_("Choisissez un moyen de paiement."))],
        validate_choice=True,
    )
    accept = BooleanField(
        validators=[DataRequired(_("Acceptez les conditions générales de vente pour commander."))]
    )
    key = checkout_key_field()
    total_delivery = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])
    total_takeaway = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])

    def __init__(
        self,
        formdata: FormData | None = None,
        *,
        online: bool = False,
        cards: Sequence[SavedCard] = (),
        **values: Any,
    ) -> None:
        super().__init__(formdata, **values)
        self.online = online
        self.offer(cards)

    def offer(self, cards: Sequence[SavedCard]) -> None:
        """Have these saved cards be means of payment, where any card online is."""
        self.cards = {f"{SAVED}{card.id}": card for card in cards} if self.online else {}
        if self.online:
            offered = (Means.ONLINE_CARD, *self.ON_DELIVERY)
            self.means.choices = [
                *(choice(name, label(Means.ONLINE_CARD)) for name in self.cards),
                *(choice(means.value, label(means)) for means in offered),
            ]

    @property
    def saved_card(self) -> SavedCard | None:
        """The saved card, where one is chosen."""
        return self.cards.get(self.means.data)

    @property
    def chosen_means(self) -> Means:
        """The means of payment that is chosen, of a form that holds."""
        return Means.ONLINE_CARD if self.saved_card else Means(self.means.data)


UNDER_AGE = _(
    "La vente d’alcool est interdite aux moins de 18 ans : cochez cette case, ou retirez l’alcool "
    "de votre panier."
)


class CheckoutForm(PaymentForm, DetailsForm):
    """A1 and B3 on one page: who the order is for, where it goes, how it is paid.

    Where there is `alcohol`, whoever orders says that they are 18.
    """

    of_age = BooleanField()

    def __init__(
        self, formdata: FormData | None = None, *, alcohol: bool = False, **values: Any
    ) -> None:
        super().__init__(formdata, **values)
        self.alcohol = alcohol

    def validate_of_age(self, field: BooleanField) -> None:
        if self.alcohol and not field.data:
            raise ValidationError(UNDER_AGE)

    @property
    def details_hold(self) -> bool:
        """Whether nothing is wrong but what is about the payment."""
        return not self.form_errors and not self.errors.keys() & {"mode", *ASKED}

    @property
    def shown_total_cents(self) -> Cents | None:
        """The total that was shown for the mode that is wished."""
        delivered = self.mode.data == Mode.DELIVERY
        return (self.total_delivery if delivered else self.total_takeaway).data


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
    of_age = BooleanField()
    total = GivenWhole(validators=[InputRequired(), NumberRange(0, MAX_ID)])
