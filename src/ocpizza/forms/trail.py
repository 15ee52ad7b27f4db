"""Which days of the audit trail somebody wants to see."""

from wtforms import DateField
from wtforms.validators import ValidationError

from ocpizza.forms.base import BaseForm
from ocpizza.forms.period import ENDS_FIRST, day_field


class TrailForm(BaseForm):
    """From which day to which; each may be left out."""

    du = day_field()
    au = day_field()

    def validate_au(self, field: DateField) -> None:
        if self.du.data and field.data and not self.du.errors and field.data < self.du.data:
            raise ValidationError(ENDS_FIRST)
