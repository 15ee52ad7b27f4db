"""controller.ini: which components an update brings, and where each belongs.

`pizza_tokyo.png = OC_PIZZA.city_002.static.png` has a light component keep its name in
`city_002/static/`; `historic.html = OC_PIZZA.city_001.templates.city_001.historic.html` names
the file of a heavy one, `city_001/templates/city_001/historic.html`.
"""

import codecs
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from ocpizza.operations.update.errors import UpdateError
from ocpizza.overlay.release import COMMON, STATIC, TEMPLATES
from ocpizza.overlay.release import NAME as PLACE

NAME = "controller.ini"
LIGHT, HEAVY = "light_components", "heavy_components"
EXTENSIONS = {
    LIGHT: ("ico", "jpg", "png", "pdf", "gif"),
    HEAVY: ("py", "html", "css", "js", "json", "ini", "psql"),
}
# Where each extension may go; others belong beside a restaurant's Python, which nobody downloads.
FOLDERS = {
    **dict.fromkeys((*EXTENSIONS[LIGHT], "css", "js"), (STATIC,)),
    "html": (TEMPLATES,),
    "json": (STATIC, None),
}
# One file, two ways to write what it is.
ALIASES = {"jpeg": "jpg"}
HEADING = re.compile(r"\[\s*(\w+)\s*\]|[#;]+\s*(light_components|heavy_components)\s*:?")
WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
KEPT_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
SOURCE = re.compile(r"[^/\\\0-\x1f\x7f]{1,200}")
LONGEST = 64 * 1024
DEEPEST, LONGEST_ADDRESS = 10, 200


@dataclass(frozen=True, slots=True)
class Component:
    """A file of the update's folder, and its place in the overlay."""

    line: int
    source: str
    target: PurePosixPath

    @property
    def place(self) -> str:
        """Return the code of the restaurant that it is for, or COMMON."""
        return self.target.parts[0]

    @property
    def extension(self) -> str:
        return self.target.suffix[1:]

    @property
    def warning(self) -> str | None:
        """Return what is odd about it, and yet no reason to refuse it."""
        written = PurePosixPath(self.source).suffix[1:].lower()
        if ALIASES.get(written, written) == self.extension:
            return None
        return f"{self.source} becomes {self.target}, as {NAME} says: its content decides"


def read_controller(content: bytes) -> list[Component]:
    """Return what controller.ini lists, in its order. Raises UpdateError."""
    components: dict[str, Component] = {}
    sources: dict[str, int] = {}
    for component in _components(_text(content)):
        taken = components.setdefault(str(component.target).casefold(), component)
        if taken is not component:
            raise _wrong(component.line, f"{component.target} is the target of line {taken.line}")
        before = sources.setdefault(component.source, component.line)
        if before != component.line:
            do = f"{COMMON} brings it to all, a copy in another update to one more"
            raise _wrong(
                component.line, f"{component.source} is listed already, in line {before}: {do}"
            )
    if not components:
        raise UpdateError(f"{NAME} lists no component")
    return list(components.values())


def _text(content: bytes) -> str:
    if len(content) > LONGEST:
        raise UpdateError(f"{NAME} is longer than {LONGEST // 1024} kB")
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if content.startswith(mark):
            raise UpdateError(f"{NAME} begins with a byte order mark: save it as plain UTF-8")
    if b"\0" in content:
        raise UpdateError(f"{NAME} is no text in UTF-8: save it as plain UTF-8")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UpdateError(f"{NAME}, line {line}: no text in UTF-8; save it as UTF-8") from error


def _components(text: str) -> Iterator[Component]:
    heading = None
    for number, line in enumerate(text.split("\n"), 1):
        said = line.strip()
        if found := HEADING.fullmatch(said):
            heading = found[1] or found[2]
            if heading not in EXTENSIONS:
                raise _wrong(number, f"[{heading}] is neither [{LIGHT}] nor [{HEAVY}]")
        elif said and said[0] not in "#;":
            yield _component(number, said, heading)


def _component(number: int, said: str, heading: str | None) -> Component:
    source, equals, address = (part.strip() for part in said.partition("="))
    if not equals or not source or not address:
        raise _wrong(number, "expected « file = OC_PIZZA.restaurant.folder.type »")
    if heading is None:
        raise _wrong(number, f"{source} stands before « # {LIGHT} » and « # {HEAVY} »")
    if not SOURCE.fullmatch(source) or source in (".", "..", NAME):
        raise _wrong(number, f"{source!r} is not the name of a file beside {NAME}")
    root, *words = address.split(".")
    if root != "OC_PIZZA" or len(words) < 2:
        raise _wrong(number, f"{address} does not begin with OC_PIZZA.restaurant.")
    if strange := [word for word in words if not WORD.fullmatch(word)]:
        raise _wrong(number, f"{address} has {strange[0]!r}: letters, digits, _ and - only")
    if len(words) > DEEPEST or len(address) > LONGEST_ADDRESS:
        raise _wrong(number, f"{address[:40]}… is too long")
    *folders, extension = words
    if extension not in EXTENSIONS[heading]:
        allowed = " ".join(f".{each}" for each in EXTENSIONS[heading])
        raise _wrong(number, f"{address} ends in .{extension}; {heading} are {allowed}")
    name = _kept_name(number, source) if heading == LIGHT else folders.pop()
    target = PurePosixPath(*folders, f"{name}.{extension}")
    _refuse_misplaced(number, address, target)
    return Component(number, source, target)


def _kept_name(number: int, source: str) -> str:
    stem = PurePosixPath(source).stem
    if not KEPT_NAME.fullmatch(stem):
        raise _wrong(number, f"{source!r} keeps its name: letters, digits, _ . and - only")
    return stem


def _refuse_misplaced(number: int, address: str, target: PurePosixPath) -> None:
    place, *inside = target.parts
    extension = target.suffix[1:]
    if not inside:
        raise _wrong(number, f"{address} names no restaurant, or no file")
    if not PLACE.fullmatch(place):
        raise _wrong(number, f"{address}: {place} is no code as city_001 is, nor {COMMON}")
    folder = inside[0] if len(inside) > 1 else None
    kept = folder if folder in (STATIC, TEMPLATES) else None
    allowed = FOLDERS.get(extension, (None,))
    if kept not in allowed:
        where = " or ".join(f"{place}.{each}" if each else place for each in allowed)
        raise _wrong(number, f"{address}: .{extension} belongs in OC_PIZZA.{where}")
    if extension == "py":
        _refuse_no_module(number, address, inside)


def _refuse_no_module(number: int, address: str, inside: list[str]) -> None:
    for word in (*inside[:-1], inside[-1].removesuffix(".py")):
        if not word.isidentifier() or keyword.iskeyword(word) or word.startswith("__"):
            raise _wrong(number, f"{address}: {word!r} cannot be the name of a Python module")


def _wrong(number: int, what: str) -> UpdateError:
    return UpdateError(f"{NAME}, line {number}: {what}")
