"""Sums of money as people type them."""

import re

from wtforms import StringField
from wtforms.validators import ValidationError

from ocpizza.i18n import _

EUROS = re.compile(r"(\d{1,5})(?:[.,](\d{1,2}))?\s*€?")


class EurosField(StringField):
    """« 12,50 » or « 12.5 »; its data are cents, what was typed stays for the form."""

    def process_formdata(self, values):
        self.typed = values[0].strip() if values else ""
        self.data = None
        if not self.typed:
            return
        found = EUROS.fullmatch(self.typed)
        if found is None:
            raise ValidationError(_("Indiquez un montant en euros, par exemple 12,50."))
        self.data = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))

    def _value(self):
        typed = getattr(self, "typed", None)
        if typed is None and self.data is not None:
            return f"{self.data // 100},{self.data % 100:02}"
        return typed or ""
