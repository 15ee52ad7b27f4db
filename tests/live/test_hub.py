"""Who is told of what, and how many may listen."""

import time

import pytest

from ocpizza.live.hub import CHANGED, MARGIN, PER_ORDER, PER_TICKET, UNSURE, Full, Hub
from ocpizza.live.tail import Change
from ocpizza.live.ticket import Ticket

NOW = 1_800_000_000.0


def ticket(topic: str = "restaurant:1", nonce: str = "a", session: str = "", rights: str = ""):
    return Ticket(topic, int(NOW), session, rights, nonce)


@pytest.fixture
def hub() -> Hub:
    return Hub(10, NOW)


def test_a_change_is_told_to_those_who_look_at_it_and_to_nobody_else(hub):
    topics = ("order:AB12-CD34", "restaurant:1", "group", "order:ZZ99-ZZ99", "restaurant:2")
    streams = {topic: hub.open(ticket(topic, topic), NOW) for topic in topics}
    hub.hear([Change(1, "AB12-CD34")], NOW + 1)
    assert {topic for topic, stream in streams.items() if stream.news} == set(topics[:3])


def test_whoever_comes_back_is_told_if_something_changed_meanwhile(hub):
    hub.hear([Change(1, "AB12-CD34")], NOW + 100)
    assert hub.open(ticket(nonce="b"), NOW + 90).news == CHANGED
    # A transaction may have lasted.
    assert hub.open(ticket(nonce="c"), NOW + 100 + MARGIN - 1).news == CHANGED
    assert hub.open(ticket(nonce="d"), NOW + 100 + MARGIN + 1).news == ""
    assert hub.open(ticket("restaurant:2", "e"), NOW + 90).news == ""


def test_whoever_was_away_for_longer_than_is_known_is_told_to_look(hub):
    assert hub.open(ticket(), NOW - 1).news == UNSURE
    hub.remember([(Change(1, "AB12-CD34"), NOW - 50)], NOW - 600)
    assert hub.open(ticket(nonce="b"), NOW - 60).news == CHANGED
    assert hub.open(ticket("restaurant:2", "c"), NOW - 60).news == ""
    assert hub.open(ticket("restaurant:2", "d"), NOW - 601).news == UNSURE


def test_a_change_is_not_lost_behind_a_doubt(hub):
    stream = hub.open(ticket(), NOW)
    stream.tell(CHANGED)
    hub.doubt(NOW + 5)
    assert stream.news == CHANGED


def test_what_is_old_is_forgotten_and_then_doubted(hub):
    hub.hear([Change(1, "AB12-CD34")], NOW)
    hub.forget(NOW + 10_000)
    assert hub.open(ticket(), NOW).news == UNSURE
    assert hub.open(ticket(nonce="b"), NOW + 9_990).news == ""


def test_the_oldest_stream_of_a_ticket_ends_where_it_is_used_again_and_again(hub):
    streams = [hub.open(ticket(), NOW) for _ in range(PER_TICKET + 1)]
    assert [stream.over for stream in streams] == [True] + [False] * PER_TICKET


def test_one_order_does_not_take_the_place_of_all_others(hub):
    streams = [hub.open(ticket("order:1", str(number)), NOW) for number in range(PER_ORDER + 2)]
    assert [stream.over for stream in streams] == [True] * 2 + [False] * PER_ORDER
    boards = [hub.open(ticket(nonce=f"b{number}"), NOW) for number in range(2)]
    assert not any(board.over for board in boards)


def test_there_are_so_many_streams_and_some_are_kept_for_those_who_work_here(hub):
    orders = [hub.open(ticket(f"order:{number}", str(number)), NOW) for number in range(8)]
    with pytest.raises(Full):
        hub.open(ticket("order:9", "9"), NOW)
    boards = [hub.open(ticket(nonce=f"b{number}"), NOW) for number in range(2)]
    with pytest.raises(Full):
        hub.open(ticket(nonce="c"), NOW)
    for stream in orders + boards:
        hub.close(stream)
    assert len(hub) == 0
    assert list(hub) == []
    hub.open(ticket("order:9", "9"), NOW)


def test_streams_end_whose_session_ended_or_whose_rights_changed(hub):
    sessions = {"a": "manager//1", "b": "manager//1", "c": "manager/3/1"}
    of = {
        name: hub.open(ticket(nonce=name, session=name, rights=rights), NOW)
        for name, rights in sessions.items()
    }
    customer = hub.open(ticket("order:1", "x"), NOW)
    asked = hub.sessions()
    newer = hub.open(ticket(nonce="d", session="d", rights="manager//1"), NOW)
    hub.keep_only(asked, {"a": "manager//1", "c": "cashier/3/1"})
    assert {name for name, stream in of.items() if stream.over} == {"b", "c"}
    assert not customer.over
    assert not newer.over


def test_a_stream_whose_time_is_over_ends_at_its_next_beat(hub):
    young, old = hub.open(ticket(), NOW), hub.open(ticket(nonce="b"), NOW)
    old.ends_at = time.monotonic() - 1
    hub.beat([young, old])
    assert (young.over, old.over) == (False, True)
