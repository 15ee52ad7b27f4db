"""Static files where nginx serves them, compressed ones beside them, under their digest."""

import gzip
import os
import shutil
import tempfile
import time
from pathlib import Path

from ocpizza.overlay.statics import static_folders
from ocpizza.static_files import FOLDER, digest

COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".txt"}
# Pages shown before an upgrade still ask for the files of their version.
KEPT = 3
FIXED_TIME = 1_700_000_000


def collect_static(target: Path, source: Path = FOLDER, release: Path | None = None) -> Path:
    """Copy `source` to a folder of `target` named by its digest; return that folder.

    With those of each place of a release, under the names that the site gives them. Each is there
    whole or not at all. Those of earlier times are removed but for the last few. Raises OSError.
    """
    ours, now = digest(source), time.time_ns()
    for name, folder in {ours: source, **static_folders(release)}.items():
        if not (target / name).exists():
            _copy(folder, target / name)
        os.utime(target / name, ns=(now, now))
    _remove_old(target)
    return target / ours


def _remove_old(target: Path) -> None:
    """What was collected together is kept together: its folders bear the same time."""
    collected = {
        path: path.stat().st_mtime_ns
        for path in target.iterdir()
        if path.is_dir() and not path.name.startswith(".")
    }
    kept = sorted(set(collected.values()), reverse=True)[: 1 + KEPT]
    for path, at in collected.items():
        if at not in kept:
            shutil.rmtree(path)


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
