"""What a program says of itself: the one kind of text that leaves it.

A text that stands in the code as it is was there before anybody's data was. Whatever was put
together at run time may have data in it, and so may what a library says: of these, facts remain
that are made of names in the program, in the schema or in the operating system.
"""

import errno
import re
from collections.abc import Iterable, Iterator
from types import CodeType
from typing import Any

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
SQLSTATE = re.compile(r"[0-9A-Z]{5}")


def is_written_in(text: object, codes: Iterable[CodeType]) -> bool:
    """Return whether a text is a constant, or a name, of some of this code."""
    return isinstance(text, str) and any(
        text in code.co_names or any(text == each for each in code.co_consts) for code in codes
    )


def what_it_says(error: BaseException, codes: list[CodeType]) -> str:
    """Return what may be told of an error's message, for an error that passed through `codes`."""
    (text,) = error.args if len(error.args) == 1 else (None,)
    if is_written_in(text, codes):
        return str(text)
    return ", ".join(_facts(error, codes))


def _facts(error: BaseException, codes: list[CodeType]) -> Iterator[str]:
    name = getattr(error, "name", None)
    if isinstance(error, AttributeError | NameError | ImportError) and is_written_in(name, codes):
        of = f" of {type(error.obj).__qualname__}" if isinstance(error, AttributeError) else ""
        yield f"no {name}{of}"
    if isinstance(error, OSError) and error.errno:
        yield errno.errorcode.get(error.errno, "")
    yield from _facts_of_database(getattr(error, "orig", None) or error)


def _facts_of_database(error: Any) -> Iterator[str]:
    """What PostgreSQL and SQLite say apart from their message, which quotes rows."""
    if SQLSTATE.fullmatch(str(getattr(error, "sqlstate", ""))):
        yield f"SQLSTATE {error.sqlstate}"
    if NAME.fullmatch(str(getattr(error, "sqlite_errorname", ""))):
        yield error.sqlite_errorname
    diagnostics = getattr(error, "diag", None)
    for kind in ("table_name", "column_name", "constraint_name"):
        if NAME.fullmatch(str(getattr(diagnostics, kind, None) or "")):
            yield f"{kind.removesuffix('_name')} {getattr(diagnostics, kind)}"
