"""Write down what the package must say about the venv that was built.

Usage: ask_venv.py SUBSTVARS REVISION. The first file gets the substitution variable of the Python
that it runs on, the second the newest migration. Everything is loaded first, so that nothing left
out of the package is missed.
"""

import sys
from pathlib import Path

from ocpizza.operations.migrate import head_revision
from ocpizza.preload import preload


def depends() -> str:
    """A venv runs on the minor version of Python that it was made with, and on no other."""
    major, minor = sys.version_info[:2]
    return f"venv:Depends=python3 (>= {major}.{minor}), python3 (<< {major}.{minor + 1})\n"


def schema_revision() -> str:
    """The revision that the database has once this version migrated it."""
    return head_revision(Path("alembic"))


def main(substvars: Path, revision: Path) -> None:
    preload()
    substvars.write_text(depends())
    revision.write_text(schema_revision())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
