"""The moment that somebody names, by the clocks of the restaurants, and how it is said back."""

import re
from datetime import UTC, datetime

from ocpizza.domain.hours import PARIS
from ocpizza.operations.backup.errors import BackupError

# With its seconds or not, and with what tells the two hours of one night apart, or not.
MOMENT = re.compile(r"2\d{3}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?")
EXAMPLE = "such as --at '2026-11-28 20:14', by the clocks of Paris"


def moment(text: str) -> datetime:
    """Return the moment of `2026-11-28 20:14`. Raises BackupError for what is none, or two."""
    try:
        at = datetime.fromisoformat(text) if MOMENT.fullmatch(text) else None
    except ValueError:
        at = None
    if at is None:
        raise BackupError(f"{text!r} is no moment: {EXAMPLE}")
    if at.tzinfo is not None:
        return at.astimezone(UTC)
    first, second = (at.replace(tzinfo=PARIS, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second:
        if first.astimezone(PARIS).replace(tzinfo=None) != at:
            raise BackupError(f"{text} was on no clock of Paris: one was put forward that night")
        raise BackupError(
            f"{text} was twice on the clocks of Paris that night: "
            f"say '{text}+02:00' or, an hour later, '{text}+01:00'"
        )
    return first


def said(at: datetime) -> str:
    """Return a moment by the clocks of Paris, and in UTC."""
    fraction = ".%f" if at.microsecond else ""
    local = at.astimezone(PARIS)
    return f"{local:%Y-%m-%d %H:%M:%S{fraction} %Z} ({at.astimezone(UTC):%H:%M:%S} UTC)"
