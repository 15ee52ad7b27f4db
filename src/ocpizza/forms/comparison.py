"""UC6.1: which days are compared, and with which."""

from datetime import date, timedelta
from typing import Any

from wtforms import RadioField

from ocpizza.domain.comparison import DAY, Against, Period
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.choices import choice
from ocpizza.forms.period import ENDS_FIRST, day_field
from ocpizza.i18n import _

MAX_DAYS = 731
FOUR_WEEKS = timedelta(days=28)
CHOICES = [
    choice(Against.BEFORE.value, _("la période précédente, de même durée")),
    choice(Against.LAST_YEAR.value, _("la même période, un an plus tôt")),
]


class ComparisonForm(BaseForm):
    """A period of business days, the four weeks until yesterday unless others are named."""

    du = day_field()
    au = day_field()
    avec = RadioField(choices=CHOICES, default=Against.BEFORE.value)

    def __init__(self, formdata: FormData, *, today: date, **values: Any) -> None:
        super().__init__(formdata, **values)
        self.usual = Period(today - FOUR_WEEKS, today - DAY)
        for field, day in ((self.du, self.usual.first), (self.au, self.usual.last)):
            field.data = field.data or (None if field.process_errors else day)
        if not self.avec.data:
            self.avec.data = Against.BEFORE.value

    def validate(self, extra_validators: Validators | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.period.last < self.period.first:
            self.au.errors = [ENDS_FIRST]
        elif self.period.days > MAX_DAYS:
            self.au.errors = [_("Choisissez une période de deux ans au plus.")]
        return not self.au.errors

    @property
    def period(self) -> Period:
        """The days that are looked at."""
        return Period(self.du.data or self.usual.first, self.au.data or self.usual.last)

    @property
    def before(self) -> Period:
        """Those that they are compared with."""
        return self.period.compared(Against(self.avec.data))
