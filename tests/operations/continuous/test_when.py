"""A moment as somebody names it: by the clocks of Paris, and only one."""

from datetime import UTC, datetime

import pytest

from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.continuous.when import moment, said


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-28 20:14", "2026-11-28 19:14:00"),
        ("2026-07-28 20:14:05", "2026-07-28 18:14:05"),
        ("2026-11-28T20:14:05.25", "2026-11-28 19:14:05.250000"),
        ("2026-11-28 20:14Z", "2026-11-28 20:14:00"),
        # Twice on the clocks that night.
        ("2026-10-25 02:30+02:00", "2026-10-25 00:30:00"),
        ("2026-10-25 02:30+01:00", "2026-10-25 01:30:00"),
    ],
)
def test_it_is_by_the_clocks_of_paris_unless_it_says_otherwise(text, utc):
    assert moment(text) == datetime.fromisoformat(f"{utc}+00:00")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-10-25 02:30", r"was twice .* say '2026-10-25 02:30\+02:00' or, an hour later"),
        ("2026-03-29 02:30", "was on no clock of Paris"),
        ("2026-11-28", "is no moment: such as --at '2026-11-28 20:14'"),
        ("20:14", "is no moment"),
        ("2026-13-28 20:14", "is no moment"),
        ("2026-11-28 20:14+99:00", "is no moment"),
        ("yesterday", "is no moment"),
        ("0001-01-01 00:00", "is no moment"),
        ("9999-12-31 23:59-05:00", "is no moment"),
        ("", "is no moment"),
    ],
)
def test_what_is_none_or_two_is_refused(text, why):
    with pytest.raises(BackupError, match=why) as caught:
        moment(text)
    assert "\n" not in str(caught.value)


def test_it_is_said_back_by_both_clocks():
    at = datetime(2026, 11, 28, 23, 14, tzinfo=UTC)
    assert said(at) == "2026-11-29 00:14:00 CET (23:14:00 UTC)"
    assert said(at.replace(month=7, microsecond=5)).startswith("2026-07-29 01:14:00.000005 CEST (")
