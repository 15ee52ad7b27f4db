"""Tickets: only ours, only for a while."""

from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.live.ticket import LIFE, derived_key, read, write

KEY = derived_key("0123456789abcdef" * 8)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_ticket_is_read_as_it_was_written():
    ticket = read(KEY, write(KEY, "restaurant:3", NOW, "ab" * 32, "manager//1"), NOW.timestamp())
    assert ticket is not None
    assert ticket[:4] == ("restaurant:3", int(NOW.timestamp()), "ab" * 32, "manager//1")


def test_no_two_tickets_are_the_same():
    assert write(KEY, "group", NOW) != write(KEY, "group", NOW)


@pytest.mark.parametrize("after", [LIFE + 1, -120])
def test_a_ticket_is_good_for_a_while_only(after):
    late = (NOW + timedelta(seconds=after)).timestamp()
    assert read(KEY, write(KEY, "group", NOW), late) is None


@pytest.mark.parametrize("key", [derived_key("another" * 20), b"", b"0123456789abcdef" * 4])
def test_a_ticket_under_another_key_is_none(key):
    assert read(KEY, write(key, "group", NOW), NOW.timestamp()) is None


@pytest.mark.parametrize("text", ["", ".", "a.b", "é.é", "." * 2000, "bnVsbA.", "W10." + "0" * 64])
def test_what_is_no_ticket_is_refused(text):
    assert read(KEY, text, NOW.timestamp()) is None


def test_a_ticket_whose_topic_was_changed_is_none():
    told, signature = write(KEY, "order:AAAA-AAAA", NOW).split(".")
    other, _ = write(KEY, "restaurant:1", NOW).split(".")
    assert read(KEY, f"{other}.{signature}", NOW.timestamp()) is None
    assert read(KEY, f"{told}A.{signature}", NOW.timestamp()) is None
