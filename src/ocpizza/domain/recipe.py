"""What a recipe takes, costs and brings, before anybody saves it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ocpizza.domain.money import divide_half_up
from ocpizza.models.ingredient import Allergen

# A thousandth of a cent for a gram or a millilitre is a cent for a kilogram or a litre: exact.
MILLICENTS = 1000


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of an ingredient a product of factor 100 takes, and whether it may be left out."""

    ingredient_id: int
    quantity: int
    removable: bool


@dataclass(frozen=True, slots=True)
class Recipe:
    """The pizza maker's text, and the composition in its order."""

    text: str
    amounts: tuple[Amount, ...]

    @property
    def ingredient_ids(self) -> set[int]:
        return {amount.ingredient_id for amount in self.amounts}


@dataclass(frozen=True, slots=True)
class Cost:
    """What the ingredients of one item cost in cents, less those whose cost nobody has said."""

    cents: int
    unknown: tuple[int, ...]


def taken(quantity: int, factor_percent: int) -> int:
    """Return what a size takes of a quantity given for 100 %, rounded up."""
    return -(-quantity * factor_percent // 100)


def feasible(amounts: Iterable[Amount], factor_percent: int, stock: Mapping[int, int]) -> int:
    """Return how many items of a size this stock makes."""
    return min(
        (
            stock.get(each.ingredient_id, 0) // taken(each.quantity, factor_percent)
            for each in amounts
        ),
        default=0,
    )


def cost_of(
    amounts: Iterable[Amount], factor_percent: int, unit_costs: Mapping[int, int | None]
) -> Cost:
    """Return what one item of a size costs; `unit_costs` are in thousandths of a cent."""
    millicents, unknown = 0, []
    for each in amounts:
        unit_cost = unit_costs.get(each.ingredient_id)
        if unit_cost is None:
            unknown.append(each.ingredient_id)
        else:
            millicents += taken(each.quantity, factor_percent) * unit_cost
    return Cost(divide_half_up(millicents, MILLICENTS), tuple(unknown))


def allergens_of(
    amounts: Iterable[Amount], allergens: Mapping[int, Collection[Allergen]]
) -> list[Allergen]:
    """Return the allergens that these ingredients bring, in the order of the regulation."""
    present = {one for each in amounts for one in allergens.get(each.ingredient_id, ())}
    return [allergen for allergen in Allergen if allergen in present]


def added(before: Sequence[Allergen], after: Sequence[Allergen]) -> list[Allergen]:
    """Return what is in the second and not in the first."""
    return [each for each in after if each not in before]
