"""End what an update that was killed had begun: forward if the database was changed for it."""

from ocpizza.operations.deploy.host import Failed
from ocpizza.operations.update.database import database_wants
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.final import EVENTS, earlier_release_back, never_came
from ocpizza.operations.update.rollback import PROGRAM
from ocpizza.operations.update.service import take_release
from ocpizza.operations.update.under_way import Update


def earlier_update_ended(update: Update) -> str | None:
    """One that was killed is in place and answers, or it never was."""
    with update.as_service():
        update.releases.unstage()
        switch = update.releases.unproved
    if switch is None:
        return None
    earlier = Update(update.host, update.now, release=switch.to, switch=switch)
    with earlier.held:
        earlier.keep_others_out()
        earlier.content_changed = database_wants(earlier)
        if update.releases.current != switch.to and not earlier.content_changed:
            if switch.stopped:
                take_release(update.host, stopped=True)
            never_came(earlier)
            return f"{switch.to or PROGRAM} never came in place"
        try:
            for event in EVENTS:
                event(earlier)
        except Failed as failure:
            return f"{failure.args[0]}; {earlier_release_back(earlier)}"
    return f"{switch.to or PROGRAM} in place"


def nothing_interrupted(update: Update) -> None:
    """Whoever only looks ends nothing."""
    with update.as_service():
        if update.releases.unproved is not None:
            raise UpdateError("the last update was interrupted: ocpizza update --resume")
