"""The service that uses the database: seen, and stopped for a moment."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.privileges import root_again

UNIT = "ocpizza.service"
RUNNING = Path("/run/systemd/system")
STOP_FIRST = "the site is running: systemctl stop ocpizza first, or restore with --stop"


def refuse_running() -> None:
    """Raises BackupError while the service runs on this machine."""
    if _runs():
        raise BackupError(STOP_FIRST)


def require_systemd() -> None:
    """Raises BackupError where nothing could be stopped."""
    if not RUNNING.is_dir():
        raise BackupError("systemd is not running: stop the site yourself, restore without --stop")


@contextmanager
def stopped() -> Iterator[None]:
    """The service does not run meanwhile; afterwards it does if it was to, whatever happens."""
    wanted = _state() != "inactive"
    # One that has failed has a worker, which goes on.
    _systemctl("stop")
    try:
        yield
    finally:
        if wanted:
            with suppress(BackupError):
                # It may have been given up, with the database that is replaced now.
                _systemctl("reset-failed")
            _systemctl("start")


def _runs() -> bool:
    return RUNNING.is_dir() and _state() not in ("inactive", "failed")


def _state() -> str:
    states = subprocess.run(  # noqa: S603
        ["systemctl", "show", "-P", "ActiveState", UNIT],  # noqa: S607
        capture_output=True,
        text=True,
    ).stdout.split()
    return states[0] if states else "inactive"


def _systemctl(verb: str) -> None:
    with root_again():
        result = subprocess.run(  # noqa: S603
            ["systemctl", verb, UNIT],  # noqa: S607
            capture_output=True,
            text=True,
        )
    if result.returncode:
        said = (result.stderr.strip().splitlines() or ["it failed"])[-1]
        raise BackupError(f"systemctl {verb} ocpizza: {said}")
