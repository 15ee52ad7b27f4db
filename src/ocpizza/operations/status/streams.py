"""How many pages `ocpizza live` tells, as it says itself."""

import socket
from http.client import HTTPConnection, HTTPException
from pathlib import Path

ASKED, SECONDS = "/streams", 5.0


def streams(path: Path) -> tuple[int, int] | None:
    """Return how many pages listen and how many may, None where nobody may ask or answers."""
    connection = HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(SECONDS)
    try:
        connection.sock.connect(str(path))
        connection.request("GET", ASKED)
        open_ones, most = connection.getresponse().read().split()
        return int(open_ones), int(most)
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
