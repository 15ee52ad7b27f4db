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


def collect_static(target: Path, source: Path = FOLDER) -> Path:
    """Copy `source` to a folder of `target` named by its digest; gives that folder.

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
        shutil.copytree(source, fresh, copy_function=_copy_file)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        fresh.rename(folder)


def _copy_file(source: str, target: str) -> None:
    path = Path(target)
    content = Path(source).read_bytes()
    path.write_bytes(content)
    # One time for all versions of one content: the digest in the address tells them apart.
    os.utime(path, (0, 0))
    if path.suffix in COMPRESSIBLE:
        small = path.with_name(path.name + ".gz")
        small.write_bytes(gzip.compress(content, mtime=0))
        os.utime(small, (0, 0))
