"""Orders by their phone numbers: who calls."""

from datetime import UTC, datetime, timedelta

from ocpizza.domain.caller import MAX_CALLERS, MAX_ORDERS, Trace, callers_in

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def trace(id: int, phone: str = "+33612345678", name: str = "Soki") -> Trace:
    return Trace(id, name, phone, NOON + timedelta(days=id))


def test_whoever_ordered_last_comes_first_called_as_they_were_then():
    found = callers_in(
        [trace(1, name="Soki"), trace(2, "+33700000000", "Hervé"), trace(3, name="S.")]
    )
    assert [(caller.name, list(caller.order_ids)) for caller in found] == [
        ("S.", [3, 1]),
        ("Hervé", [2]),
    ]


def test_there_are_a_few_callers_with_a_few_orders_each():
    many = [trace(id, f"+3361234{id % 9:04}") for id in range(90)]
    found = callers_in(many)
    assert len(found) == MAX_CALLERS
    assert {len(caller.order_ids) for caller in found} == {MAX_ORDERS}
