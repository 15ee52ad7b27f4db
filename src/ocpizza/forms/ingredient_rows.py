"""Rows in which managers write ingredients with quantities: of a recipe, or that may be added."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wtforms import FormField, HiddenField, SelectField
from wtforms.validators import NumberRange, Optional

from ocpizza.domain.measure import measure_of, whole_quantity
from ocpizza.forms.base import BaseForm, FormData
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.fields import WholeField
from ocpizza.forms.stock import NOT_WHOLE, QuantityField, TypedQuantity
from ocpizza.i18n import _
from ocpizza.models.ingredient import Ingredient

MAX_ROWS = 30
# Rows to add something in.
SPARE = 3
# Of one pizza: a hundred kilograms.
MAX_QUANTITY = 100_000


class IngredientRow(BaseForm):
    """An ingredient and how much of it; without a quantity it is none."""

    ingredient_id = SelectField(coerce=int, validate_choice=True, default=0)
    quantity = QuantityField(validators=[Optional()])

    @property
    def filled(self) -> bool:
        return bool(self.ingredient_id.data or self.quantity.typed)


class IngredientRowsForm(BaseForm):
    """Rows that `add_rows` gives it; `seen` says of what the effect was shown."""

    version = WholeField(validators=[Optional(), NumberRange(1, MAX_ID)])
    seen = HiddenField()

    def __init__(
        self,
        formdata: FormData | None,
        ingredients: Sequence[Ingredient],
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(formdata, data=data)
        self.ingredients: Mapping[int, Ingredient] = {one.id: one for one in ingredients}
        choices = [choice(0, _("Aucun")), *(choice(one.id, one.name) for one in ingredients)]
        for row in self.all_rows:
            row.ingredient_id.choices = choices

    @property
    def all_rows(self) -> list[Any]:
        rows: list[Any] = [self[f"row_{place}"] for place in range(MAX_ROWS)]
        return [row.form for row in rows]

    @property
    def rows(self) -> list[Any]:
        """Those that are shown: what is filled in, and some to add something in."""
        rows = self.all_rows
        last = max((place for place, row in enumerate(rows) if row.filled), default=-1)
        return rows[: last + 1 + SPARE]

    def whole_rows(self) -> Iterator[tuple[Any, int]]:
        """Yield each row that says something and its quantity in the ingredient's unit.

        The others are left out, or refused.
        """
        known: set[int] = set()
        for row in self.all_rows:
            typed, id = row.quantity.data, row.ingredient_id.data
            if typed is None or not typed.number:
                continue
            if not id:
                self.refuse(row.ingredient_id, _("Choisissez l’ingrédient."))
            elif id in known:
                self.refuse(row.ingredient_id, _("Cet ingrédient y est déjà."))
            elif quantity := self._whole(row, typed):
                known.add(id)
                yield row, quantity

    def _whole(self, row: Any, typed: TypedQuantity) -> int | None:
        """Return a quantity in the ingredient's unit; what has no unit is in it already."""
        unit = self.ingredients[row.ingredient_id.data].unit
        measure = measure_of(typed.symbol, unit) if typed.symbol else 1
        quantity = whole_quantity(typed.number, measure) if measure else None
        if measure is None:
            message = _("Cet ingrédient ne se compte pas dans cette unité.")
            self.refuse(row.quantity, message)
        elif quantity is None:
            self.refuse(row.quantity, NOT_WHOLE[unit])
        elif quantity > MAX_QUANTITY:
            self.refuse(row.quantity, _("C’est trop pour un seul produit."))
            return None
        return quantity


def add_rows(form: type[IngredientRowsForm], row: type[IngredientRow]) -> None:
    """Give a form all the rows that it may have."""
    for place in range(MAX_ROWS):
        setattr(form, f"row_{place}", FormField(row))
