"""Who may import whom: the table of docs/architecture.md holds, all of it and nothing beside it."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import ocpizza

SOURCE = Path(ocpizza.__file__).parent
ARCHITECTURE = Path(__file__).parents[1] / "docs/architecture.md"
MODULES = {path.relative_to(SOURCE).as_posix(): path for path in SOURCE.rglob("*.py")}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table that begins with this heading."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    lines = text[text.index(f"| {heading} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(cell: str) -> list[str]:
    """What a cell names, as it is written between backticks."""
    return re.findall(r"`([^`]+)`", cell)


ROOMS = [(named(names), named(may)) for names, _, may in rows("room")]


def belongs(module: str, name: str) -> bool:
    """Whether a module is what a name stands for: a file, or a folder with all that is in it."""
    return module.startswith(name) if name.endswith("/") else module == name


def row_of(module: str) -> int:
    """The row that a module is in: the one that names it most closely."""
    fits = [
        (len(name), number)
        for number, (names, _) in enumerate(ROOMS)
        for name in names
        if belongs(module, name)
    ]
    return max(fits)[1] if fits else -1


def imported(module: str) -> Iterator[str]:
    """The modules of ours that a module imports, wherever in it it does so."""
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.partition(".")[0] == "ocpizza":
                yield as_file(name)


def as_file(name: str) -> str:
    """The file that a dotted name is, or is found in."""
    parts = name.split(".")[1:]
    while True:
        path = "/".join(parts)
        for file in (f"{path}.py", f"{path}/__init__.py".lstrip("/")):
            if file in MODULES:
                return file
        parts.pop()


@cache
def imports() -> dict[str, set[str]]:
    return {module: set(imported(module)) for module in MODULES}


def test_every_module_is_in_a_room():
    assert [module for module in MODULES if row_of(module) < 0] == []


def test_every_room_has_a_module():
    names = [name for row, _ in ROOMS for name in row]
    assert len(names) == len(set(names))
    assert [n for n in names if not any(belongs(module, n) for module in MODULES)] == []


def test_nobody_imports_from_a_room_that_is_not_in_their_row():
    wrong = [
        f"{module} imports {other}"
        for module, others in imports().items()
        for other in others
        if row_of(module) != row_of(other)
        and not any(belongs(other, name) for name in ROOMS[row_of(module)][1])
    ]
    assert sorted(wrong) == []


def test_no_row_allows_what_nobody_needs():
    used = defaultdict(set)
    for module, others in imports().items():
        used[row_of(module)] |= others
    idle = [
        f"{row[0]}: {name}"
        for number, (row, may) in enumerate(ROOMS)
        for name in may
        if not any(belongs(other, name) for other in used[number])
    ]
    assert idle == []


def room_of(module: str) -> str:
    return "/".join(module.split("/")[:2])


def test_the_rooms_of_services_and_of_views_are_in_no_circle():
    for layer in ("services/", "views/"):
        inside = [module for module in MODULES if module.startswith(layer)]
        needs = {room_of(module): set() for module in inside}
        for module in inside:
            needs[room_of(module)] |= {room_of(n) for n in imports()[module] if n.startswith(layer)}
        left = {room: others - {room} for room, others in needs.items()}
        while free := [room for room, others in left.items() if not others & left.keys()]:
            for room in free:
                del left[room]
        assert left == {}


def test_a_library_is_known_in_its_rooms_only():
    wrong = []
    for library, where in ((named(lib)[0], named(rooms)) for lib, rooms in rows("library")):
        for module, path in MODULES.items():
            names = {
                name
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                for name in (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
            }
            known = any(f"{name}.".startswith(f"{library}.") for name in names)
            if known and not any(belongs(module, name) for name in where):
                wrong.append(f"{module} imports {library}")
    assert wrong == []
