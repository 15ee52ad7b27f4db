"""Other people's servers, on the droplet's loopback: the mail server, and Sentry."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from droplets import Droplet
from handbook.visitors import CERTIFICATE, KEY

POST_OFFICE = Path(__file__).with_name("post_office.py")
SENTRY = 9000
SENTRY_CALLS = f"from kent.app import create_app; create_app().run('127.0.0.1', {SENTRY})"


@contextmanager
def post_office(droplet: Droplet, folder: Path) -> Iterator[Path]:
    """What it is sent is in the file."""
    for name, path in (("certificate", CERTIFICATE), ("key", KEY)):
        (folder / name).write_text(droplet.read(path))
    serve = (
        sys.executable,
        "-u",
        str(POST_OFFICE),
        str(folder / "certificate"),
        str(folder / "key"),
    )
    with _served(droplet, serve, 587, folder / "letters") as letters:
        yield letters


@contextmanager
def sentry(droplet: Droplet, folder: Path) -> Iterator[str]:
    """A DSN of it."""
    with _served(droplet, (sys.executable, "-c", SENTRY_CALLS), SENTRY, folder / "kent"):
        yield f"http://0123456789abcdef@127.0.0.1:{SENTRY}/123"


@contextmanager
def _served(droplet: Droplet, command: tuple[str, ...], port: int, output: Path) -> Iterator[Path]:
    inside = droplet.network.command(*command)
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with output.open("w") as file, subprocess.Popen(inside, stdout=file, **pipes) as server:
        try:
            droplet.wait_for_port(port)
            yield output
        finally:
            server.terminate()
