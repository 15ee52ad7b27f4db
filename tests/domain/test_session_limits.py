"""When a sign-in is over: to the second, and by whose it is."""

from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.domain.session_limits import limits_of
from ocpizza.models.account import Role

BEGUN = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
# (without doing anything, in all)
PROMISED = dict.fromkeys(Role, (30 * MINUTE, 12 * HOUR)) | {Role.CUSTOMER: (30 * DAY, 180 * DAY)}


@pytest.mark.parametrize("role", Role)
def test_whoever_does_nothing_is_signed_out_in_time(role):
    idle, _ = PROMISED[role]
    seen = BEGUN + MINUTE
    assert not limits_of(role).over(BEGUN, seen, seen + idle - SECOND)
    assert limits_of(role).over(BEGUN, seen, seen + idle)


@pytest.mark.parametrize("role", Role)
def test_whoever_goes_on_is_signed_out_in_the_end(role):
    _, in_all = PROMISED[role]
    end = BEGUN + in_all
    assert not limits_of(role).over(BEGUN, end - SECOND, end - SECOND)
    assert limits_of(role).over(BEGUN, end, end)


@pytest.mark.parametrize("role", Role)
def test_what_they_do_is_noted_often_enough_to_keep_them_in(role):
    """What is not noted yet is a small part of the time that it would win."""
    idle, _ = PROMISED[role]
    assert timedelta(0) < limits_of(role).noted_every <= idle / 30
