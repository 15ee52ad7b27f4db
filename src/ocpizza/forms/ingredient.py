"""What an ingredient is bought for: a kilogram, a litre or a piece of it; and whom it suits."""

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import NumberRange, Optional

from ocpizza.domain.recipe import MILLICENTS
from ocpizza.forms.base import BaseForm, FormData
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.fields import EurosField, WholeField
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.ingredient import Diet, Ingredient, Unit

MAX_CENTS = 100_000


class IngredientForm(BaseForm):
    """Cents without VAT for a kilogram, a litre or a piece, nothing where nobody knows; a diet, or
    nothing; and whether it is spicy.
    """

    cost_cents = EurosField(
        validators=[Optional(), NumberRange(0, MAX_CENTS, _("Indiquez 1 000 € au plus."))]
    )
    diet = RadioField(
        choices=[
            choice("", _("Non renseigné")),
            *(choice(diet.value, label(diet)) for diet in Diet),
        ],
        default="",
    )
    spicy = BooleanField()
    version = WholeField(validators=[Optional(), NumberRange(1, MAX_ID)])

    def __init__(
        self, formdata: FormData | None, ingredient: Ingredient, data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(formdata, data=data)
        # Of a gram, a thousandth of a cent is a cent for the kilogram.
        self.of_one = MILLICENTS if ingredient.unit is Unit.PIECE else 1

    @classmethod
    def of(cls, ingredient: Ingredient) -> "IngredientForm":
        """Return the form with what is known."""
        known = {
            "cost_cents": ingredient.unit_cost,
            "diet": ingredient.diet or "",
            "spicy": ingredient.spicy,
            "version": ingredient.version,
        }
        return cls(None, ingredient, known)

    @property
    def values(self) -> dict[str, Any]:
        """What is written of the ingredient, by column."""
        return {
            "unit_cost_millicents": self.millicents,
            "diet": Diet(self.diet.data) if self.diet.data else None,
            "spicy": bool(self.spicy.data),
        }

    @property
    def millicents(self) -> int | None:
        """What a unit costs, in thousandths of a cent."""
        cents = self.cost_cents.data
        return None if cents is None else cents * self.of_one
