"""The days from which to which something is shown."""

from typing import Any

from wtforms import DateField
from wtforms.validators import Optional, ValidationError

from ocpizza.forms.base import BaseForm
from ocpizza.forms.fields import DAYS, DayField
from ocpizza.i18n import _

FIRST_YEAR, LAST_YEAR = 2000, 2100
ENDS_FIRST = _("La fin vient avant le début.")


def day_field() -> Any:
    """A day that may be left out."""
    return DayField(format=DAYS, validators=[Optional(), check_year])


def check_year(_form: BaseForm, field: DateField) -> None:
    """Raise ValidationError for a year that nobody means."""
    if field.data and not FIRST_YEAR <= field.data.year < LAST_YEAR:
        raise ValidationError(_("Indiquez un jour comme 24/12/2026."))
