"""The service that uses the database: seen, and stopped for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ocpizza.operations import systemd
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.privileges import root_again

UNIT = "ocpizza.service"
STOP_FIRST = "the site is running: systemctl stop ocpizza first, or restore with --stop"


def refuse_running() -> None:
    """Raises BackupError while the service runs on this machine."""
    if systemd.is_running() and systemd.active_state(UNIT) not in ("inactive", "failed"):
        raise BackupError(STOP_FIRST)


def require_systemd() -> None:
    """Raises BackupError where nothing could be stopped."""
    if not systemd.is_running():
        raise BackupError("systemd is not running: stop the site yourself, restore without --stop")


@contextmanager
def stopped() -> Iterator[None]:
    """The service does not run meanwhile; afterwards it does if it was to, whatever happens."""
    wanted = systemd.active_state(UNIT) != "inactive"
    # One that has failed has a worker, which goes on.
    _tell("stop")
    try:
        yield
    finally:
        if wanted:
            with suppress(BackupError):
                # It may have been given up, with the database that is replaced now.
                _tell("reset-failed")
            _tell("start")


def _tell(verb: str) -> None:
    try:
        with root_again():
            systemd.tell(verb, UNIT)
    except systemd.UnitError as error:
        raise BackupError(str(error)) from error
