"""What `stubs/` says of libraries without types is true of them: a name or parameter is there."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pyramid_jinja2
import pytest
from pyramid.config import Configurator

STUBS = Path(__file__).parent.parent / "stubs"
FILES = sorted(path.relative_to(STUBS).as_posix() for path in STUBS.rglob("*.pyi"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


def only_typed(node: ast.ClassDef) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == "type_check_only" for each in node.decorator_list
    )


def wrong_parameters(where: str, node: Function, found: object) -> Iterator[str]:
    try:
        there = inspect.signature(found).parameters  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return
    if any(each.kind is each.VAR_KEYWORD for each in there.values()):
        return
    for each in node.args.args + node.args.kwonlyargs:
        if each.arg not in there and each.arg not in ("self", "cls"):
            yield f"{where} takes no {each.arg}"


def wrong_in_class(module: str, node: ast.ClassDef, found: type) -> Iterator[str]:
    for each in node.body:
        if not isinstance(each, Function):
            continue
        where = f"{module}.{node.name}.{each.name}"
        if hasattr(found, each.name):
            yield from wrong_parameters(where, each, inspect.getattr_static(found, each.name))
        # pyramid_jinja2's directives are functions of the same names.
        elif found is not Configurator or not hasattr(pyramid_jinja2, each.name):
            yield f"{where} is not there"


def wrong(path: str) -> Iterator[str]:
    name = path.removesuffix(".pyi").removesuffix("/__init__").replace("/", ".")
    module = importlib.import_module(name)
    for node in ast.parse((STUBS / path).read_text()).body:
        if isinstance(node, ast.ClassDef) and only_typed(node):
            continue
        if isinstance(node, ast.ClassDef | Function):
            found = getattr(module, node.name, None)
            if found is None:
                yield f"{name}.{node.name} is not there"
            elif isinstance(node, ast.ClassDef):
                yield from wrong_in_class(name, node, found)
            else:
                yield from wrong_parameters(f"{name}.{node.name}", node, found)


@pytest.mark.parametrize("path", FILES)
def test_stubs_say_what_libraries_have(path: str):
    assert list(wrong(path)) == []


def test_there_are_stubs():
    assert "pyramid/request.pyi" in FILES
