"""Texts that people typed, as a font can print them: what it lacks is replaced in plain sight."""

import unicodedata
from collections.abc import Collection

REPLACEMENT = "□"
# They join or dress the character before them (emoji, flags), or turn the reading direction.
SILENT = ("Cf", "Mn", "Me", "Sk", "Cn")


def printable(text: str, known: Collection[int]) -> str:
    """`text` on one line, made of `known` code points only, one □ for each sign that is not.

    Controls and line ends become spaces; marks that say how to read (direction, joiners) go.
    """
    signs: list[str] = []
    lost = joined = False
    for character in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(character)
        if character.isspace() or kind == "Cc":
            # No-break spaces stay as they are.
            signs.append(character if ord(character) in known and kind != "Cc" else " ")
            lost = joined = False
        elif kind == "Cf":
            joined = lost and character == "\u200d"
        elif ord(character) in known and not joined:
            signs.append(character)
            lost = False
        elif not (lost and (joined or kind in SILENT)):
            signs.append(REPLACEMENT)
            lost, joined = True, False
        else:
            joined = False
    return "".join(signs).strip()
