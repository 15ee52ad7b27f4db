"""A droplet under load while something is done to it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from droplets import Droplet

LOAD = Path(__file__).with_name("load.py")
MIN_REQUESTS = 2000


@contextmanager
def visitors(droplet: Droplet, host: str, *paths: str, least: int = MIN_REQUESTS) -> Iterator[dict]:
    """Visitors ask for `paths` while the block runs.

    The result is filled in at its end: `requests`, `least` or more of them unless the site is
    very slow, and `failures`, a line for each that was not answered with 200.
    """
    result: dict = {}
    command = droplet.network.command(sys.executable, str(LOAD), host, str(least), *paths)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as load:
        try:
            if load.stdout.readline() != "started\n":
                raise RuntimeError("no visitor came")
            yield result
        finally:
            printed, _ = load.communicate(timeout=180)
    result.update(json.loads(printed))
