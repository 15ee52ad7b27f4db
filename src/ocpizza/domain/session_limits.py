"""How long somebody stays signed in on a device: without doing anything, and in all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ocpizza.models.account import Role


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """Of one kind of people; what they do is noted once in `noted_every`."""

    idle: timedelta
    in_all: timedelta
    noted_every: timedelta

    def over(self, started_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
        """Return whether a session of these times has ended."""
        return now - started_at >= self.in_all or now - last_seen_at >= self.idle


CUSTOMER = SessionLimits(timedelta(days=30), timedelta(days=180), timedelta(hours=1))
# Their devices are shared: whoever goes home leaves nothing open.
STAFF = SessionLimits(timedelta(minutes=30), timedelta(hours=12), timedelta(minutes=1))


def limits_of(role: Role) -> SessionLimits:
    """Return the limits of people with this role."""
    return CUSTOMER if role is Role.CUSTOMER else STAFF
