"""How long a restaurant takes no orders from the web, and what customers read of it."""

from datetime import datetime, timedelta

from wtforms import RadioField
from wtforms.validators import DataRequired

from ocpizza.forms.base import BaseForm
from ocpizza.forms.choices import choice
from ocpizza.forms.details import at_most
from ocpizza.forms.given import GivenText
from ocpizza.i18n import _

UNTIL_CLOSING = "closing"
LENGTHS = [
    choice("15", _("15 minutes")),
    choice("30", _("30 minutes")),
    choice("60", _("1 heure")),
    choice(UNTIL_CLOSING, _("Jusqu’à la fermeture")),
]


class PauseForm(BaseForm):
    """A while, and a reason."""

    length = RadioField(choices=LENGTHS, default="30")
    reason = GivenText(
        validators=[DataRequired(_("Indiquez un motif : les clients le lisent.")), at_most(200)]
    )

    def ends_at(self, now: datetime, closes_at: datetime) -> datetime:
        """Return when the while is over, for a restaurant that is open."""
        if self.length.data == UNTIL_CLOSING:
            return closes_at
        return now + timedelta(minutes=int(self.length.data))
