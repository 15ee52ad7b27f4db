"""Extras of a product as managers write them."""

from dataclasses import dataclass

from ocpizza.column_types import Cents


@dataclass(frozen=True, slots=True)
class OfferedExtra:
    """How much of an ingredient may be added to a product of factor 100, at what price; `active`
    while it is offered.
    """

    ingredient_id: int
    quantity: int
    price_cents: Cents
    active: bool = True
