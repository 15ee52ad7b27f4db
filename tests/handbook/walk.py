"""Going through the manual: each command typed, each block written where it belongs."""

import configparser
import io
import re
import shlex
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from distribution.build import Packages
from distribution.install import INI
from droplets import Droplet
from handbook.console import Console, Said
from handbook.reading import INLINE, Piece, commands, is_mention, pieces, typed
from handbook.shapes import missing
from handbook.steps import Steps
from ocpizza.settings import SETTINGS

EDIT = re.compile(r"sudo systemctl edit \S+")
READ = {setting.name: setting.read for setting in SETTINGS}


@dataclass
class Here:
    """Where the walk is: a command or a block, with its blanks filled in."""

    walk: "Walk"
    piece: Piece
    text: str

    def go(self, *answers: tuple[str, str]) -> Said | None:
        """Do what the manual says, no more."""
        if self.piece.kind in ("sh", INLINE):
            return self.walk.type(self.text, *answers, status=self.status)
        self.walk.write_down(self.piece.kind, self.text)
        return None

    @property
    def status(self) -> int:
        return self.walk.steps.statuses.get(self.text, 0)


class Walk:
    """One reader, with the whole manual, at one droplet."""

    def __init__(
        self, manual: str, packages: Packages, droplet: Droplet, other: Droplet, steps: Steps
    ) -> None:
        self.pieces, self.typed, self.packages = pieces(manual), typed(manual), packages
        self.droplet, self.other, self.steps = droplet, other, steps
        self.console = Console(droplet)
        self.blanks = dict(steps.blanks)
        self.said = Said(0, "")
        self.taken: set[Piece] = set()
        self._done: set[str] = set()
        self._met: set[object] = set()
        self._filled: set[str] = set()
        self._unit = ""
        # What goes on until the walk ends, and where it writes.
        self.meanwhile = ExitStack()
        self.folder = Path(self.meanwhile.enter_context(TemporaryDirectory()))

    def go(self) -> None:
        """From the first page to the last."""
        with self.meanwhile:
            for piece in self.pieces:
                with _named(piece):
                    self._meet(piece)
        assert self._unmet() == []

    def type(self, command: str, *answers: tuple[str, str], status: int = 0) -> Said:
        """At the console; it must end as it should."""
        said = self.console.type(command, *answers)
        assert said.status == status, f"$ {command}\n{said.text}\nstatus {said.status}"
        self.said = said
        return said

    def take(self, kind: str, containing: str = "") -> str:
        """The text of a block which belongs to what is done now, wherever the manual shows it."""
        (found,) = [
            piece for piece in self.pieces if piece.kind == kind and containing in piece.text
        ]
        self.taken.add(found)
        return self.fill(found.text)

    def fill(self, text: str) -> str:
        """With what stands in for blanks and for other people's machines."""
        for blank, value in self.blanks.items():
            if blank in text:
                self._filled.add(blank)
                text = text.replace(blank, value)
        return text

    def write_down(self, kind: str, text: str) -> None:
        """Put a block of settings where it belongs; compare an answer with the last one seen."""
        if kind == "ini":
            self.set(text)
        else:
            assert kind == "", "nothing says where this block belongs"
            assert missing(text, self.said.text) == "", self.said.text

    def set(self, block: str) -> None:
        """Write settings as an administrator does, over those that are there."""
        settings = configparser.RawConfigParser()
        settings.read_string(self.droplet.read(INI))
        added = configparser.RawConfigParser()
        added.read_string(block)
        for section in added.sections():
            for key, value in added.items(section):
                READ[f"{section}.{key}"](value)
        settings.read_string(block)
        text = io.StringIO()
        settings.write(text)
        self.droplet.run("tee", INI, input=text.getvalue())

    def _meet(self, piece: Piece) -> None:
        if piece in self.taken:
            return
        if piece.kind not in ("sh", INLINE) or piece.text.startswith("#!"):
            self._do(piece, piece.text, piece.first_line)
        for command in commands(piece):
            again = command in self._done or is_mention(command, self.typed)
            if piece.kind == INLINE and again:
                continue
            self._done.add(command)
            self._do(piece, command, command)

    def _do(self, piece: Piece, text: str, key: str) -> None:
        if key in self.steps.exceptions:
            self._met.add(key)
            return
        here = Here(self, piece, self.fill(text))
        if EDIT.fullmatch(text):
            self._leave_for_editor(piece)
        for at in ((piece.section, key), ("", key)):
            if at in self.steps.at:
                self._met.add(at)
                self.steps.at[at](self, here)
                return
        here.go()

    def _leave_for_editor(self, piece: Piece) -> None:
        """Have the editor write the unit's block that comes next, or else the last one."""
        rest = self.pieces[self.pieces.index(piece) :]
        block = next((p for p in rest if p.kind == "ini" and p.section == piece.section), None)
        if block and re.match(r"\[[A-Z]", block.text):
            self.taken.add(block)
            self._unit = block.text
        self.droplet.write("/srv/typed", self._unit)

    def _unmet(self) -> list[str]:
        """Steps, exceptions and blanks that the manual has no more; programs taken for words."""
        known = [*self.steps.at, *self.steps.exceptions]
        stale = [str(key) for key in known if key not in self._met]
        stale += [blank for blank in self.blanks if blank not in self._filled]
        return stale + self._overlooked()

    def _overlooked(self) -> list[str]:
        """Words of running text that begin with a program of the droplet."""
        words = [p.text for p in self.pieces if p.kind == INLINE and " " in p.text]
        suspects = sorted({w.split()[0] for w in words if re.match(r"[\w./-]+ ", w)})
        look = "; ".join(f"type -P {shlex.quote(s)} >/dev/null && echo {s}" for s in suspects)
        programs = set(self.droplet.run("bash", "-c", look, check=False).stdout.split())
        commanded = {c for p in self.pieces for c in commands(p)}
        return [w for w in words if w.split()[0] in programs and w not in commanded]


@contextmanager
def _named(piece: Piece):
    """An error tells where in the manual it is."""
    try:
        yield
    except BaseException as error:
        error.add_note(f"docs/exploitation.md:{piece.line}: {piece.first_line}")
        raise
