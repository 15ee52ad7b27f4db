"""UC6.3: a recipe as managers write it: its text, and rows of ingredients with quantities."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, TextAreaField

from ocpizza.domain.recipe import Amount, Recipe
from ocpizza.forms.base import FormData, Validators
from ocpizza.forms.details import at_most
from ocpizza.forms.ingredient_rows import IngredientRow, IngredientRowsForm, add_rows
from ocpizza.forms.stock import TypedQuantity
from ocpizza.i18n import _
from ocpizza.models.ingredient import Ingredient

MAX_TEXT = 5000


class AmountRow(IngredientRow):
    """An ingredient of a recipe."""

    removable = BooleanField(default=True)


class RecipeForm(IngredientRowsForm):
    """A recipe; once the form is valid, `recipe` is what was written."""

    text = TextAreaField(validators=[at_most(MAX_TEXT)])

    def __init__(
        self,
        formdata: FormData | None,
        ingredients: Sequence[Ingredient],
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(formdata, ingredients, data)
        self.recipe = Recipe("", ())

    @classmethod
    def of(cls, recipe: Recipe, version: int, ingredients: Sequence[Ingredient]) -> "RecipeForm":
        """Return the form with a recipe in it."""
        units = {one.id: one.unit for one in ingredients}
        rows = {
            f"row_{place}": {
                "ingredient_id": amount.ingredient_id,
                "quantity": TypedQuantity.of(amount.quantity, units[amount.ingredient_id]),
                "removable": amount.removable,
            }
            for place, amount in enumerate(recipe.amounts)
        }
        return cls(None, ingredients, {"text": recipe.text, "version": version, **rows})

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        amounts = [
            Amount(row.ingredient_id.data, quantity, bool(row.removable.data))
            for row, quantity in (self.whole_rows() if valid else ())
        ]
        if valid and not self.errors and not amounts:
            self.refuse(self.all_rows[0].quantity, _("Il faut au moins un ingrédient."))
        self.recipe = Recipe((self.text.data or "").strip(), tuple(amounts))
        return valid and not self.errors


add_rows(RecipeForm, AmountRow)
