"""A terminal inside a droplet, with somebody at it who is no root."""

import fcntl
import os
import pty
import re
import select
import struct
import termios
import time
from typing import NamedTuple

from droplets import Droplet
from handbook.host import COLLEAGUE

ROWS, COLUMNS = 60, 400  # no line is cut
PLAIN = {"TERM": "dumb", "HOME": f"/home/{COLLEAGUE}", "PAGER": "cat"}
PATIENCE_SECONDS = 300


class Said(NamedTuple):
    """How a command ended, and what the terminal showed."""

    status: int
    text: str


class Console:
    """Where commands are typed, one after the other."""

    def __init__(self, droplet: Droplet) -> None:
        self.droplet = droplet

    def type(self, command: str, *answers: tuple[str, str]) -> Said:
        """Run a command to its end; each answer is typed when its question is there."""
        shell = f"cd; exec 2>&1; {command}"
        as_user = ("runuser", "-u", COLLEAGUE, "--", "sh", "-c", shell)
        return talk(self.droplet.machine.command(as_user, PLAIN), list(answers))


def talk(command: list[str], answers: list[tuple[str, str]]) -> Said:
    """What a program on a terminal of its own shows, and how it ends."""
    process, terminal = pty.fork()
    if not process:
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    shown, since = "", 0
    ends = time.monotonic() + PATIENCE_SECONDS
    while part := _read(terminal, ends):
        shown += part
        assert time.monotonic() < ends, f"it does not end:\n{shown}"
        if answers and re.search(answers[0][0], shown[since:]):
            since = len(shown)
            os.write(terminal, f"{answers.pop(0)[1]}\n".encode())
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert answers == [], f"nobody asked {answers[0][0]}:\n{shown}"
    # As the eye sees it: a line is what was written over it last, man strikes its headings twice.
    text = re.sub("[^\n]*\r", "", shown.replace("\r\n", "\n"))
    text = re.sub(".\b", "", text)
    return Said(os.waitstatus_to_exitcode(status), text)


def _read(terminal: int, ends: float) -> str:
    """What is there next; nothing once the program has ended, or for too long."""
    ready, _, _ = select.select([terminal], [], [], max(ends - time.monotonic(), 0))
    if not ready:
        return "(and no more)"
    try:
        return os.read(terminal, 1 << 16).decode(errors="replace")
    except OSError:  # Linux says so when nobody holds the other end any more
        return ""
