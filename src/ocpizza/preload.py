"""Everything that a request may need, taken into memory before the first one.

An upgrade replaces the files of a running site: what is read late could be of another version, or
gone.
"""

import importlib
import pkgutil

import ocpizza


def preload() -> None:
    """Import every module of ours, and what libraries put off until it is needed."""
    for module in pkgutil.walk_packages(ocpizza.__path__, "ocpizza."):
        importlib.import_module(module.name)
