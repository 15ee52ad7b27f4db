"""Answer, from the venv that was built, what the package must say about it.

`depends`: the substitution variable of the Python that it runs on; `schema-revision`: the newest
migration. Both import every module first, so that nothing left out of the package is missed.
"""

import importlib
import pkgutil
import sys
import warnings
from pathlib import Path

import ocpizza

warnings.filterwarnings("ignore", message="pkg_resources is deprecated")


def import_all() -> None:
    """Import each module of ocpizza but `wsgi`, which makes the application of some settings."""
    for module in pkgutil.walk_packages(ocpizza.__path__, "ocpizza."):
        if module.name != "ocpizza.wsgi":
            importlib.import_module(module.name)


def depends() -> str:
    """A venv runs on the minor version of Python that it was made with, and on no other."""
    major, minor = sys.version_info[:2]
    return f"venv:Depends=python3 (>= {major}.{minor}), python3 (<< {major}.{minor + 1})\n"


def schema_revision() -> str:
    """The revision that the database has once this version migrated it."""
    from ocpizza.operations.migrate import head_revision

    return head_revision(Path("alembic"))


if __name__ == "__main__":
    import_all()
    answers = {"depends": depends, "schema-revision": schema_revision}
    sys.stdout.write(answers[sys.argv[1]]())
