"""What the operations manual has its reader type and write, in its order."""

import re
from dataclasses import dataclass
from pathlib import Path

MANUAL = Path(__file__).parents[2] / "docs" / "exploitation.md"
# What in running text is a command begins with one of these; a walk looks for others.
PROGRAMS = (
    *("sudo", "age", "age-keygen", "apt", "chmod", "chown", "cp", "curl", "df", "install", "man"),
    *("journalctl", "make", "nginx", "ocpizza", "rclone", "rsync", "ssh", "ssh-keygen"),
    *("ssh-keyscan", "systemctl", "tar", "watchdog.sh"),
)
PIECE = re.compile(
    r"^```(?P<language>\w*)\n(?P<block>.*?)^```$|^(?P<level>#+) (?P<title>[^\n]*)$"
    r"|`(?P<code>(?:[^`\n]|\n(?!\n))+)`",
    re.M | re.S,
)
INLINE = "inline"


@dataclass(frozen=True)
class Piece:
    """A block with its language (none: what is answered), or a few words of running text."""

    kind: str
    text: str
    section: str
    line: int

    @property
    def first_line(self) -> str:
        return self.text.partition("\n")[0]


def pieces(manual: str) -> list[Piece]:
    """All code of the manual, in its order."""
    found, section = [], ""
    for match in PIECE.finditer(manual):
        line = manual.count("\n", 0, match.start()) + 1
        if match["title"]:
            section = match["title"]
        elif match["code"]:
            found.append(Piece(INLINE, " ".join(match["code"].split()), section, line))
        else:
            found.append(Piece(match["language"], match["block"], section, line))
    return found


def commands(piece: Piece) -> list[str]:
    """What a piece has one type: the lines of a block of commands, or words that are a command."""
    if piece.kind == "sh" and not piece.text.startswith("#!"):
        joined = piece.text.replace("\\\n", " ")
        return [" ".join(line.split()) for line in joined.splitlines() if line.strip("# ")]
    return [piece.text] if piece.kind == INLINE and is_command(piece.text) else []


def is_command(code: str) -> bool:
    program, *words = code.split()
    return program.rpartition("/")[2] in PROGRAMS and bool(words)


def bare(command: str) -> str:
    """A command without who runs it and where the program is."""
    program, _, rest = command.removeprefix("sudo ").partition(" ")
    return f"{program.rpartition('/')[2]} {rest}".rstrip()


def is_mention(code: str, typed: set[str]) -> bool:
    """Whether words of running text name a command which the manual has one type elsewhere."""
    if code in typed or code.startswith("sudo "):
        return False
    names = {bare(command) for command in typed}
    ours = code.startswith("ocpizza ") and any(name.startswith(f"{code} ") for name in names)
    return ours or bare(code) in names


def typed(manual: str) -> set[str]:
    """Every command of blocks, and what begins with sudo in running text."""
    found = [(piece, command) for piece in pieces(manual) for command in commands(piece)]
    return {
        command for piece, command in found if piece.kind == "sh" or command.startswith("sudo ")
    }
