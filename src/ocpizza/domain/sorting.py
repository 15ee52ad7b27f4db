"""The order in which a reader looks for words: by letters; accents and capitals decide last."""

import unicodedata
from functools import lru_cache

# œ, æ and ’, which Unicode does not take apart.
APART = {0x153: "oe", 0xE6: "ae", 0x2019: "'"}


@lru_cache(maxsize=4096)
def reading_order(words: str) -> tuple[str, str]:
    """Return the sort key of words: « Éclair » comes after « crème », « Œuf » before « olive ».

    Databases sort by their own collation, SQLite by bytes: lists for people are sorted here.
    """
    apart = unicodedata.normalize("NFKD", words.casefold().translate(APART))
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(letters.split()), words
