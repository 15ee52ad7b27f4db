"""The demo's stand-ins for the outside (Google, Facebook …): programs run beside `ocpizza serve`.

Each program of the folder `demo.peers` is started with OCPIZZA_CONFIG naming the settings, listens
on loopback where those say, and ends when its standard input does: with the shop, however it ends.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def peers(folder: str, config: Path) -> Iterator[None]:
    """Run every program in `folder` (none where it is empty) as long as the block runs."""
    programs = sorted(Path(folder).glob("[!_]*.py")) if folder else []
    children = [_start(program, config) for program in programs]
    try:
        yield
    finally:
        for child in children:
            if child.stdin:
                child.stdin.close()
        for child in children:
            child.wait(10)


def end_with_the_shop() -> None:
    """For the programs: end this process once the shop that started it is gone.

    Blocks: give it a thread of its own.
    """
    sys.stdin.buffer.read()
    os._exit(0)


def _start(program: Path, config: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  (programs of the demo)
        [sys.executable, program],
        env=os.environ | {"OCPIZZA_CONFIG": str(config.resolve())},
        stdin=subprocess.PIPE,
    )
