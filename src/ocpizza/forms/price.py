"""A price of one size of a product, from when on."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from wtforms import RadioField
from wtforms.validators import InputRequired, NumberRange

from ocpizza.domain.hours import business_day, span
from ocpizza.forms.base import BaseForm, FormData
from ocpizza.forms.choices import choice
from ocpizza.forms.fields import EurosField
from ocpizza.forms.period import day_field
from ocpizza.i18n import _

HERE, GROUP = "here", "group"
MAX_CENTS = 50_000
NOTHING = _("Indiquez le prix.")


class PriceForm(BaseForm):
    """The size, whose price it is, the price, and the first day of it (none: at once)."""

    size_id = RadioField(coerce=int, validators=[InputRequired(_("Choisissez la taille."))])
    place = RadioField(validators=[InputRequired(_("Choisissez où ce prix s’applique."))])
    price_cents = EurosField(
        validators=[
            InputRequired(NOTHING),
            NumberRange(0, MAX_CENTS, _("Un prix va de 0 à 500 €.")),
        ]
    )
    starts_on = day_field()

    def __init__(
        self,
        formdata: FormData | None,
        sizes: Sequence[tuple[int, str]],
        places: Sequence[tuple[str, str]],
        now: datetime,
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(formdata, data=data)
        self.size_id.choices = [choice(id, name) for id, name in sizes]
        self.place.choices = [choice(value, name) for value, name in places]
        self.now = now

    def validate_starts_on(self, field: Any) -> None:
        day: date | None = field.data
        if day and day < business_day(self.now):
            self.refuse(field, _("Ce jour est passé : choisissez-en un autre."))
        if day and day.year > self.now.year + 2:
            self.refuse(field, _("C’est trop loin : deux ans au plus."))

    @property
    def starts_at(self) -> datetime:
        """The instant from which on it is the price: 06:00 of the day, or now."""
        day: date | None = self.starts_on.data
        return span(day)[0] if day and day > business_day(self.now) else self.now
