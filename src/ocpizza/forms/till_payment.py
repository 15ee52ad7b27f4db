"""B32: what a customer pays with at the till, several means together if they like."""

from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from ocpizza.column_types import Cents
from ocpizza.forms.base import BaseForm
from ocpizza.forms.checkout import KEY_LENGTH, PaymentForm
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.fields import EurosField
from ocpizza.forms.given import GivenHidden, GivenWhole
from ocpizza.i18n import _
from ocpizza.models.payment import Means


def once_key_field() -> GivenHidden:
    """Return the key of a form that is counted once, however often it is sent."""
    stale = _("Cette page n’est plus la bonne : ouvrez la commande et recommencez.")
    return GivenHidden(validators=[InputRequired(stale), Length(KEY_LENGTH, KEY_LENGTH, stale)])


class TillPaymentForm(BaseForm):
    """What was given of each means; `exact`: all that is due by this one.

    `later`: what lacks is paid when the order is handed over.
    """

    cash = EurosField(validators=[Optional()])
    card_terminal = EurosField(validators=[Optional()])
    meal_voucher = EurosField(validators=[Optional()])
    other = EurosField(validators=[Optional()])
    later = BooleanField()
    exact = SelectField(
        choices=[choice(means.value) for means in PaymentForm.ON_DELIVERY],
        validators=[Optional()],
        validate_choice=True,
    )
    key = once_key_field()
    due = GivenWhole(validators=[InputRequired(), NumberRange(1, MAX_ID)])

    @property
    def given(self) -> dict[Means, Cents]:
        """What was handed over, by means."""
        if self.exact.data:
            return {Means(self.exact.data): self.due.data}
        return {means: self[means].data or 0 for means in PaymentForm.ON_DELIVERY}
