"""The files of this checkout that the package is made of."""

import shutil
import subprocess
from pathlib import Path

from droplets.cache import digest

REPOSITORY = Path(__file__).parents[2]
# What only developers need does not make another package.
OTHERS = ("tests/", "bench/", "docs/", ".ci/", "tools/", "stubs/", "demo/", "CONTRIBUTING.md")
OTHERS += ("requirements/demo", "requirements/test")


def source_files() -> list[Path]:
    """The committed and the edited files, relative to the top; not what is ignored or removed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPOSITORY, check=True, text=True, capture_output=True)
    names = sorted(name for name in listed.stdout.split("\0") if name)
    files = [Path(name) for name in names if not name.startswith(OTHERS)]
    return [file for file in files if (REPOSITORY / file).exists()]


def source_digest() -> str:
    """A name of what the files hold, and of which of them are programs."""
    parts: list[str | bytes] = []
    for file in source_files():
        path = REPOSITORY / file
        parts += [f"{file} {path.stat().st_mode & 0o111}", path.read_bytes()]
    return digest(*parts)


def copy_source(target: Path) -> None:
    """Copy the files into a folder."""
    for file in source_files():
        copy = target / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / file, copy, follow_symlinks=False)
