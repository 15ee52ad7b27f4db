"""What a customer chose, before anything is known of its price: sizes and options by id."""

import json
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Part:
    """A whole item, or one half of a pizza: a size, what is left out and what is added."""

    size_id: int
    without: tuple[int, ...] = ()
    extras: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """One or two parts. The same choice always has the same `text`."""

    parts: tuple[Part, ...]

    @classmethod
    def of(cls, size_id: int, without: Any = (), extras: Any = ()) -> Self:
        """Return a whole item of this size; ingredients by id, in any order."""
        return cls((Part(size_id, tuple(sorted(set(without))), tuple(sorted(set(extras)))),))

    @property
    def text(self) -> str:
        """Canonical text, as kept in `basket_line.selection`."""
        rows = [[part.size_id, part.without, part.extras] for part in self.parts]
        return json.dumps(rows, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the selection that `text` was made from."""
        return cls(
            tuple(
                Part(size_id, tuple(without), tuple(extras))
                for size_id, without, extras in json.loads(text)
            )
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody puts in their basket, and how many of it."""

    selection: Selection
    quantity: int
