"""The site watched from outside: one that runs but answers nobody is started anew."""

import socket
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from ocpizza.operations import systemd

UNIT, TIMER = "ocpizza.service", "ocpizza-watchdog.timer"
PAUSE = 1.0
KNOWN_BY = ("ActiveState", "InvocationID")


class StartedAnew(Exception):
    """The site answered nobody and was started anew; the message says for how long."""


def watch(gunicorn: Path, host: str, patience: float) -> None:
    """Start the service anew if it runs and `gunicorn`, its socket, answers nothing at all.

    What it answers is of no matter, only that it does, within `patience` seconds. One that was
    stopped, or started by somebody else meanwhile, is left alone.
    Raises StartedAnew when it did, UnitError when systemd would not, or is not there, and
    PermissionError for whoever may not ask the site: that it is silent is not known then.
    """
    if not systemd.is_running():
        raise systemd.UnitError("systemd is not running: whatever started the site must watch it")
    seen = systemd.show(UNIT, *KNOWN_BY)
    if seen.get("ActiveState") != "active" or _answers(gunicorn, host, patience):
        return
    if systemd.show(UNIT, *KNOWN_BY) == seen:
        systemd.tell("restart", UNIT)
        raise StartedAnew(f"the site answered nothing for {patience:.0f} s and was started anew")


def _answers(gunicorn: Path, host: str, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while (left := deadline - time.monotonic()) > 0:
        # One that is asked but never answers may have lost this request alone.
        if _asked_once(gunicorn, host, min(left, patience / 2)):
            return True
        time.sleep(min(PAUSE, max(0, deadline - time.monotonic())))
    return False


def _asked_once(gunicorn: Path, host: str, timeout: float) -> bool:
    connection = HTTPConnection(host)
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
