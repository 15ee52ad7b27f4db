"""B5: whoever tries order numbers and contacts is slowed down, exactly and not for long."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clients import all_at_once
from factories import NOON
from ocpizza.models.rate_count import RateCount
from ocpizza.services.rate_limits import (
    TooManyUses,
    count_uses,
    forget_uses,
    forgive_uses,
    lookup_from,
)

NUMBER, HOME = "K7QM-2F9X", "192.0.2.1"
# Written out: limits taken from the code would agree with whatever that says.
WINDOW = timedelta(minutes=10)
MAX_PER_NUMBER, MAX_PER_ADDRESS = 10, 30


def address(place: int) -> str:
    return f"198.51.100.{place}"


def test_a_number_is_tried_so_often_from_wherever(session):
    for place in range(MAX_PER_NUMBER):
        count_uses(session, lookup_from(address(place), NUMBER), NOON)
    with pytest.raises(TooManyUses) as refused:
        count_uses(session, lookup_from(HOME, NUMBER), NOON)
    assert timedelta(0) < refused.value.wait <= WINDOW
    assert 1 <= refused.value.minutes <= 10
    count_uses(session, lookup_from(HOME, "ABCD-2345"), NOON)


def test_an_address_tries_so_many_numbers(session):
    for number in range(MAX_PER_ADDRESS):
        count_uses(session, lookup_from(HOME, f"{number:08}"), NOON)
    with pytest.raises(TooManyUses):
        count_uses(session, lookup_from(HOME, NUMBER), NOON)
    count_uses(session, lookup_from(address(1), NUMBER), NOON)


def test_an_ipv6_subscriber_has_one_limit_whatever_address_they_take(session):
    for number in range(MAX_PER_ADDRESS):
        count_uses(session, lookup_from(f"2001:db8:1:2:{number:x}::1", f"{number:08}"), NOON)
    with pytest.raises(TooManyUses):
        count_uses(session, lookup_from("2001:db8:1:2::ffff", NUMBER), NOON)
    count_uses(session, lookup_from("2001:db8:1:3::1", NUMBER), NOON)


def test_the_next_window_begins_anew(session):
    for _ in range(MAX_PER_NUMBER + 1):
        try:
            count_uses(session, lookup_from(HOME, NUMBER), NOON)
        except TooManyUses as refused:
            later = NOON + refused.wait
    count_uses(session, lookup_from(HOME, NUMBER), later)


@pytest.mark.parametrize(("into", "minutes"), [(0, 10), (1, 10), (60, 9), (510, 2), (599, 1)])
def test_the_wait_is_said_in_minutes_that_are_enough(session, into, minutes):
    """NOON begins a window."""
    at = NOON + timedelta(seconds=into)
    for place in range(MAX_PER_NUMBER):
        count_uses(session, lookup_from(address(place), NUMBER), at)
    with pytest.raises(TooManyUses) as refused:
        count_uses(session, lookup_from(HOME, NUMBER), at)
    assert (at + refused.value.wait, refused.value.minutes) == (NOON + WINDOW, minutes)


def test_what_is_forgiven_twice_is_no_credit(session):
    count_uses(session, lookup_from(HOME, NUMBER), NOON)
    for _ in range(2):
        forgive_uses(session, lookup_from(HOME, NUMBER), NOON)
    for place in range(MAX_PER_NUMBER):
        count_uses(session, lookup_from(address(place), NUMBER), NOON)
    with pytest.raises(TooManyUses):
        count_uses(session, lookup_from(HOME, NUMBER), NOON)


def test_a_try_that_was_right_does_not_count(session):
    for _ in range(3 * MAX_PER_ADDRESS):
        count_uses(session, lookup_from(HOME, NUMBER), NOON)
        forgive_uses(session, lookup_from(HOME, NUMBER), NOON)


def test_counts_are_forgotten_with_their_window_and_hold_no_address(session):
    count_uses(session, lookup_from(HOME, NUMBER), NOON)
    keys = session.scalars(select(RateCount.key_sha256)).all()
    assert {len(key) for key in keys} == {64}
    assert forget_uses(session, NOON) == 0
    assert forget_uses(session, NOON + WINDOW) == 2
    assert session.scalar(select(func.count()).select_from(RateCount)) == 0


def test_tries_at_once_do_not_slip_past_together(committed_database):
    def look_up(place: int, session: Session) -> bool:
        try:
            count_uses(session, lookup_from(address(place), NUMBER), NOON)
        except TooManyUses:
            return False
        return True

    tries = [partial(look_up, place) for place in range(MAX_PER_NUMBER + 6)]
    outcomes = all_at_once(committed_database, tries)
    assert sorted(outcomes) == [False] * 6 + [True] * MAX_PER_NUMBER
