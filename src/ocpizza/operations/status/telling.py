"""Status told by mail: what begins to be amiss, once, and once when it is well again."""

from collections.abc import Sequence
from datetime import datetime

from ocpizza.operations.letters import Letter, send
from ocpizza.operations.status.memory import Told, recall, remember
from ocpizza.operations.status.row import Row
from ocpizza.settings import Settings
from ocpizza.without_secrets import hide

# An upgrade or a restart is seen by one look at most.
LOOKS = 2
TEXT = """\
Sur la machine {machine} (message écrit le {at:%d/%m/%Y à %H:%M}, heure de Paris) :

{rows}

L’état du site en entier, et ce qu’il faut faire :

    sudo ocpizza status

Chaque ligne n’est annoncée qu’une fois, quand elle va mal depuis deux passages, et une fois quand
elle va de nouveau bien.
"""


def tell_changes(settings: Settings, found: Sequence[Row], now: datetime) -> list[Row]:
    """Write to `supervision.email` of the rows that are otherwise than was told; return those.

    Two looks in a row have to see them so. What is not seen this time is as it was. Raises NotTold,
    and then the next look tells.
    """
    before = recall(settings)
    seen = {row.name: _seen(before.get(row.name, Told()), row) for row in found}
    changed = [row for row in found if seen[row.name].otherwise >= LOOKS]
    try:
        told = bool(changed) and _tell(settings, changed, now)
    finally:
        remember(settings, before | seen, now)
    if not told:
        return []
    remember(settings, before | seen | {row.name: Told(row.well) for row in changed}, now)
    return changed


def _seen(told: Told, row: Row) -> Told:
    return Told(told.well, told.otherwise + 1 if row.well != told.well else 0)


def _tell(settings: Settings, changed: Sequence[Row], now: datetime) -> bool:
    if not settings["supervision.email"]:
        return False
    # What a library says of a failure may quote an address.
    rows = {"rows": "\n\n".join(f"    {hide(str(row))}" for row in changed)}
    return send(settings, Letter(_subject(changed), TEXT, rows), now)


def _subject(changed: Sequence[Row]) -> str:
    wrong = [row.name for row in changed if not row.well]
    again = [row.name for row in changed if row.well]
    told = (_goes(wrong, "mal"), _goes(again, "de nouveau bien"))
    return ", ".join(filter(None, told))


def _goes(names: Sequence[str], how: str) -> str:
    """Return a sentence about rows, none about no row."""
    if not names:
        return ""
    *others, last = names
    if not others:
        return f"{last} va {how}"
    return f"{', '.join(others)} et {last} vont {how}"
