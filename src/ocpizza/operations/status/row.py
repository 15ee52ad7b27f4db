"""A row of `ocpizza status`: one thing, whether it is well, and if not what to do."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One thing, whether it is well, and what there is to say about it."""

    name: str
    well: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok ' if self.well else 'BAD'}  {self.name:11} {self.says}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def fine(name: str, says: str) -> Row:
    """Return the row of what is well."""
    return Row(name, True, says)


def amiss(name: str, says: object, do: str) -> Row:
    """Return the row of what is not well: in one line, with what to `do`."""
    return Row(name, False, " ".join(f"{says}: {do}".split()))
