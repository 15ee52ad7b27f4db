"""What people count an ingredient in: kilograms, bags of 500 g, trays of 12, pieces.

Stock is integers of g, ml or pieces; a measure is how many of them people count as one.
"""

from decimal import Decimal

from ocpizza.models.ingredient import Unit

LARGER = 1000  # g in a kg, ml in a l
SYMBOLS = {Unit.GRAM: {"g": 1, "kg": LARGER}, Unit.MILLILITRE: {"ml": 1, "l": LARGER}}


def measures(unit: Unit, unit_quantity: int) -> list[int]:
    """Return what an ingredient may be counted in, what it is mostly counted in first."""
    metric = [] if unit is Unit.PIECE else [LARGER]
    bags = [unit_quantity] if unit_quantity > 1 else []
    return list(dict.fromkeys([*bags, *metric, 1]))


def measure_of(symbol: str, unit: Unit) -> int | None:
    """Return the measure that somebody wrote behind a number, None where it is another unit's."""
    return SYMBOLS.get(unit, {}).get(symbol.lower())


def whole_quantity(number: Decimal, measure: int) -> int | None:
    """Return the quantity in the ingredient's unit, None where it is no whole one."""
    quantity = number * measure
    return int(quantity) if quantity == quantity.to_integral_value() else None
