"""Whether a component is what its extension says."""

import ast
import configparser
import json
import warnings
from collections.abc import Callable

from ocpizza.operations.update.controller import Component
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.pictures import NotAPicture, check_picture

# Python's compiler gives up on what is nested too deeply by the last two.
WRONG = (NotAPicture, ValueError, SyntaxError, configparser.Error, RecursionError, MemoryError)


def check_content(component: Component, content: bytes) -> None:
    """Raises UpdateError for a component that would do harm or nothing."""
    try:
        CHECKS[component.extension](content)
    except (
        NotAPicture,
        ValueError,
        SyntaxError,
        RecursionError,
        MemoryError,
        configparser.Error,
    ) as error:
        said = " ".join(_reason(error).split())
        raise UpdateError(f"{component.source} (.{component.extension}): {said}") from error


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is no text in UTF-8"
    if isinstance(error, SyntaxError) and error.lineno:
        return f"line {error.lineno}: {error.msg}"
    if isinstance(error, configparser.MissingSectionHeaderError):
        return f"line {error.lineno}: it stands before any [section]"
    if isinstance(error, (configparser.DuplicateSectionError, configparser.DuplicateOptionError)):
        return f"line {error.lineno}: {error.message.partition(']: ')[2]}"
    if isinstance(error, configparser.ParsingError):
        return f"line {error.errors[0][0]}: it is neither [section] nor key = value"
    return str(error) or "it cannot be read"


def _text(content: bytes) -> str:
    text = content.decode()
    if "\0" in text:
        raise ValueError("it is no text")
    if text.startswith("\ufeff"):
        raise ValueError("it begins with a byte order mark: save it as plain UTF-8")
    return text


def _something(content: bytes) -> str:
    text = _text(content)
    if not text.strip():
        raise ValueError("it is empty")
    return text


def _python(content: bytes) -> None:
    with warnings.catch_warnings():
        # They are for whoever writes it, and would be lines about nothing here.
        warnings.simplefilter("ignore")
        _text(content)
        # The bytes, as whoever imports it reads them: they may say that they are otherwise coded.
        compile(ast.parse(content), "component", "exec", dont_inherit=True)


def _pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        raise ValueError("it is no PDF")
    if b"%%EOF" not in content[-1024:]:
        raise ValueError("it is cut short")


def _ini(content: bytes) -> None:
    configparser.ConfigParser().read_string(_text(content))


def _picture(extension: str) -> Callable[[bytes], object]:
    return lambda content: check_picture(extension, content)


CHECKS: dict[str, Callable[[bytes], object]] = {
    **{extension: _picture(extension) for extension in ("ico", "jpg", "png", "gif")},
    "pdf": _pdf,
    "py": _python,
    # Parsed with the rest of the templates, by the trial.
    "html": _something,
    "css": _something,
    "js": _something,
    "json": lambda content: json.loads(_text(content)),
    "ini": _ini,
    "psql": _something,
}
