"""What an ingredient is bought for: a kilogram, a litre or a piece of it."""

from typing import Any

from wtforms.validators import NumberRange, Optional

from ocpizza.domain.recipe import MILLICENTS
from ocpizza.forms.base import BaseForm, FormData
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.fields import EurosField, WholeField
from ocpizza.i18n import _
from ocpizza.models.ingredient import Ingredient, Unit

MAX_CENTS = 100_000


class UnitCostForm(BaseForm):
    """Cents without VAT for a kilogram, a litre or a piece; nothing where nobody knows."""

    cost_cents = EurosField(
        validators=[Optional(), NumberRange(0, MAX_CENTS, _("Indiquez 1 000 € au plus."))]
    )
    version = WholeField(validators=[Optional(), NumberRange(1, MAX_ID)])

    def __init__(
        self, formdata: FormData | None, ingredient: Ingredient, data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(formdata, data=data)
        # Of a gram, a thousandth of a cent is a cent for the kilogram.
        self.of_one = MILLICENTS if ingredient.unit is Unit.PIECE else 1

    @classmethod
    def of(cls, ingredient: Ingredient) -> "UnitCostForm":
        """Return the form with what is known."""
        known = {"cost_cents": ingredient.unit_cost, "version": ingredient.version}
        return cls(None, ingredient, known)

    @property
    def millicents(self) -> int | None:
        """What a unit costs, in thousandths of a cent."""
        cents = self.cost_cents.data
        return None if cents is None else cents * self.of_one
