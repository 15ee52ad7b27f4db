"""The site watched from outside: one that runs but answers nobody is started anew."""

import socket
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from ocpizza.operations import systemd

SERVICE, SOCKET, TIMER = "ocpizza.service", "ocpizza.socket", "ocpizza-watchdog.timer"
# Where the socket's unit has it, and nginx asks.
GUNICORN = Path("/run/ocpizza/gunicorn.sock")
PAUSE = 1.0
# What a site may take that has just come through a rush, in seconds.
LAST = 5.0
KNOWN_BY = ("ActiveState", "InvocationID")


class StartedAnew(Exception):
    """The site answered nobody and was started anew; the message says for how long."""


def watch(patience: float, gunicorn: Path = GUNICORN) -> None:
    """Start the service anew if it runs and `gunicorn`, its socket, answers nothing at all.

    What it answers is of no matter, only that it does, within `patience` seconds. One that was
    stopped, or started by somebody else meanwhile, is left alone.
    Raises StartedAnew when it did, UnitError when systemd would not, or is not there, and
    PermissionError for whoever may not ask the site: that it is silent is not known then.
    """
    if not systemd.is_running():
        raise systemd.UnitError("systemd is not running: whatever started the site must watch it")
    seen = systemd.show(SERVICE, *KNOWN_BY)
    if "ActiveState" not in seen:
        raise systemd.UnitError("systemd does not say whether the site runs")
    if seen["ActiveState"] != "active" or _answers(gunicorn, patience):
        return
    if systemd.show(SERVICE, *KNOWN_BY) == seen:
        # The socket outlives the service, for visitors to wait in it; one that is gone does not
        # come back with it.
        units = [SERVICE] if gunicorn.exists() else [SOCKET, SERVICE]
        # Not `restart`, which would take back a stop that was asked for meanwhile.
        systemd.tell("try-restart", *units)
        raise StartedAnew(f"the site answered nothing for {patience:.0f} s and was started anew")


def _answers(gunicorn: Path, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while (left := deadline - time.monotonic()) > 0:
        # To ask again while one waits would mean to wait at the end of the queue.
        if _asked_once(gunicorn, left):
            return True
        time.sleep(min(PAUSE, max(0, deadline - time.monotonic())))
    return _asked_once(gunicorn, LAST)


def _asked_once(gunicorn: Path, timeout: float) -> bool:
    connection = HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(timeout)
    try:
        connection.sock.connect(str(gunicorn))
        connection.request("GET", "/health/live")
        return connection.getresponse().status > 0
    except PermissionError:
        raise
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
