"""`ocpizza serve`, as a developer starts it, on loopback."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from droplets.waiting import wait_until
from serving import PROGRAM

READY = "OC Pizza: http://"


@contextmanager
def served(ini: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of what is served with these settings; no traceback may be in its log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    own = {"OCPIZZA_SERVER_LISTEN": listen, "OCPIZZA_SITE_URL": f"http://{listen}"}
    log = ini.with_name("serve.log")
    with log.open("w") as output:
        server = subprocess.Popen(
            [*PROGRAM, "--config", ini, "serve"],
            env=os.environ | own | dict(environment or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: READY in log.read_text() or server.poll() is not None, 90, "the server")
        assert server.poll() is None, log.read_text()
        yield f"http://{listen}"
    finally:
        server.terminate()
        server.wait(60)
    assert "Traceback" not in log.read_text()
