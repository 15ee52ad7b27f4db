"""B1: what somebody chooses of a product: size, quantity, and one field for each ingredient."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from webob.multidict import MultiDict
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from ocpizza.forms.base import BaseForm, FormData
from ocpizza.forms.fields import WholeField
from ocpizza.forms.given import GivenWhole
from ocpizza.i18n import _
from ocpizza.models.basket import MAX_QUANTITY

MAX_ID = 2**31 - 1
MAX_OPTIONS = 30
# The field of an ingredient that may be left out as well as added: one of both, or neither.
OPTION = re.compile(r"option-([0-9]{1,10})")
WAYS = ("without", "extra")


def option_id(ingredient_id: int) -> str:
    """Return the name of an ingredient's field, and the id of what takes the focus there."""
    return f"option-{ingredient_id}"


class IdsField(Field):
    """Any number of row ids sent under one name."""

    def process_formdata(self, values: list[str]) -> None:
        self.data = []
        if len(values) > MAX_OPTIONS:
            raise ValidationError(_("C’est trop d’options."))
        for value in values:
            number = value.isascii() and value.isdigit() and len(value) <= 10
            if not (number and int(value) <= MAX_ID):
                raise ValidationError(_("Cette option n’existe pas."))
            self.data.append(int(value))

    def process_data(self, value: Sequence[int] | None) -> None:
        self.data = value or []


class AddForm(BaseForm):
    """Put a selection in the basket."""

    size = GivenWhole(
        validators=[InputRequired(_("Choisissez une taille.")), NumberRange(1, MAX_ID)]
    )
    quantity = GivenWhole(
        default=1,
        validators=[
            InputRequired(_("Indiquez une quantité.")),
            NumberRange(1, MAX_QUANTITY, _("La quantité doit être de ${min} à ${max}.")),
        ],
    )
    without = IdsField()
    extra = IdsField()
    replace = BooleanField()

    def __init__(self, formdata: FormData | None = None, **values: Any) -> None:
        super().__init__(formdata and _gathered(formdata), **values)


class ChoiceForm(AddForm):
    """The form of a product's page; `line` is the line of the basket that it changes.

    `before` is that line as it was when the page was made.
    """

    line = WholeField(validators=[Optional(), NumberRange(1, MAX_ID)])
    before = HiddenField(validators=[Length(max=1100)])

    def __init__(self, formdata: FormData | None = None, **values: Any) -> None:
        super().__init__(formdata, **values)
        self.option_faults: dict[int, str] = {}

    def refuse_options(self, faults: Iterable[tuple[int, str]]) -> None:
        """Say of these ingredients what is wrong with what was chosen for them."""
        self.option_faults |= dict(faults)
        self.extra.errors = [*self.extra.errors, *self.option_faults.values()]

    @property
    def faults(self) -> list[tuple[str, str]]:
        fields = [each for each in super().faults if each[0] != self.extra.id]
        return fields + [(option_id(id), fault) for id, fault in self.option_faults.items()]


def _gathered(formdata: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return the fields with those of single ingredients put to what is left out or added."""
    fields: MultiDict[str, str] = MultiDict(formdata)
    for name, value in formdata.items():
        found = OPTION.fullmatch(name)
        if found and value in WAYS:
            fields.add(value, found[1])
    return fields
