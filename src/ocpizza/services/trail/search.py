"""Search the audit trail, page by page, the newest change first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session, joinedload

from ocpizza.models.staff_change import StaffChange

PAGE = 30
_when = tuple_(StaffChange.at, StaffChange.id)


@dataclass(frozen=True, slots=True)
class Search:
    """Which changes: of one restaurant (None: of all), by somebody, about somebody, of a kind.

    From `since` until just before `until`.
    """

    restaurant_id: int | None = None
    author_id: int | None = None
    account_id: int | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what a change must fulfil."""
        columns = (
            (StaffChange.restaurant_id, self.restaurant_id),
            (StaffChange.author_id, self.author_id),
            (StaffChange.account_id, self.account_id),
            (StaffChange.subject, self.subject),
        )
        wanted = [column == value for column, value in columns if value is not None]
        if self.since:
            wanted.append(StaffChange.at >= self.since)
        if self.until:
            wanted.append(StaffChange.at < self.until)
        return wanted


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A page of changes; `older` tells whether there are more."""

    changes: Sequence[StaffChange]
    older: bool


def list_changes(session: Session, search: Search, before: int = 0) -> ChangePage:
    """Return the newest changes, or those just before the one of this id.

    An id that is none of theirs leads to the newest.
    """
    wanted = search.conditions()
    if before:
        last = select(StaffChange.at, StaffChange.id).where(StaffChange.id == before, *wanted)
        if found := session.execute(last).one_or_none():
            wanted.append(_when < tuple(found))
    query = (
        select(StaffChange)
        .where(*wanted)
        .options(
            joinedload(StaffChange.author),
            joinedload(StaffChange.account),
            joinedload(StaffChange.restaurant),
        )
        .order_by(StaffChange.at.desc(), StaffChange.id.desc())
        .limit(PAGE + 1)
    )
    found_changes = session.scalars(query).all()
    return ChangePage(found_changes[:PAGE], older=len(found_changes) > PAGE)
