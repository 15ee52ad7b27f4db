"""Static files under one address a version: /static/<digest of them all>/…, cached for a year."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator

FOLDER = Path(__file__).parent / "static"
YEAR = 365 * 24 * 3600


def digest(folder: Path = FOLDER, place: str = "") -> str:
    """Return a short digest of every static file's name and content, and whose they are."""
    sha256 = hashlib.sha256(place.encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            sha256.update(path.relative_to(folder).as_posix().encode() + b"\0")
            sha256.update(path.read_bytes())
    return sha256.hexdigest()[:12]


def includeme(config: "Configurator") -> None:
    prefix = f"static/{digest()}"
    config.registry["static_prefix"] = f"/{prefix}"
    config.add_static_view(prefix, "ocpizza:static", cache_max_age=YEAR)
