"""Whether and when a restaurant sells alcohol."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import Length, Optional

from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.fields import MinuteField
from ocpizza.i18n import _


class AlcoholForm(BaseForm):
    """A licence, and the hours; `seen` is what its page said they were."""

    sells_alcohol = BooleanField()
    alcohol_from_minute = MinuteField(validators=[Optional()])
    alcohol_to_minute = MinuteField(last=True, validators=[Optional()])
    seen = HiddenField(validators=[Length(max=64)])

    def __init__(self, formdata: FormData | None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(formdata, data=dict(data or {}))

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        begins, ends = self.alcohol_from_minute, self.alcohol_to_minute
        if valid and (begins.data is None) != (ends.data is None):
            missing = begins if begins.data is None else ends
            self.refuse(missing, _("Indiquez les deux heures, ou aucune."))
        elif valid and (begins.data or 0) >= (ends.data or 1):
            self.refuse(ends, _("La fin vient après le début."))
        return valid and not self.errors

    @property
    def facts(self) -> dict[str, Any]:
        """What is meant, once the form is valid."""
        return {field.name: field.data for field in self if field.name != "seen"}
