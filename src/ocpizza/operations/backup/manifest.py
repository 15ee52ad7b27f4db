"""What an archive says of itself."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from ocpizza.operations.backup.errors import BackupError

NAME = "manifest.json"
FORMAT = 1
# More than any manifest has, so that a wrong file does not fill the memory.
MAX_BYTES = 16 * 2**20


@dataclass(frozen=True)
class Member:
    """A file of the archive."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Table:
    """What a table held: how many rows, and a digest of them all (`contents`)."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All of it; `tables` and the database's file are as of one moment, `made_at`."""

    made_at: datetime
    version: str
    revision: str | None
    kind: str
    server: str
    schema: str
    tables: dict[str, Table]
    members: dict[str, Member]
    links: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def to_json(self) -> bytes:
        """For the archive, and for people."""
        values = asdict(self) | {"made_at": self.made_at.isoformat()}
        return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Raises BackupError for what is no manifest, or one of a later format."""
        try:
            return cls._read(json.loads(text))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise BackupError("the archive's manifest is damaged: take another archive") from error

    @classmethod
    def _read(cls, values: dict[str, Any]) -> Self:
        if values["format"] > FORMAT:
            raise BackupError(
                f"the archive was made by version {values['version']}, which is newer: "
                "install that version first"
            )
        texts = (
            values["version"],
            values["kind"],
            values["schema"],
            *values.get("links", {}).values(),
        )
        if not all(isinstance(text, str) for text in texts):
            raise TypeError
        int(values["server"].split(".")[0])
        made_at = datetime.fromisoformat(values["made_at"])
        if made_at.tzinfo is None:
            raise ValueError
        return cls(
            **values
            | {
                "made_at": made_at,
                "tables": {name: Table(**one) for name, one in values["tables"].items()},
                "members": {name: Member(**one) for name, one in values["members"].items()},
            }
        )
