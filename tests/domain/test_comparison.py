"""Periods, and what they are compared with."""

from datetime import date

import pytest

from ocpizza.domain.comparison import Against, Period, change


@pytest.mark.parametrize(
    ("first", "last", "against", "told"),
    [
        ("2026-03-10", "2026-03-12", Against.BEFORE, ("2026-03-07", "2026-03-09")),
        ("2026-03-01", "2026-03-01", Against.BEFORE, ("2026-02-28", "2026-02-28")),
        ("2026-03-10", "2026-03-12", Against.LAST_YEAR, ("2025-03-10", "2025-03-12")),
        ("2028-02-29", "2028-03-01", Against.LAST_YEAR, ("2027-02-28", "2027-03-01")),
    ],
)
def test_a_period_is_compared_with_as_many_days_before_or_with_those_of_last_year(
    first, last, against, told
):
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert tuple(map(str, period.compared(against))) == told


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [(150, 100, 50), (50, 100, -50), (100, 100, 0), (1, 3, -67), (1, 0, None), (None, 5, None)],
)
def test_what_grew_is_told_in_percent(now, before, told):
    assert change(now, before) == told
