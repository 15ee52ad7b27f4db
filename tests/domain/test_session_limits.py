"""When a sign-in is over: to the second, and by whose it is."""

from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.domain.session_limits import SessionLimits, StaffIdle, limits_of
from ocpizza.models.account import Role

BEGUN = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
IDLE = StaffIdle(shared=10 * MINUTE, personal=12 * HOUR)
# (role, whether others use the device) → (without doing anything, in all)
PROMISED = {(role, shared): (10 * MINUTE, 12 * HOUR) for role in Role for shared in (True, None)}
PROMISED |= {(role, False): (12 * HOUR, 12 * HOUR) for role in Role}
PROMISED |= {(Role.CUSTOMER, shared): (30 * DAY, 180 * DAY) for shared in (True, False, None)}


def limits(role: Role, shared: bool | None) -> SessionLimits:
    return limits_of(role, IDLE, shared=shared)


@pytest.mark.parametrize(("who", "promised"), PROMISED.items())
def test_whoever_does_nothing_is_signed_out_in_time(who, promised):
    idle, in_all = promised
    seen = BEGUN if idle == in_all else BEGUN + MINUTE
    assert not limits(*who).over(BEGUN, seen, seen + idle - SECOND)
    assert limits(*who).over(BEGUN, seen, seen + idle)


@pytest.mark.parametrize(("who", "promised"), PROMISED.items())
def test_whoever_goes_on_is_signed_out_in_the_end(who, promised):
    _, in_all = promised
    end = BEGUN + in_all
    assert not limits(*who).over(BEGUN, end - SECOND, end - SECOND)
    assert limits(*who).over(BEGUN, end, end)


@pytest.mark.parametrize(("who", "promised"), PROMISED.items())
def test_what_they_do_is_noted_often_enough_to_keep_them_in(who, promised):
    """What is not noted yet is a small part of the time that it would win."""
    idle, _ = promised
    assert timedelta(0) < limits(*who).noted_every <= idle / 10
