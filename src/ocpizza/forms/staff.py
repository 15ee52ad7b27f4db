"""The staff's forms."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Optional

from ocpizza.forms.base import BaseForm, FormData
from ocpizza.forms.checkout import KEY_LENGTH, PaymentForm
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.details import at_most
from ocpizza.forms.fields import EurosField, WholeField
from ocpizza.forms.given import GivenEuros, GivenHidden, GivenText, GivenWhole
from ocpizza.forms.till_payment import once_key_field
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.order_status import Status, UndeliveredReason
from ocpizza.models.vat import Mode

STATUSES = [choice(status.value) for status in Status]
# Cancelling gives stock and money back, a failed delivery has a reason: more than a status.
APART = (Status.CANCELLED, Status.NOT_DELIVERED)
UNDELIVERED = tuple(
    reason for reason in UndeliveredReason if reason is not UndeliveredReason.NOT_COLLECTED
)
UNCOLLECTED = tuple(
    reason for reason in UndeliveredReason if reason is not UndeliveredReason.NOBODY_THERE
)
AHEAD = [choice(status.value) for status in Status if status not in APART]


class CancelForm(BaseForm):
    """UC1.4 by a cashier or manager: why, if there is more to say than that the customer asked."""

    reason = StringField(validators=[at_most(200)])
    # Of one that was paid at the till.
    given_back = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])
    key = HiddenField(validators=[Optional(), Length(KEY_LENGTH, KEY_LENGTH)])


class GiveBackForm(BaseForm):
    """B32: what a colleague gives back of what was paid in advance, as the page showed it."""

    given_back = GivenWhole(validators=[InputRequired(), NumberRange(1, MAX_ID)])
    key = once_key_field()


class UndeliveredForm(BaseForm):
    """« Non remise » by a manager: from the status that they saw, why, and what there is to add."""

    before = GivenHidden(validators=[AnyOf([status.value for status in Status])])
    reason = RadioField(validators=[InputRequired(_("Choisissez un motif."))])
    note = StringField(validators=[at_most(200)])

    def __init__(self, formdata: FormData | None = None, *, mode: Mode, **values: Any) -> None:
        super().__init__(formdata, **values)
        reasons = UNDELIVERED if mode is Mode.DELIVERY else UNCOLLECTED
        self.reason.choices = [choice(reason.value, label(reason)) for reason in reasons]


class RefundForm(BaseForm):
    """B3: how much of which payment is given back, and why.

    `shown` is what the page said could be given back of the order's payments together.
    """

    payment = GivenWhole(validators=[InputRequired(), NumberRange(1, MAX_ID)])
    amount = GivenEuros(validators=[InputRequired(_("Indiquez un montant."))])
    reason = GivenText(
        validators=[DataRequired(_("Indiquez le motif du remboursement.")), at_most(500)]
    )
    shown = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])


class AdvanceForm(BaseForm):
    """UC4.1: from the status that was shown to the next.

    B32: `means` is what was paid with, `tendered` what the customer handed over, if it was more;
    `due` is what the page showed to be collected.
    """

    before = SelectField(choices=STATUSES)
    after = SelectField(choices=AHEAD)
    means = SelectField(
        choices=[choice(means.value) for means in PaymentForm.ON_DELIVERY],
        validators=[Optional()],
        validate_choice=True,
    )
    tendered = EurosField(validators=[Optional()])
    given_back = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])
    due = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])
    board = HiddenField()
