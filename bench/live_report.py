"""What `bench/live.py` found, as the rows of its table."""

import statistics
from dataclasses import dataclass
from typing import Any, NamedTuple

from crowd import Seen, Waits


class Parts(NamedTuple):
    """The CPU milliseconds that each took: until now, a second or a change."""

    gunicorn: float
    live: float
    postgresql: float

    def __sub__(self, other: "Parts") -> "Parts":
        return Parts(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    def over(self, by: float) -> "Parts":
        return Parts(*(each / by for each in self))


@dataclass(frozen=True)
class Alone:
    """The shop while nobody listens: what its visitors wait, what it takes a second."""

    visitors: list[float]
    took: Parts


@dataclass(frozen=True)
class Came:
    """All pages, which began to listen at one moment; memory of `ocpizza live` before and after."""

    pages: int
    seconds: float
    cpu_ms: float
    kb_before: int
    kb_after: int


@dataclass(frozen=True)
class Listening:
    """So many seconds in which orders changed and pages listened."""

    seconds: float
    visitors: list[float]
    took: Parts
    # Of a core, that the pages themselves took.
    share: float
    changes: int
    waits: Waits
    seen: Seen


@dataclass(frozen=True)
class Back:
    """All pages, which came back after a restart."""

    seconds: float
    visitors: list[float]
    in_vain: int


def rows_of(
    alone: Alone, came: Came, there: Listening, back: Back, beside: list[float]
) -> list[dict[str, Any]]:
    """`beside` is what visitors wait beside somebody who takes as much as the pages did."""
    listened = (there.took - alone.took).over(there.changes / there.seconds)
    return [
        _change("told", there.waits.told),
        _change("shown", there.waits.shown),
        {
            "what": "what listening takes, CPU ms a change",
            "changes": there.changes,
            "not shown": there.waits.missed,
            **{name: round(each, 2) for name, each in listened._asdict().items()},
            "all": round(sum(listened), 2),
            "parts asked for": round(there.seen.fetches / there.changes, 2),
            "of them unchanged": round(there.seen.unchanged / there.changes, 2),
        },
        {
            "what": "another visitor's page",
            "ms alone, median": _part_of(alone.visitors, 0.5),
            "ms, median": _part_of(there.visitors, 0.5),
            "ratio": _ratio(there.visitors, alone.visitors),
            "99 of 100, ratio": round(
                _part_of(there.visitors, 0.99) / _part_of(alone.visitors, 0.99), 2
            ),
            "% of a core, the shop alone": round(sum(alone.took) / 10, 1),
            "% of a core, the shop": round(sum(there.took) / 10, 1),
            "% of a core, pages": round(100 * there.share, 1),
            "ratio to as much taken by others": _ratio(there.visitors, beside),
        },
        {
            "what": "a page that listens",
            "kB": round((came.kb_after - came.kb_before) / came.pages, 1),
            "kB before": came.kb_before,
            "% of a core, all": round(there.took.live / 10, 1),
        },
        {
            "what": "all at one moment",
            "seconds": round(came.seconds, 2),
            "CPU ms each": round(came.cpu_ms / came.pages, 2),
        },
        {
            "what": "all back after a restart",
            "seconds": round(back.seconds, 2),
            "tries in vain": back.in_vain,
            "another's page, ms, 99 of 100": _part_of(back.visitors, 0.99),
        },
    ]


def _change(how: str, waits: list[float]) -> dict[str, Any]:
    return {
        "what": f"a change, {how}",
        "count": len(waits),
        "ms, median": _part_of(waits, 0.5),
        "ms, 99 of 100": _part_of(waits, 0.99),
    }


def _ratio(some: list[float], others: list[float]) -> float:
    """How many times as long some take as others, by their medians."""
    return round(statistics.median(some) / statistics.median(others), 2)


def _part_of(values: list[float], share: float) -> float:
    """The value below which that share of sorted seconds is, in milliseconds."""
    return round(1000 * values[int(len(values) * share)], 1) if values else 0.0
