"""UC3.2: a promotion as managers describe it."""

import re
from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, NumberRange, Optional

from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.basket import CODE_LENGTH
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.contact import CodeField
from ocpizza.forms.details import at_most
from ocpizza.forms.fields import EurosField, MinuteField, ParisTimeField, WholeField
from ocpizza.forms.period import ENDS_FIRST
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.promotion import PromotionKind

CODE = re.compile(r"[A-Z0-9]{3,30}", re.ASCII)
MAX_USES = 1_000_000
Choices = Sequence[tuple[int, str]]


def at_least_once() -> list[object]:
    message = _("Indiquez un nombre de ${min} à ${max}, ou rien s’il n’y a pas de limite.")
    return [Optional(), NumberRange(1, MAX_USES, message)]


class PromotionForm(BaseForm):
    """Everything about a promotion; no restaurant and no weekday mean all of them."""

    code = CodeField(validators=[DataRequired(_("Indiquez un code.")), at_most(CODE_LENGTH)])
    name = StringField(validators=[DataRequired(_("Indiquez un titre.")), at_most(100)])
    name_en = StringField(validators=[at_most(100)])
    kind = RadioField(choices=[choice(kind.value, label(kind)) for kind in PromotionKind])
    percent = WholeField(
        validators=[Optional(), NumberRange(1, 100, _("Indiquez de ${min} à ${max} %."))]
    )
    amount_cents = EurosField()
    product_size_id = SelectField(coerce=int, validate_choice=True)
    minimum_cents = EurosField()
    starts_at = ParisTimeField()
    ends_at = ParisTimeField()
    weekdays = SelectMultipleField(coerce=int, choices=[choice(day) for day in range(7)])
    from_minute = MinuteField()
    to_minute = MinuteField(last=True)
    restaurants = SelectMultipleField(coerce=int)
    first_order_only = BooleanField()
    birthday_only = BooleanField()
    per_customer_limit = WholeField(validators=at_least_once())
    total_limit = WholeField(validators=at_least_once())
    listed = BooleanField()
    active = BooleanField()
    version = WholeField(validators=[Optional(), NumberRange(1, MAX_ID)])

    def __init__(
        self,
        formdata: FormData | None,
        sizes: Choices,
        restaurants: Choices,
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(formdata, data=data)
        self.product_size_id.choices = [
            choice(0, _("Aucun")),
            *(choice(id, name) for id, name in sizes),
        ]
        self.places = restaurants
        self.restaurants.choices = [choice(id, name) for id, name in restaurants]

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.code.errors and not CODE.fullmatch(self.code.data or ""):
            self.refuse(self.code, _("Un code a de 3 à 30 lettres sans accent et chiffres."))
        self._validate_gift()
        if self.starts_at.data and self.ends_at.data and self.starts_at.data >= self.ends_at.data:
            self.refuse(self.ends_at, ENDS_FIRST)
        begins, ends = self.from_minute.data, self.to_minute.data
        if begins is not None and ends is not None and begins >= ends:
            self.refuse(self.to_minute, _("La fin vient avant le début."))
        return valid and not self.errors

    def _validate_gift(self) -> None:
        if self.kind.data == PromotionKind.PERCENTAGE and not self._filled(self.percent):
            self.refuse(self.percent, _("Indiquez le pourcentage."))
        if self.kind.data == PromotionKind.AMOUNT and not self._filled(self.amount_cents):
            self.refuse(self.amount_cents, _("Indiquez le montant."))
        if self.kind.data == PromotionKind.FREE_PRODUCT and not self._filled(self.product_size_id):
            self.refuse(self.product_size_id, _("Choisissez le produit offert."))

    @staticmethod
    def _filled(field: Field) -> bool:
        return bool(field.data or field.errors)

    def values(self) -> dict[str, Any]:
        """Return what to write of it, by column; only what its kind gives."""
        kind = PromotionKind(self.kind.data)
        written = {
            name: self[name].data
            for name in (
                "code",
                "name",
                "starts_at",
                "ends_at",
                "from_minute",
                "to_minute",
                "first_order_only",
                "birthday_only",
                "per_customer_limit",
                "total_limit",
                "listed",
                "active",
            )
        }
        return written | {
            "kind": kind,
            "name_en": self.name_en.data or "",
            "percent": self.percent.data if kind is PromotionKind.PERCENTAGE else None,
            "amount_cents": self.amount_cents.data if kind is PromotionKind.AMOUNT else None,
            "product_size_id": (
                self.product_size_id.data if kind is PromotionKind.FREE_PRODUCT else None
            ),
            "minimum_cents": self.minimum_cents.data or 0,
            "weekday_mask": sum(1 << day for day in set(self.weekdays.data or ())) or 127,
        }
