"""The till as cashiers open it, move cash in and out of it, count and close it."""

from collections.abc import Mapping

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from ocpizza.column_types import Cents
from ocpizza.domain.cash import VALUES
from ocpizza.forms.base import BaseForm
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.details import at_most
from ocpizza.forms.fields import WholeField
from ocpizza.forms.given import GivenEuros, GivenText, GivenWhole
from ocpizza.forms.till_payment import once_key_field
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.till import TillMovementKind

BY_HAND = (TillMovementKind.PUT_IN, TillMovementKind.TAKEN_OUT)
MOST_PIECES = 100_000
A_SUM = InputRequired(_("Indiquez un montant."))
PIECES = [Optional(), NumberRange(0, MOST_PIECES, _("Indiquez un nombre de 0 à ${max}."))]


class OpenTillForm(BaseForm):
    """The float; `order` is the number of the order that is to be paid next, if any."""

    float_sum = GivenEuros(validators=[A_SUM])
    order = HiddenField(validators=[Optional(), Length(max=12)])


class TillMovementForm(BaseForm):
    """Cash put in or taken out, and why."""

    kind = RadioField(
        choices=[choice(kind.value, label(kind)) for kind in BY_HAND],
        validators=[InputRequired(_("Choisissez une entrée ou une sortie."))],
    )
    amount = GivenEuros(validators=[A_SUM])
    note = GivenText(validators=[DataRequired(_("Indiquez le motif.")), at_most(500)])
    key = once_key_field()

    @property
    def cents(self) -> Cents:
        """What comes in; less than nothing where it goes out."""
        out = self.kind.data == TillMovementKind.TAKEN_OUT
        return -self.amount.data if out else self.amount.data


class DriverReturnForm(BaseForm):
    """What a driver brings; `shown` is what they have collected by the page.

    Less than nothing where they gave back more at doors: then it is what they are given.
    """

    driver = GivenWhole(validators=[InputRequired(), NumberRange(1, MAX_ID)])
    shown = GivenWhole(validators=[InputRequired(), NumberRange(-MAX_ID, MAX_ID)])
    brought = GivenEuros(validators=[A_SUM])
    why = StringField(validators=[at_most(500)])
    key = once_key_field()

    @property
    def cents(self) -> Cents:
        """What comes in; less than nothing where it goes out."""
        return -self.brought.data if self.shown.data < 0 else self.brought.data


class CountForm(BaseForm):
    """How many of each coin and note, what should be there by the page, why it is another sum.

    `till` is the one that was counted: a colleague may have opened another since.
    """

    till = WholeField(validators=[Optional(), NumberRange(1, MAX_ID)])
    expected = GivenWhole(validators=[InputRequired(), NumberRange(-MAX_ID, MAX_ID)])
    note = StringField(validators=[at_most(500)])

    @property
    def pieces(self) -> Mapping[Cents, int]:
        """How many there are of each value."""
        return {value: self[f"pieces_{value}"].data or 0 for value in VALUES}


for _value in VALUES:
    setattr(CountForm, f"pieces_{_value}", WholeField(validators=PIECES))
