"""UC6.2: how much of an ingredient, in what people count it in."""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from ocpizza.domain.measure import LARGER, measure_of, measures, whole_quantity
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.details import at_most
from ocpizza.forms.fields import TypedField, WholeField
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.ingredient import Ingredient, Unit
from ocpizza.models.stock import Reason

NUMBER = re.compile(r"(\d{1,6})(?:[.,](\d{1,3}))?\s*([a-zA-Z]{1,2})?", re.ASCII)
BETWEEN_DIGITS = re.compile(r"(?<=\d)\s+(?=\d)")
# Of a delivery or a shelf: ten tonnes.
MAX_QUANTITY = 10_000_000
NOTHING = _("Indiquez une quantité.")
TOLD = (Reason.SUPPLY, Reason.WASTE, Reason.CORRECTION)
NOT_WHOLE = {
    Unit.GRAM: _("Comptez en grammes entiers."),
    Unit.MILLILITRE: _("Comptez en millilitres entiers."),
    Unit.PIECE: _("Comptez en pièces entières."),
}


class TypedQuantity(NamedTuple):
    """A number and the unit written behind it, empty where there is none."""

    number: Decimal
    symbol: str

    @classmethod
    def of(cls, quantity: int, unit: Unit) -> "TypedQuantity":
        """Return a quantity of an ingredient as it is typed: « 120 g », « 2 »."""
        return cls(Decimal(quantity), "" if unit is Unit.PIECE else f"\u00a0{unit}")


class QuantityField(TypedField):
    """A quantity, typed « 2,5 », « 1 500 » or « 2,5 kg »."""

    wrong = _("Indiquez une quantité comme 2,5.")
    data: TypedQuantity | None

    @staticmethod
    def write(typed: TypedQuantity) -> str:
        return f"{typed.number.normalize():f}".replace(".", ",") + typed.symbol

    @staticmethod
    def parse(text: str) -> TypedQuantity | None:
        found = NUMBER.fullmatch(BETWEEN_DIGITS.sub("", text.strip()))
        if not found:
            return None
        return TypedQuantity(Decimal(f"{found[1]}.{found[2] or 0}"), found[3] or "")


class MeasuredForm(BaseForm):
    """A quantity of an ingredient; once the form is valid, `whole` is in the ingredient's unit."""

    quantity = QuantityField(validators=[InputRequired(NOTHING)])
    counted_in = SelectField(coerce=int, validate_choice=True)

    def __init__(
        self,
        formdata: FormData | None,
        ingredient: Ingredient,
        data: dict[str, Any] | None = None,
        prefix: str = "",
    ) -> None:
        self.unit = ingredient.unit
        self.measures = measures(ingredient.unit, ingredient.unit_quantity)
        known = {"counted_in": self.measures[0]} | (data or {})
        super().__init__(formdata, data=known, prefix=prefix)
        self.counted_in.choices = [choice(measure) for measure in self.measures]
        self.whole = 0

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.quantity.errors and not self.counted_in.errors:
            self._measure()
        return valid and not self.errors

    def _measure(self) -> None:
        typed = self.quantity.data
        if typed is None:
            self.refuse_quantity(NOTHING)
            return
        measure = measure_of(typed.symbol, self.unit) if typed.symbol else self.counted_in.data
        quantity = whole_quantity(typed.number, measure) if measure else None
        if measure is None:
            self.refuse_quantity(_("Cet ingrédient ne se compte pas dans cette unité."))
        elif quantity is None:
            self.refuse_quantity(NOT_WHOLE[self.unit])
        elif quantity > MAX_QUANTITY:
            self.refuse_quantity(_("C’est plus que ce qu’un restaurant peut garder."))
        else:
            self.whole = quantity

    def refuse_quantity(self, message: str) -> None:
        """Say that this quantity will not do."""
        self.refuse(self.quantity, message)


class StockChangeForm(MeasuredForm):
    """A delivery received, waste, or what there really is."""

    reason = RadioField(
        choices=[choice(reason.value, label(reason)) for reason in TOLD],
        validators=[InputRequired(_("Choisissez un motif."))],
    )
    note = StringField(validators=[at_most(200)])
    seen = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])

    def _measure(self) -> None:
        super()._measure()
        moves = self.reason.data != Reason.CORRECTION
        if moves and not self.whole and not self.quantity.errors:
            self.refuse_quantity(NOTHING)


class CountedForm(MeasuredForm):
    """What is on the shelf; `before` is what the page said had been counted, if anything had."""

    before = WholeField(validators=[Optional(), NumberRange(0, MAX_ID)])

    @classmethod
    def of(cls, ingredient: Ingredient, counted: int | None) -> "CountedForm":
        """Return the form with what was counted in it, in the first measure it comes out in."""
        if counted is None:
            return cls(None, ingredient)
        measure = next(
            each
            for each in measures(ingredient.unit, ingredient.unit_quantity)
            if Decimal(counted * LARGER) % each == 0
        )
        typed = TypedQuantity(Decimal(counted) / measure, "")
        return cls(None, ingredient, {"quantity": typed, "counted_in": measure, "before": counted})
