"""What a driver pressed on their telephone, which may have waited for the network."""

from datetime import timedelta

from wtforms import SelectField
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional, Regexp

from ocpizza.forms.base import BaseForm
from ocpizza.forms.checkout import PaymentForm
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.fields import EurosField, WholeField
from ocpizza.forms.given import GivenHidden, GivenWhole
from ocpizza.models.delivery_tap import TapKind

# A year: whatever says more is a broken clock.
LONGEST = 366 * 24 * 3600
UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"


class TapForm(BaseForm):
    """A tap, as the telephone kept it: whose it is, about which order, how many seconds ago."""

    driver = GivenWhole(validators=[InputRequired(), NumberRange(1, MAX_ID)])
    key = GivenHidden(validators=[InputRequired(), Regexp(UUID)])
    kind = GivenHidden(validators=[AnyOf([kind.value for kind in TapKind])])
    order = GivenHidden(validators=[InputRequired()])
    waited = WholeField(validators=[Optional()])
    means = SelectField(
        choices=[choice(means.value) for means in PaymentForm.ON_DELIVERY],
        validators=[Optional()],
        validate_choice=True,
    )
    tendered = EurosField(validators=[Optional()])
    given_back = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])
    due = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])

    @property
    def waited_for(self) -> timedelta:
        """How long ago it was pressed, by the telephone's own clock."""
        return timedelta(seconds=max(-LONGEST, min(self.waited.data or 0, LONGEST)))
