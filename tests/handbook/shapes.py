"""Whether an answer looks as the manual shows it, whatever its numbers, dates and names."""

import re

DIGITS = re.compile(r"\d+")


def shape(line: str) -> str:
    """The pattern of a line: numbers are any numbers, `…` is anything, blanks are any blanks."""
    parts = [
        "".join(r"\d+" if DIGITS.fullmatch(word) else re.escape(word) for word in words)
        for words in (re.split(r"(\d+)", part) for part in " ".join(line.split()).split("…"))
    ]
    return ".*".join(parts)


def missing(shown: str, said: str) -> str:
    """The first line that is shown and was not said, in that order; nothing where all were."""
    lines = iter([" ".join(line.split()) for line in said.splitlines()])
    for line in filter(str.strip, shown.splitlines()):
        if not any(re.fullmatch(shape(line), one) for one in lines):
            return line
    return ""
