"""Write down what staff change, in the transaction that changes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from ocpizza.domain.author import Author, written_by
from ocpizza.models.staff_change import Act, StaffChange, Subject

# Facts by name, as `views/staff/trail_words` puts them into words: texts, numbers, whether.
Facts = Mapping[str, Any]
# What a fact must not be called: the trail holds nothing that opens anything.
SECRET = re.compile(r"password|hash|token|secret|sha256|cookie|session|stripe|key")
MAX_NAME, MAX_NOTE = 200, 500


class SecretFact(ValueError):
    """This would write down what opens something."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changed: its facts before (None: it was added) and after (None: it is gone).

    `restaurant_id` is whose managers see it, None for the group's alone. Facts about a person need
    `account_id`: they go when that account is erased.
    """

    subject: Subject
    before: Facts | None
    after: Facts | None
    restaurant_id: int | None
    name: str = ""
    account_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who changes something (None: the command line), and when."""

    author: Author | None
    at: datetime


def record_change(session: Session, signed: Signature, change: Change) -> None:
    """Write a change down; of what is still there, the facts that differ, and nothing if none does.

    Raises SecretFact.
    """
    for name in (*(change.before or ()), *(change.after or ())):
        if SECRET.search(name):
            raise SecretFact(name)
    before, after = _plain(change.before), _plain(change.after)
    act = Act.ADDED if before is None else Act.DELETED if after is None else Act.CHANGED
    if before is not None and after is not None:
        names = [name for name in before | after if before.get(name) != after.get(name)]
        if not names and not change.note:
            return
        before, after = ({name: each.get(name) for name in names} for each in (before, after))
    session.add(
        StaffChange(
            at=signed.at,
            **written_by(signed.author),
            restaurant_id=change.restaurant_id,
            subject=change.subject,
            act=act,
            account_id=change.account_id,
            name=change.name[:MAX_NAME],
            facts_before=before,
            facts_after=after,
            note=change.note[:MAX_NOTE],
        )
    )


def _plain(facts: Facts | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
    }
