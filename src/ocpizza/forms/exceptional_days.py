"""Days on which a restaurant opens at other hours, or not at all, and why."""

from datetime import date, timedelta
from typing import Any

from wtforms.validators import DataRequired

from ocpizza.domain.hours import Exceptional
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.details import at_most
from ocpizza.forms.fields import DAYS, DayField
from ocpizza.forms.given import GivenText
from ocpizza.forms.hours import SpansField
from ocpizza.forms.period import ENDS_FIRST, check_year, day_field
from ocpizza.i18n import _

MAX_AHEAD = timedelta(days=730)


def given_day() -> Any:
    """A day that must be given."""
    missing = DataRequired(_("Indiquez un jour comme 24/12/2026."))
    return DayField(format=DAYS, validators=[missing, check_year])


class ExceptionalDaysForm(BaseForm):
    """From a day to a day, both included; without hours they are closed."""

    first_day = given_day()
    last_day = day_field()
    special_hours = SpansField()
    closing_note = GivenText(
        validators=[DataRequired(_("Indiquez un motif : les clients le lisent.")), at_most(200)]
    )

    def __init__(self, formdata: FormData | None, today: date) -> None:
        super().__init__(formdata)
        self.today = today

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        first, last = self.first_day.data, self.last_day.data
        if not self.first_day.errors and first < self.today:
            self.refuse(self.first_day, _("Ce jour est passé."))
        elif not self.first_day.errors and first > self.today + MAX_AHEAD:
            self.refuse(self.first_day, _("C’est dans plus de deux ans."))
        if not self.errors and last and last < first:
            self.refuse(self.last_day, ENDS_FIRST)
        elif not self.errors and last and last > self.today + MAX_AHEAD:
            self.refuse(self.last_day, _("C’est dans plus de deux ans."))
        return valid and not self.errors

    @property
    def days(self) -> Exceptional:
        """What is meant, once the form is valid."""
        first = self.first_day.data
        note = self.closing_note.data
        return Exceptional(first, self.last_day.data or first, note, self.special_hours.spans)
