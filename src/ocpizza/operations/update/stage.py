"""Step 2: the release laid out beside the one in place, and tried."""

from ocpizza import __version__
from ocpizza.operations.update.under_way import Update

TRIAL_SECONDS = 120


def release_staged(update: Update) -> str:
    """What is in place now, with the components over it."""
    with update.as_service():
        update.releases.unstage()
        update.release = update.releases.stage(
            update.now, __version__, update.components, update.removed
        )
    return f"release {update.release}"


def trial_passed(update: Update) -> str:
    """The application starts with it, in a process of its own, and shows its pages."""
    staged = update.releases.staging(str(update.release))
    return update.ocpizza("try-release", str(staged), timeout=TRIAL_SECONDS)


def release_unstaged(update: Update) -> str:
    """Nothing of it is left."""
    with update.as_service():
        update.releases.unstage()
    return "nothing was put in place"


EVENTS = (release_staged, trial_passed)
