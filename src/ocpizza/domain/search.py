"""Words typed to find something: accents, capitals, plurals and slips of the finger forgiven.

`static/menu.js` does the same while one types.
"""

import re
from collections.abc import Collection, Sequence

from ocpizza.domain.sorting import reading_order

WORD = re.compile(r"[a-z0-9]+")
# Of no help to find anything.
EMPTY = frozenset(
    WORD.findall("a au aux avec c d de des du en et l la le les of s the un une with and")
)
MAX_WORDS, MAX_LETTERS = 6, 24
# From so many letters on, so many slips are forgiven.
SLIPS = ((8, 2), (4, 1), (0, 0))


def words_of(text: str) -> list[str]:
    """Return the words of a text in plain letters, singular: « Œufs frais » → oeuf, frai."""
    found = WORD.findall(reading_order(text)[0])
    return [_singular(word) for word in found if word not in EMPTY]


def found_by(typed: str, texts: Sequence[Collection[str]]) -> list[bool]:
    """Return of each text, given by its words, whether all that was typed is in it.

    What is typed may be the beginning of a word. Slips are forgiven where no text spells it so.
    """
    known = {word for text in texts for word in text}
    meant = [_meant(word[:MAX_LETTERS], known) for word in words_of(typed)[:MAX_WORDS]]
    return [all(not each.isdisjoint(text) for each in meant) for text in texts]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _meant(typed: str, known: Collection[str]) -> set[str]:
    """Return the words that may be meant."""
    spelt = {word for word in known if word.startswith(typed)}
    return spelt or {word for word in known if _nearly(typed, word)}


def _nearly(typed: str, word: str) -> bool:
    """Return whether a word begins with what was typed, but for slips."""
    slips = next(number for length, number in SLIPS if len(typed) >= length)
    if not slips or len(set(typed) - set(word)) > slips:
        return False
    return _slips(typed, word) <= slips


def _slips(typed: str, word: str) -> int:
    """Return how many letters are missing, too many, wrong or swapped in the beginning of `word`
    that is nearest to `typed`.
    """
    earlier: list[int] = []
    before = list(range(len(word) + 1))
    for row, letter in enumerate(typed, 1):
        now = [row]
        for place, other in enumerate(word, 1):
            steps = min(before[place] + 1, now[-1] + 1, before[place - 1] + (letter != other))
            swapped = row > 1 < place and letter == word[place - 2] and typed[row - 2] == other
            now.append(min(steps, earlier[place - 2] + 1) if swapped else steps)
        earlier, before = before, now
    return min(before)
