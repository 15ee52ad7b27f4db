"""What was told of each row of status, kept from one look to the next."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from ocpizza.operations.letters import NotTold
from ocpizza.settings import Settings

NAME = "status.json"
# Given by systemd: in memory, where there is room though a disk is full or only read.
RUNTIME = "RUNTIME_DIRECTORY"


@dataclass(frozen=True)
class Told:
    """What was told of a row last, and how many looks in a row have seen it otherwise since."""

    well: bool = True
    otherwise: int = 0


def recall(settings: Settings) -> dict[str, Told]:
    """Return what was told, as it was noted last; nothing where nobody has noted anything."""
    found = [one for file in _files(settings) if (one := _read(file))]
    return max(found, key=lambda one: one[0])[1] if found else {}


def remember(settings: Settings, told: dict[str, Told], now: datetime) -> None:
    """Note it where that can be done. Raises NotTold where it cannot be anywhere."""
    rows = {name: asdict(one) for name, one in told.items()}
    text = json.dumps({"at": now.timestamp(), "rows": rows})
    errors = []
    for file in _files(settings):
        try:
            file.parent.mkdir(exist_ok=True)
            beside = file.with_name(f".{file.name}")
            beside.write_text(text)
            beside.replace(file)
        except OSError as error:
            errors.append(str(error))
        else:
            return
    raise NotTold(f"what was told cannot be noted: {'; '.join(errors)}")


def _files(settings: Settings) -> Iterator[Path]:
    yield settings["folders.state"] / "incidents" / NAME
    if folder := os.environ.get(RUNTIME):
        yield Path(folder) / NAME


def _read(file: Path) -> tuple[float, dict[str, Told]] | None:
    try:
        noted = json.loads(file.read_text())
        return noted["at"], {name: Told(**one) for name, one in noted["rows"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
