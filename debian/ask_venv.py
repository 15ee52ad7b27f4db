"""Answer, from the venv that was built, what the package must say about it.

`depends`: the substitution variable of the Python that it runs on; `schema-revision`: the newest
migration. Both load everything first, so that nothing left out of the package is missed.
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


if __name__ == "__main__":
    preload()
    answers = {"depends": depends, "schema-revision": schema_revision}
    sys.stdout.write(answers[sys.argv[1]]())
