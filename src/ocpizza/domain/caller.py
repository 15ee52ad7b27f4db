"""Who calls: the people who have ordered at a restaurant, each with their latest orders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

MAX_CALLERS, MAX_ORDERS = 5, 3


class Trace(NamedTuple):
    """What an order says of whom it was for."""

    order_id: int
    contact_name: str
    phone: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody known by their phone number; their orders' ids, the latest first."""

    name: str
    phone: str
    order_ids: Sequence[int]


def callers_in(traces: Iterable[Trace]) -> list[Caller]:
    """Return whom these orders were for, whoever ordered last first, called as they were then."""
    people: dict[str, list[Trace]] = {}
    for trace in sorted(traces, key=lambda each: (each.placed_at, each.order_id), reverse=True):
        people.setdefault(trace.phone, []).append(trace)
    return [
        Caller(orders[0].contact_name, phone, [each.order_id for each in orders[:MAX_ORDERS]])
        for phone, orders in list(people.items())[:MAX_CALLERS]
    ]
