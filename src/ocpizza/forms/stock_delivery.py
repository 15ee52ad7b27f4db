"""UC6.2: a delivery from a supplier: a quantity for each ingredient that came."""

from collections.abc import Sequence
from typing import Any

from wtforms import StringField
from wtforms.validators import NumberRange, Optional

from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.details import at_most
from ocpizza.forms.fields import WholeField
from ocpizza.forms.stock import MeasuredForm, QuantityField
from ocpizza.i18n import _
from ocpizza.models.ingredient import Ingredient


class DeliveredForm(MeasuredForm):
    """How much came of one ingredient; nothing is 0."""

    quantity = QuantityField(validators=[Optional()])

    def _measure(self) -> None:
        if self.quantity.data is not None:
            super()._measure()


class StockDeliveryForm(BaseForm):
    """All ingredients, each with a form of its own, and the number of the delivery note."""

    note = StringField(validators=[at_most(200)])
    seen = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])

    def __init__(
        self,
        formdata: FormData | None,
        ingredients: Sequence[Ingredient],
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(formdata, data=data)
        self.delivered = {
            each.id: DeliveredForm(formdata, each, prefix=f"i{each.id}-") for each in ingredients
        }

    def validate(self, extra_validators: Validators | None = None) -> bool:
        """Where one thing at least came."""
        valid = super().validate(extra_validators)
        for form in self.delivered.values():
            valid = form.validate() and valid
        if valid and not self.quantities:
            self.form_errors = [_("Indiquez la quantité d’un ingrédient au moins.")]
            return False
        return valid

    @property
    def quantities(self) -> dict[int, int]:
        """Return what came, of a valid form: ingredient id → quantity in its unit."""
        return {key: form.whole for key, form in self.delivered.items() if form.whole}

    @property
    def errors(self) -> dict[str, Any]:
        lines = self.delivered.items()
        return super().errors | {
            f"i{key}-{name}": faults for key, form in lines for name, faults in form.errors.items()
        }

    @property
    def faults(self) -> list[tuple[str, str]]:
        """As of any form; the same fault is told for each ingredient that has it."""
        lines = (fault for form in self.delivered.values() for fault in form.faults)
        return [*super().faults, *lines]
