"""What systemd hands to a service of ours, and what it is told."""

import os
import socket

FIRST = 3


def handed_over() -> socket.socket | None:
    """Return the listening socket that systemd hands over, None where it has none."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    return socket.socket(fileno=FIRST)


def tell_systemd(state: str) -> None:
    """Tell systemd, if it started this: `READY=1`, `WATCHDOG=1`."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    # An abstract name begins with a zero, which is written @.
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.sendto(state.encode(), address.replace("@", "\0", 1))
