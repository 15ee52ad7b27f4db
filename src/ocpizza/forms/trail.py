"""Which days of the audit trail somebody wants to see."""

from typing import Any

from wtforms import DateField
from wtforms.validators import Optional, ValidationError

from ocpizza.forms.base import BaseForm
from ocpizza.forms.fields import DAYS, DayField
from ocpizza.i18n import _

FIRST_YEAR, LAST_YEAR = 2000, 2100


def check_year(_form: BaseForm, field: DateField) -> None:
    if field.data and not FIRST_YEAR <= field.data.year < LAST_YEAR:
        raise ValidationError(_("Indiquez un jour comme 24/12/2026."))


def day_field() -> Any:
    return DayField(format=DAYS, validators=[Optional(), check_year])


class TrailForm(BaseForm):
    """From which day to which; each may be left out."""

    du = day_field()
    au = day_field()

    def validate_au(self, field: DateField) -> None:
        if self.du.data and field.data and not self.du.errors and field.data < self.du.data:
            raise ValidationError(_("La fin vient avant le début."))
