"""Python of a release, imported under names of its own: nothing is shared with another release.

No bytecode of it is read or written.
"""

import importlib
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from ocpizza.db import OVERLAY_MODULES
from ocpizza.overlay.errors import OverlayError, in_one_line, is_interrupt, line_in
from ocpizza.overlay.release import Release

INIT = "__init__"
_numbers = count(1)
_loaded: list["Modules"] = []


class LoadedModule(NamedTuple):
    """A module of a place, and what its file is called."""

    place: str
    name: str
    module: ModuleType


class Source(SourceLoader):
    """Reads one file; what it raises is told of that file."""

    def __init__(self, path: Path, component: str) -> None:
        self._path, self._component = path, component

    def get_filename(self, fullname: str) -> str:
        return str(self._path)

    def get_data(self, path: str | bytes) -> bytes:
        if path != str(self._path):
            raise OSError("no bytecode of it is kept")
        return self._path.read_bytes()

    def exec_module(self, module: ModuleType) -> None:
        try:
            super().exec_module(module)
        except OverlayError:
            raise
        except BaseException as error:
            if is_interrupt(error):
                raise
            line = line_in(str(self._path), error)
            raise OverlayError(self._component, in_one_line(error), line) from error


class Modules(MetaPathFinder):
    """The modules of one reading of a release: `<root>.<place>.<module>`."""

    def __init__(self, release: Release) -> None:
        self.root = f"{OVERLAY_MODULES}{next(_numbers)}"
        self._packages = {self.root}
        self._sources: dict[str, Source] = {}
        self.components: Sequence[LoadedModule] = ()
        self._names = list(self._register(release))

    def load(self) -> None:
        """Import them all. Raises OverlayError, with none of them left."""
        sys.meta_path.append(self)
        _loaded.append(self)
        try:
            self.components = [
                LoadedModule(place, component, importlib.import_module(name))
                for place, component, name in self._names
            ]
        except BaseException:
            self.forget()
            raise

    def forget(self) -> None:
        """Have nothing of them be found any more; who holds one may go on using it."""
        if self in _loaded:
            _loaded.remove(self)
            sys.meta_path.remove(self)
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{self.root}.")]:
            del sys.modules[name]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package = fullname in self._packages
        if source := self._sources.get(fullname):
            return spec_from_loader(fullname, source, is_package=package)
        return ModuleSpec(fullname, None, is_package=True) if package else None

    def _register(self, release: Release) -> Iterator[tuple[str, str, str]]:
        """Return place, component and name of each module."""
        for place in release.places.values():
            for module, path in place.modules.items():
                component = release.component(path)
                parts = module.split(".")
                if not all(part.isidentifier() for part in parts):
                    raise OverlayError(component, "no module can have this name")
                above = [self.root, place.name, *parts[:-1]]
                self._packages.update(".".join(above[:end]) for end in range(1, len(above) + 1))
                name = ".".join(above if parts[-1] == INIT else [*above, parts[-1]])
                self._sources[name] = Source(path, component)
                yield place.name, component, name


def forget_replaced() -> None:
    """Forget the modules of every release but the one that was read last."""
    for modules in _loaded[:-1]:
        modules.forget()
