"""UC6.1: which orders of a restaurant a manager wants to see."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import Optional

from ocpizza.domain.order_search import Sought
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.choices import choice
from ocpizza.forms.details import at_most
from ocpizza.forms.period import ENDS_FIRST, day_field
from ocpizza.i18n import _
from ocpizza.models.order import Source
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode

MAX_DAYS = 31


def _any_or_one(kind: type[StrEnum]) -> SelectField:
    choices = [choice(""), *(choice(one.value) for one in kind)]
    return SelectField(choices=choices, validators=[Optional()])


class OrdersForm(BaseForm):
    """A period of business days, `today` unless others are named, and what else is known."""

    du = day_field()
    au = day_field()
    statut = _any_or_one(Status)
    mode = _any_or_one(Mode)
    origine = _any_or_one(Source)
    qui = StringField(validators=[at_most(100)])

    def __init__(self, formdata: FormData, *, today: date, **values: Any) -> None:
        super().__init__(formdata, **values)
        self.today = today
        for field in (self.du, self.au):
            field.data = field.data or (None if field.process_errors else today)

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not valid:
            return False
        first, last = self.period
        if last < first:
            self.au.errors = [ENDS_FIRST]
        elif last - first >= timedelta(days=MAX_DAYS):
            self.au.errors = [_("Choisissez une période de 31 jours au plus.")]
        return not self.au.errors

    @property
    def period(self) -> tuple[date, date]:
        """The first and the last day."""
        return self.du.data or self.today, self.au.data or self.today

    @property
    def sought(self) -> Sought | None:
        """Whom the order is for."""
        typed = self.qui.data or ""
        return Sought.of(typed) if typed else None
