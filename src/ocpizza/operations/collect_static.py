"""Static files where nginx serves them, compressed ones beside them, under their digest."""

import gzip
import os
import shutil
import tempfile
from pathlib import Path

from ocpizza.static_files import FOLDER, digest

COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".txt"}
# Pages shown before an upgrade still ask for the files of their version.
KEPT = 3
FIXED_TIME = 1_700_000_000


def collect_static(target: Path, source: Path = FOLDER) -> Path:
    """Copy `source` to a folder of `target` named by its digest; return that folder.

    It is there whole or not at all. Older ones are removed but for the last few.
    Raises OSError.
    """
    folder = target / digest(source)
    if not folder.exists():
        _copy(source, folder)
    os.utime(folder)
    for old in sorted(_collected(target), key=lambda path: -path.stat().st_mtime)[1 + KEPT :]:
        shutil.rmtree(old)
    return folder


def _collected(target: Path) -> list[Path]:
    return [path for path in target.iterdir() if path.is_dir() and not path.name.startswith(".")]


def _copy(source: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=folder.parent) as name:
        fresh = Path(name) / folder.name
        for path in source.rglob("*"):
            if path.is_file():
                _copy_file(path, fresh / path.relative_to(source))
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        fresh.rename(folder)


def _copy_file(source: Path, target: Path) -> None:
    content = source.read_bytes()
    _write(target, content)
    if source.suffix in COMPRESSIBLE:
        _write(target.with_name(target.name + ".gz"), gzip.compress(content, mtime=0))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    # The same on every host, whenever it was installed: so is the ETag that nginx makes of it.
    os.utime(path, (FIXED_TIME, FIXED_TIME))
