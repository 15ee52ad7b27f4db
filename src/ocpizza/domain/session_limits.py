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
# Whoever goes home leaves nothing open.
STAFF_IN_ALL, STAFF_NOTED = timedelta(hours=12), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StaffIdle:
    """How long staff may do nothing at a device of several people, and at their own telephone."""

    shared: timedelta
    personal: timedelta


def limits_of(role: Role, idle: StaffIdle, *, shared: bool | None) -> SessionLimits:
    """Return the limits of people with this role at such a device; of one unknown, the shorter."""
    if role is Role.CUSTOMER:
        return CUSTOMER
    return SessionLimits(
        idle.personal if shared is False else idle.shared, STAFF_IN_ALL, STAFF_NOTED
    )
