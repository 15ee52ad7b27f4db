"""Whether those who may have opened a stream still may: what their sign-in sessions say now."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ocpizza.db import read_only
from ocpizza.domain.session_limits import StaffIdle, limits_of
from ocpizza.live.ticket import rights_of
from ocpizza.models.account import Role
from ocpizza.services.account.sign_in_sessions import find_sessions


def standing_rights(
    engine: Engine, digests: Collection[str], idle: StaffIdle, now: datetime
) -> dict[str, str]:
    """Return the rights of those of these sessions that are not over. Raises SQLAlchemyError."""
    if not digests:
        return {}
    with Session(read_only(engine)) as session:
        found = find_sessions(session, digests)
    rights = {}
    for digest, who in found.items():
        role = who.employee_role or Role.CUSTOMER
        limits = limits_of(role, idle, shared=who.shared)
        if not limits.over(who.started_at, who.last_seen_at, now):
            rights[digest] = rights_of(role, who.restaurant_id, who.session_version)
    return rights
