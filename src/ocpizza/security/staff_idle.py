"""How long staff may do nothing before they are signed out, as the settings say it."""

from datetime import timedelta

from ocpizza.domain.session_limits import StaffIdle
from ocpizza.settings import Settings


def staff_idle(settings: Settings) -> StaffIdle:
    """Return what is set for shared devices and for people's own telephones."""
    return StaffIdle(
        timedelta(minutes=settings["session.shared_minutes"]),
        timedelta(hours=settings["session.personal_hours"]),
    )
