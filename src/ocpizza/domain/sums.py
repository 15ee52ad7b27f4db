"""The sums under the lines of an order, the same on every page, mail and document."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from ocpizza.column_types import Cents
from ocpizza.models.vat import Mode


class SumKind(StrEnum):
    """What a row of the sums is about."""

    ARTICLES = "articles"
    DISCOUNT = "discount"
    DELIVERY_FEE = "delivery_fee"
    TOTAL = "total"


class Sum(NamedTuple):
    """One row, from the articles down to the total; a discount is negative."""

    kind: SumKind
    cents: Cents


class Priced(Protocol):
    """A quote, or what was agreed on an order."""

    @property
    def subtotal_cents(self) -> Cents: ...
    @property
    def discount_cents(self) -> Cents: ...
    @property
    def delivery_fee_cents(self) -> Cents: ...
    @property
    def total_cents(self) -> Cents: ...


def sums(priced: Priced, mode: Mode) -> list[Sum]:
    """Return the rows to show: the discount if there is one, the fee wherever it is delivered."""
    rows = [Sum(SumKind.ARTICLES, priced.subtotal_cents)]
    if priced.discount_cents:
        rows.append(Sum(SumKind.DISCOUNT, -priced.discount_cents))
    if mode is Mode.DELIVERY:
        rows.append(Sum(SumKind.DELIVERY_FEE, priced.delivery_fee_cents))
    return [*rows, Sum(SumKind.TOTAL, priced.total_cents)]
