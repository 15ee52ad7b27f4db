"""The row about what updates have put over the program's own."""

from datetime import timedelta

from ocpizza.operations.probe import ProbeError, Site, ask
from ocpizza.operations.status import visitors
from ocpizza.operations.status.row import Row, amiss, fine
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.final import RELEASE
from ocpizza.operations.update.releases import Releases
from ocpizza.settings import Settings

# Longer than one takes after it has begun to switch.
AT_WORK = timedelta(minutes=10)
# Of those that status has for a row: another way to know it is left.
SECONDS = 5.0
RESUME = "sudo ocpizza update --resume"


def update(settings: Settings) -> Row:
    """Whether the last update was ended, and all that it brought is served."""
    releases = Releases(settings["folders.overlay"])
    try:
        if releases.unproved is not None:
            if releases.unproved_for() < AT_WORK:
                return fine("update", "one is at work")
            return amiss("update", "the last one was interrupted", RESUME)
        current = releases.current
        if current is None:
            return fine("update", "none in place")
        made = releases.note(current)
    except UpdateError as error:
        return amiss("update", error.args[0], "sudo ocpizza update --rollback")
    whole = fine("update", f"{current}, made for ocpizza {made.version}")
    if _is_served_whole(current):
        return whole
    # It builds the application, which takes seconds and memory: only where nobody else has.
    from ocpizza.overlay.build import set_aside

    aside = set_aside(settings)
    if aside:
        named = "; ".join(str(each) for each in aside)
        do = f"bring one that fits, or sudo ocpizza update --remove {aside[0].component}"
        return amiss("update", f"set aside: {named}", do)
    return whole


def _is_served_whole(release: str) -> bool:
    """Whether the site that runs says that it serves all of a release."""
    if not visitors.SITE.exists():
        return False
    try:
        answer, _ = ask("/health/ready", Site.of(visitors.SITE), SECONDS)
    except (ProbeError, OSError):
        return False
    return answer.headers.get(RELEASE) == release
