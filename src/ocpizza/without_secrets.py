"""Texts as logs may have them: without what opens something or names somebody."""

import re
import sys
import traceback
from collections.abc import Iterator
from typing import Any

HIDDEN = "(hidden)"
MAX_MESSAGE_LENGTH = 1000
# What a visitor sent that is shorter stands in too many other words.
MIN_VALUE_LENGTH = 4
PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # A token: as long, and no name of ours has capitals.
        r"(?<![\w-])(?=[\w-]*[A-Z])[\w-]{43,}",
        # E-mail addresses, also written for a URL.
        r"[^\s\"'<>()\[\]{},;:=/]+(?:@|%40)[^\s\"'<>()\[\]{},;:=/]+",
        # Cards, and telephones.
        r"(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w.])",
        r"(?<![\w.])(?:\+\d{2}|0)(?:[ .-]?\d){9}(?![\w.])",
        # Keys of Stripe.
        r"\b(?:sk|rk|whsec|pi|seti)_\w{8,}",
    )
)
# No-break spaces are ours; other characters that do not show could deceive who reads the log.
_SHOWN = "\n\t\xa0\u202f"


def without_secrets(value: Any) -> Any:
    """Return the same, whatever it is, without secrets in its texts."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, bytes):
        return hide(value.decode(errors="replace"))
    if isinstance(value, dict):
        return {key: without_secrets(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [without_secrets(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else hide(str(value))


def hide(text: str) -> str:
    """Return a text without anything that looks like a secret."""
    for pattern in PATTERNS:
        text = pattern.sub(HIDDEN, text)
    return clean(text)


def clean(text: str) -> str:
    """Return a text whose every character shows, or is written as its code."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each in _SHOWN else f"\\x{ord(each):02x}" for each in text
    )


def describe_error(error: BaseException) -> str:
    """Return where an error comes from and what it says, with those that led to it."""
    parts = []
    for each in chain(error):
        where = "".join(traceback.format_tb(each.__traceback__))
        kind = f"{type(each).__module__}.{type(each).__qualname__}"
        parts.append(f"Traceback (most recent call last):\n{where}{kind}: {_message(each)}")
    return "\n\n".join(reversed(parts))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _message(error: BaseException) -> str:
    """Return what it says, without what was sent to us, and without rows of the database."""
    origin = getattr(error, "orig", None)
    if isinstance(origin, BaseException):
        # A statement has no values in it, only their places.
        return f"{_message(origin)} [SQL: {' '.join(str(getattr(error, 'statement', '')).split())}]"
    text = str(error)
    if state := getattr(error, "sqlstate", None):
        # The lines after the first quote rows; so does the first, of values that are no good.
        text = text.splitlines()[0] if text else ""
        text = re.sub('".*"', HIDDEN, text) if state.startswith("22") else text
    for value in _sent():
        text = text.replace(value, HIDDEN)
    return hide(text[:MAX_MESSAGE_LENGTH])


def _sent() -> list[str]:
    """Return what the request that is being answered brought along, the longest first."""
    # Commands have no request, and need not load Pyramid to know it.
    threads = sys.modules.get("pyramid.threadlocal")
    request = threads.get_current_request() if threads else None
    if request is None:
        return []
    values: set[str] = set()
    for read in ("POST", "GET", "cookies", "matchdict", "session"):
        try:
            found = getattr(request, read) or {}
            values.update(str(value) for value in dict.values(dict(found)))
        except Exception:  # noqa: S112  (it may be what failed)
            continue
    spread = {part for value in values for part in (value, *value.split())}
    return sorted((each for each in spread if len(each) >= MIN_VALUE_LENGTH), key=len, reverse=True)
