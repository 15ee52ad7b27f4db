"""Rows about the program itself: its version, and what it was told."""

from ocpizza import __version__
from ocpizza.legal import left_to_fill_in
from ocpizza.operations.status.row import Row, fine
from ocpizza.settings import Settings


def version(_settings: Settings) -> Row:
    """The program's."""
    return fine("version", __version__)


def legal(settings: Settings) -> Row:
    """What the legal pages lack: the site runs without, the company may not."""
    lacking = left_to_fill_in(settings)
    return fine("legal", f"to fill in: {', '.join(lacking)}" if lacking else "complete")
