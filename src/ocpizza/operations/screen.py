"""What is said to whoever looks on: nothing stops because they have gone."""

import os
import sys
import unicodedata
from collections.abc import Callable


class Screen:
    """Says lines for as long as somebody is there: a pipe or a session may end before us."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say, self.is_gone = say, False

    def __call__(self, line: str) -> None:
        if self.is_gone:
            return
        try:
            self._say(line)
        except OSError:
            self.is_gone = True
            _let_go()

    def begin(self, line: str) -> None:
        """Say what is under way, to a terminal alone: what is said next is written over it."""
        if self.is_gone or not sys.stdout.isatty():
            return
        try:
            sys.stdout.write(_written(line, sys.stdout.encoding) + "\r")
            sys.stdout.flush()
        except OSError:
            self.is_gone = True
            _let_go()

    def _say(self, line: str) -> None:
        try:
            self.say(line)
        except UnicodeEncodeError as error:
            self.say(_written(line, error.encoding))


def _written(line: str, encoding: str) -> str:
    """Return a line as far as an encoding knows it."""
    return line.encode(encoding, "backslashreplace").decode(encoding)


def escaped(text: str) -> str:
    """Return a line that is one: a name of somebody's may hold line ends, or move the cursor."""
    return "".join(_shown(one) for one in text)


def _shown(character: str) -> str:
    # Control, format, surrogate and so on; separators of lines and of paragraphs.
    hidden = unicodedata.category(character)[0] == "C" or character in "\u2028\u2029"
    return character.encode("unicode_escape").decode() if hidden else character


def _let_go() -> None:
    """What is still kept for the screen would fail again when we end, and be our status."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
