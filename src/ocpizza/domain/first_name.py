"""How to greet somebody who gave a whole name in one field."""

import re

TITLES = frozenset({"m", "mr", "mrs", "ms", "mme", "mlle", "dr", "me", "monsieur", "madame"})
# Letters, as in « Jean-Pierre » or « O’Neil »; so nothing that could be a link or an address.
LETTERS, JOINTS = r"[^\W\d_]+", r"[-\u2019']"
NAME = re.compile(f"{LETTERS}(?:{JOINTS}{LETTERS})*")
MAX_LENGTH = 30


def first_name(whole: str, known: str = "") -> str:
    """Return the first name in « Camille Martin »: its first word, or `known` if it begins with
    that.

    « MARTIN Camille » is Camille, « Mme Martin » stays « Mme Martin »; empty where no name can be
    told from what was typed.
    """
    words = whole.split()
    if known and words[: len(known.split())] == known.split():
        return known if all(map(_is_name, known.split())) else ""
    if not words or not all(map(_is_name, (word.rstrip(".") for word in words[:2]))):
        return ""
    if words[0].rstrip(".").lower() in TITLES:
        return " ".join(words[:2])
    shouted = [word for word in words if word.isupper() and len(word) > 1]
    if len(shouted) < len(words):
        words = [word for word in words if word not in shouted]
    return words[0] if _is_name(words[0]) else ""


def _is_name(word: str) -> bool:
    return len(word) <= MAX_LENGTH and bool(NAME.fullmatch(word))
