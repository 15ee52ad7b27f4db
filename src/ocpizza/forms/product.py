"""A product and its sizes, as managers write them."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    FormField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from ocpizza.domain.product import SizeDraft
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.details import at_most
from ocpizza.forms.fields import EurosField, WholeField
from ocpizza.forms.given import GivenText
from ocpizza.forms.price import MAX_CENTS
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.product import Kind, ProductSize
from ocpizza.models.vat import VatClass

MAX_SIZES = 8
SPARE = 1
Choices = Sequence[tuple[int, str]]


class SizeForm(BaseForm):
    """One size; a row without a name and an id is none. The price is of a new one."""

    size_id = WholeField(validators=[Optional(), NumberRange(1, MAX_ID)])
    name = StringField(validators=[at_most(60)])
    name_en = StringField(validators=[at_most(60)])
    price_cents = EurosField(
        validators=[Optional(), NumberRange(0, MAX_CENTS, _("Un prix va de 0 à 500 €."))]
    )
    factor_percent = WholeField(
        validators=[Optional(), NumberRange(10, 1000, _("Indiquez de ${min} à ${max} %."))]
    )
    active = BooleanField(default=True)

    @property
    def filled(self) -> bool:
        return bool(self.size_id.data or self.name.data or self.price_cents.typed)


class ProductForm(BaseForm):
    """Everything about a product but its recipe, its prices and its picture."""

    name = GivenText(validators=[DataRequired(_("Indiquez un nom.")), at_most(100)])
    kind = RadioField(
        choices=[choice(kind.value, label(kind)) for kind in Kind],
        validators=[InputRequired(_("Choisissez un rayon."))],
    )
    vat_class = RadioField(
        choices=[choice(each.value, label(each)) for each in VatClass],
        validators=[InputRequired(_("Choisissez la TVA."))],
    )
    description = TextAreaField(validators=[at_most(500)])
    description_en = TextAreaField(validators=[at_most(500)])
    available = BooleanField(default=True)
    default = WholeField(validators=[Optional(), NumberRange(0, MAX_SIZES - 1)], default=0)
    restaurants = SelectMultipleField(coerce=int)
    version = WholeField(validators=[Optional(), NumberRange(1, MAX_ID)])
    sellers_seen = HiddenField(validators=[Length(max=64)])

    def __init__(
        self, formdata: FormData | None, places: Choices, data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(formdata, data=data)
        self.places = places
        self.restaurants.choices = [choice(id, name) for id, name in places]

    @staticmethod
    def size_data(sizes: Sequence[ProductSize]) -> dict[str, Any]:
        """Return what fills the rows of a product's sizes."""
        rows: dict[str, Any] = {
            f"size_{place}": {
                "size_id": size.id,
                "name": size.name,
                "name_en": size.name_en,
                "factor_percent": size.factor_percent,
                "active": size.active,
            }
            for place, size in enumerate(sizes)
        }
        rows["default"] = next((n for n, size in enumerate(sizes) if size.is_default), 0)
        return rows

    @property
    def all_rows(self) -> list[SizeForm]:
        rows: list[Any] = [self[f"size_{place}"] for place in range(MAX_SIZES)]
        return [row.form for row in rows]

    @property
    def rows(self) -> list[SizeForm]:
        """Those that are shown: what is filled in, and some to add one in."""
        rows = self.all_rows
        last = max((place for place, row in enumerate(rows) if row.filled), default=-1)
        return rows[: last + 1 + SPARE]

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        filled = [row for row in self.all_rows if row.filled]
        for row in filled:
            if not row.name.data:
                self.refuse(row.name, _("Indiquez le nom de la taille."))
            if not row.factor_percent.errors and row.factor_percent.data is None:
                self.refuse(row.factor_percent, _("Indiquez un pourcentage."))
            new = not row.size_id.data and not row.price_cents.errors
            if new and row.price_cents.data is None:
                self.refuse(row.price_cents, _("Indiquez le prix."))
        chosen = self.all_rows[self.default.data or 0] if not self.default.errors else None
        if not any(row.active.data for row in filled):
            self.refuse(self.all_rows[0].name, _("Il faut au moins une taille en vente."))
        elif chosen and not (chosen.filled and chosen.active.data):
            self.refuse(chosen.name, _("La taille de référence doit être en vente."))
        return valid and not self.errors

    def values(self) -> dict[str, Any]:
        """Return what to write of the product itself, by column."""
        return {
            "name": self.name.data,
            "kind": Kind(self.kind.data),
            "vat_class": VatClass(self.vat_class.data),
            "description": self.description.data or "",
            "description_en": self.description_en.data or "",
            "available": bool(self.available.data),
        }

    def sizes(self) -> list[SizeDraft]:
        """Return what to write of its sizes."""
        return [
            SizeDraft(
                row.size_id.data,
                row.name.data or "",
                row.name_en.data or "",
                row.factor_percent.data or 100,
                bool(row.active.data),
                place == (self.default.data or 0),
                row.price_cents.data or 0,
            )
            for place, row in enumerate(self.all_rows)
            if row.filled
        ]


for _place in range(MAX_SIZES):
    setattr(ProductForm, f"size_{_place}", FormField(SizeForm))
