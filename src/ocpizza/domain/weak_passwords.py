"""Passwords that are long enough and still guessed first: common, in a row, of one's own name."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("common_passwords.txt")
SITE = "OC Pizza"
# What is left of a password without the names in it; fewer characters are guessed with them.
MIN_BESIDE_NAMES = 8
MIN_NAME_LENGTH = 3
MIN_RUN_LENGTH = 3
ROWS = (
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
)
_AS_LETTERS = str.maketrans("01345789@$", "oieastbgas")


def is_common(password: str) -> bool:
    """Whether it is one of the 10,000 commonest, however it is written, or only runs of keys."""
    return guessed_as(password) in common_passwords() or _is_runs(_plain(password))


def is_personal(password: str, names: Iterable[str]) -> bool:
    """Return whether little is left of it without the site's name and these (names, addresses)."""
    rest = _plain(password)
    for name in sorted(_parts(names), key=len, reverse=True):
        rest = rest.replace(name, "")
    return rest != _plain(password) and len(rest) < MIN_BESIDE_NAMES


def guessed_as(password: str) -> str:
    """Return one text for all that differ in capitals, accents, marks or digits for letters."""
    return _plain(password).translate(_AS_LETTERS)


@cache
def common_passwords() -> frozenset[str]:
    """Return the list as `guessed_as`, kept in memory."""
    return frozenset(guessed_as(line) for line in LIST.read_text(encoding="utf-8").splitlines())


def _plain(text: str) -> str:
    """Return the letters and digits in small, and the marks that stand for letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^\w@$]|_", "", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _parts(names: Iterable[str]) -> set[str]:
    words = [word for name in (SITE, *names) for word in (name, *re.split(r"[\W_]+", name or ""))]
    return {plain for word in words if len(plain := _plain(word or "")) >= MIN_NAME_LENGTH}


def _is_runs(text: str) -> bool:
    """Whether it is made of runs only: neighbours on a row, either way, one sign, or one group."""
    if any(
        len(text) % size == 0 and text == text[:size] * (len(text) // size) for size in (1, 2, 3)
    ):
        return True
    left = text
    while left:
        run = _run(left)
        if run < MIN_RUN_LENGTH:
            return False
        left = left[run:]
    return True


def _run(text: str) -> int:
    """Return how many signs at the beginning are neighbours on a row, or the same."""
    longest = len(text) - len(text.lstrip(text[0]))
    for row in (each[::step] for each in ROWS for step in (1, -1)):
        length = longest + 1
        while length <= len(text) and text[:length] in row:
            longest = length
            length += 1
    return longest
