"""Where the meats of an ingredient come from, as the law has it told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from ocpizza.models.ingredient import Diet
from ocpizza.models.meat import IngredientMeat, Meat, RestaurantMeat

# What stands for a country of a prepared meat, where its supplier may say no more.
EU, NOT_EU = "EU", "NOT_EU"


@dataclass(frozen=True, slots=True)
class MeatOrigin:
    """A meat and the countries of its animals; none where nobody knows them."""

    meat: Meat
    prepared: bool
    born: tuple[str, ...] = ()
    reared: tuple[str, ...] = ()
    slaughtered: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        return bool(self.reared and self.slaughtered)

    @property
    def one_country(self) -> str | None:
        """The country of all three, which is then all that is told."""
        same = len(self.reared) == 1 and self.born == self.reared == self.slaughtered
        return self.reared[0] if same else None

    @property
    def tells_birth(self) -> bool:
        """Whether the birth is told where the countries differ: of beef only."""
        return self.meat is Meat.BEEF


Meats = tuple[MeatOrigin, ...]


@cache
def meats_in(text: str | None) -> Meats:
    """Return what `models.meat.meats_text` says of an ingredient, in the order of the law."""
    found = {}
    for each in (text or "").split(";") if text else ():
        meat, prepared, *countries = each.split(":")
        codes = (tuple(filter(None, codes.split(","))) for codes in countries)
        found[meat] = MeatOrigin(Meat(meat), prepared == "1", *codes)
    return tuple(found[meat] for meat in Meat if meat in found)


def diet_with(diet: Diet | None, meats: Meats) -> Diet | None:
    """Return whom an ingredient suits that has these meats: they are believed before its diet."""
    if any(one.meat is Meat.PORK for one in meats):
        return Diet.PORK
    return Diet.NO_PORK if meats and diet is Diet.VEGETARIAN else diet


def origin_in(row: IngredientMeat | RestaurantMeat, prepared: bool) -> MeatOrigin:
    """Return what a row says of a meat."""
    return MeatOrigin(row.meat, prepared, row.born_in, row.reared_in, row.slaughtered_in)


def put_origin(row: IngredientMeat | RestaurantMeat, one: MeatOrigin) -> None:
    """Have a row say where a meat comes from."""
    row.born_in, row.reared_in, row.slaughtered_in = one.born, one.reared, one.slaughtered


def state_of(meats: Iterable[MeatOrigin]) -> str:
    """Return these meats as one text: what a page shows, compared when it is sent."""
    return ";".join(
        f"{one.meat}:{int(one.prepared)}:{','.join(one.born)}:{','.join(one.reared)}:"
        f"{','.join(one.slaughtered)}"
        for one in meats
    )


def without_origin(meats: Mapping[int, Meats]) -> set[int]:
    """Return the ids of the ingredients of which a meat's origin is not known."""
    return {id for id, each in meats.items() if not all(one.known for one in each)}
