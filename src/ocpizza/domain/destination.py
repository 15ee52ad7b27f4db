"""Where a visitor said that their order goes, before they chose anything (UC1.1)."""

from dataclasses import dataclass
from typing import Any, Self

from ocpizza.domain.contact import normal_postcode
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.towns import only_town
from ocpizza.models.vat import Mode


@dataclass(frozen=True, slots=True)
class Destination:
    """How an order is to be handed over: delivered to a postcode, or taken away without one."""

    postcode: str | None

    @classmethod
    def parse(cls, kept: object) -> Self | None:
        """Return what `kept` says, as it was kept, None if nothing was said."""
        if not isinstance(kept, str):
            return None
        return cls(normal_postcode(kept) if kept else None)

    @property
    def kept(self) -> str:
        """What to keep of it."""
        return self.postcode or ""

    def mode_at(self, point: PointOfSale) -> Mode:
        """Return how a restaurant can hand it over: one that does not deliver there, at its own."""
        there = self.postcode is not None and point.delivers_to(self.postcode)
        return Mode.DELIVERY if there else Mode.TAKEAWAY

    @property
    def town(self) -> str | None:
        """The town that it is in, if it can be no other."""
        return only_town(self.postcode) if self.postcode else None

    def fill(self, known: dict[str, Any]) -> dict[str, Any]:
        """Return `known` details of an order (A1) less an address elsewhere, with what is known."""
        if self.postcode is None or known.get("postcode") == self.postcode:
            return known
        there = {"postcode": self.postcode, "town": self.town}
        return known | there | {"street": None, "complement": None}
