"""UC6.3: what may be added to a product: rows of ingredients with a quantity and a price."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField
from wtforms.validators import Optional

from ocpizza.domain.extras import OfferedExtra
from ocpizza.forms.base import FormData, Validators
from ocpizza.forms.fields import EurosField
from ocpizza.forms.ingredient_rows import IngredientRow, IngredientRowsForm, add_rows
from ocpizza.forms.stock import TypedQuantity
from ocpizza.i18n import _
from ocpizza.models.ingredient import Ingredient

# Of an extra: a hundred euros.
MAX_CENTS = 10_000


class ExtraRow(IngredientRow):
    """An extra, offered or put away."""

    price = EurosField(validators=[Optional()])
    active = BooleanField(default=True)

    @property
    def filled(self) -> bool:
        return super().filled or bool(self.price.typed)


class ExtrasForm(IngredientRowsForm):
    """The extras of a product; once the form is valid, `extras` are what was written."""

    def __init__(
        self,
        formdata: FormData | None,
        ingredients: Sequence[Ingredient],
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(formdata, ingredients, data)
        self.extras: tuple[OfferedExtra, ...] = ()

    @classmethod
    def of(
        cls, extras: Sequence[OfferedExtra], version: int, ingredients: Sequence[Ingredient]
    ) -> "ExtrasForm":
        """Return the form with extras in it."""
        units = {one.id: one.unit for one in ingredients}
        rows = {
            f"row_{place}": {
                "ingredient_id": extra.ingredient_id,
                "quantity": TypedQuantity.of(extra.quantity, units[extra.ingredient_id]),
                "price": extra.price_cents,
                "active": extra.active,
            }
            for place, extra in enumerate(extras)
        }
        return cls(None, ingredients, {"version": version, **rows})

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        found = []
        for row, quantity in self.whole_rows() if valid else ():
            cents = row.price.data
            if cents is None:
                self.refuse(row.price, _("Indiquez un prix."))
            elif cents > MAX_CENTS:
                self.refuse(row.price, _("Un supplément coûte au plus 100,00 €."))
            else:
                active = bool(row.active.data)
                found.append(OfferedExtra(row.ingredient_id.data, quantity, cents, active))
        self.extras = tuple(found)
        return valid and not self.errors


add_rows(ExtrasForm, ExtraRow)
