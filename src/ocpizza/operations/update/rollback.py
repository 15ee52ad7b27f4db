"""Back to the release before the one in place: files alone, for a database holds orders since."""

from collections.abc import Iterator

from ocpizza.operations.update.errors import UpdateError, few
from ocpizza.operations.update.releases import Releases
from ocpizza.operations.update.under_way import Update, changes_database

PROGRAM = "the program's own"


def release_chosen(update: Update) -> str:
    """The one that the release in place was made from."""
    # What whoever owns the overlay has put there is read with their rights.
    with update.as_service():
        current = update.releases.current
        if current is None:
            raise UpdateError("no update is in place: there is nothing to go back from")
        note = update.releases.note(current)
        before = note.before
        if before is not None and not update.releases.path(before).is_dir():
            raise UpdateError(f"release {before}, from before, is not kept any more")
    update.release = before
    changed = few([*filter(changes_database, note.brought)])
    stays = f"; what {changed} changed in the database stays" if changed else ""
    return f"from {current} to {before or PROGRAM}{stays}"


def lines(releases: Releases) -> Iterator[str]:
    """Give a line for each release, the newest first; « * » is the one in place."""
    current = releases.current
    for release in releases.all():
        note = releases.note(release)
        mark = "*" if release == current else " "
        changed = [*note.brought, *(f"without {each}" for each in note.removed)]
        line = f"{mark} {release}  {few(changed)} (ocpizza {note.version})"
        # For a terminal, whoever wrote it.
        yield "".join(letter if letter.isprintable() else "?" for letter in line)
    yield f"{' ' if current else '*'} {PROGRAM}"
