"""The staff's forms."""

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from ocpizza.forms.base import BaseForm
from ocpizza.forms.details import at_most
from ocpizza.forms.shop import PaymentForm
from ocpizza.models.order_status import Status

STATUSES = [SelectChoice(status.value) for status in Status]
# Cancelling gives stock and money back, a failed delivery has a reason: more than a status.
APART = (Status.CANCELLED, Status.NOT_DELIVERED)
AHEAD = [SelectChoice(status.value) for status in Status if status not in APART]


class CancelForm(BaseForm):
    """UC1.4 by a cashier or manager: why, if there is more to say than that the customer asked."""

    reason = StringField(validators=[at_most(200)])


class AdvanceForm(BaseForm):
    """UC4.1: from the status that was shown to the next; `means` is what was paid with."""

    before = SelectField(choices=STATUSES)
    after = SelectField(choices=AHEAD)
    means = SelectField(
        choices=[SelectChoice(means.value) for means in PaymentForm.ON_DELIVERY],
        validators=[Optional()],
        validate_choice=True,
    )
    board = HiddenField()
