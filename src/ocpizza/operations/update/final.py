"""The last step: in place by one rename, taken by the site, seen by a visitor; or back."""

import time
from contextlib import suppress

from ocpizza.operations.deploy.final import DISABLED
from ocpizza.operations.deploy.host import Failed
from ocpizza.operations.deploy.nginx import enabled
from ocpizza.operations.probe import ProbeError, Site, ask
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.releases import Switch
from ocpizza.operations.update.rollback import PROGRAM
from ocpizza.operations.update.service import is_service, runs, take_release
from ocpizza.operations.update.under_way import Update, changes_database

# Workers of before end what they are doing, and may answer until then.
PATIENCE = 60  # seconds
# See views.machine.health.
RELEASE = "Release"


def release_switched(update: Update) -> str:
    """By one rename: whoever looks sees the one or the other."""
    if update.switch is None:
        update.begin()
    with update.as_service():
        update.releases.switch(update.release)
    return f"{update.release or PROGRAM} in place"


def static_files_collected(update: Update) -> str:
    """What nginx serves by itself."""
    return update.ocpizza("collect-static")


def site_takes_it(update: Update) -> str | None:
    """Started if it was stopped for this, else reloaded, which refuses no visitor."""
    return take_release(update.host, stopped=_begun(update).stopped)


def website_answers(update: Update) -> str | None:
    """Through nginx: the shop's first page, from the release that is in place."""
    if not is_service(update.host):
        return "no service of this machine: nobody was asked"
    if not runs(update.host):
        return "the site does not run: nobody was asked"
    if not enabled(update.host).exists():
        return DISABLED
    site, deadline = Site.of(enabled(update.host)), time.monotonic() + PATIENCE
    # One of before is taken as far as it fits a program that is newer.
    whole = update.releases.brings(_begun(update))
    while why := _why_not(site, update.releases.current, whole=whole):
        if time.monotonic() > deadline:
            raise Failed(why, "journalctl -u ocpizza says more")
        time.sleep(0.2)
    return None


def _why_not(site: Site, release: str | None, *, whole: bool) -> str | None:
    try:
        ready, _ = ask("/health/ready", site)
        found = ready.headers.get(RELEASE, "")
        served, _, aside = found.partition(", ")
        if served != (release or ""):
            return f"it serves {served or PROGRAM}, not {release or PROGRAM}"
        if aside and whole:
            # To wait would not mend it.
            raise Failed(f"it serves {served} with {aside}", "journalctl -u ocpizza says which")
        ask("/", site)
    except ProbeError as error:
        return str(error)
    return None


def update_ended(update: Update) -> str | None:
    """It stays; the oldest releases go."""
    with update.as_service():
        update.releases.end()
        update.switch = None
        try:
            old = update.releases.forget_old()
        except UpdateError as error:
            return f"older ones stay: {error.args[0]}"
    return f"forgotten: {', '.join(old)}" if old else None


def earlier_release_back(update: Update) -> str:
    """What was in place before is again, and the site has it."""
    switch = _begun(update)
    with update.as_service():
        switched = update.releases.current == switch.to
        update.releases.switch(switch.back)
    note = None
    if switched or switch.stopped:
        with suppress(Failed, OSError):
            # Those of updates that failed may have taken their place.
            update.ocpizza("collect-static")
        note = take_release(update.host, stopped=switch.stopped)
    kept = _kept(update, switch)
    never_came(update)
    return "; ".join(each for each in (f"{switch.back or PROGRAM} in place", note, kept) if each)


def never_came(update: Update) -> None:
    """Forget the release that was to be, and that there was a switch."""
    switch = _begun(update)
    with update.as_service():
        if switch.to is not None and update.releases.brings(switch):
            update.releases.forget(switch.to)
        update.releases.end()
    update.switch = None


def _kept(update: Update, switch: Switch) -> str | None:
    """Return what does not go back: orders may have come since."""
    if not update.content_changed or switch.to is None:
        return None
    changed = ", ".join(filter(changes_database, update.releases.note(switch.to).brought))
    before = update.backup or "see the newest backup from before"
    return f"what {changed} changed stays; before that: {before}"


def _begun(update: Update) -> Switch:
    assert update.switch is not None
    return update.switch


EVENTS = (
    release_switched,
    static_files_collected,
    site_takes_it,
    website_answers,
    update_ended,
)
