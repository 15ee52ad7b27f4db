"""The audit trail is searched by place, person, kind and period, a page at a time."""

from datetime import timedelta

import pytest

from factories import NOON, author_of, make_branch, make_staff
from ocpizza.models.account import Role
from ocpizza.models.staff_change import Subject
from ocpizza.services.trail.record import Change, Signature, record_change
from ocpizza.services.trail.search import PAGE, Search, list_changes


@pytest.fixture
def trail(session, pizzeria):
    """Changes of both restaurants and of the group, an hour apart, the oldest first."""
    here, there = pizzeria.restaurant, make_branch(session, pizzeria, code="city_002").restaurant
    chief, other = make_staff(session, Role.MANAGER, here), make_staff(session, Role.MANAGER, there)

    def add(hours, author, place, subject, name, **values):
        change = Change(subject, None, {}, place, name=name, **values)
        signed = Signature(author_of(author), NOON + timedelta(hours=hours))
        record_change(session, signed, change)

    add(0, chief, here.id, Subject.PROMOTION, "one")
    add(1, chief, here.id, Subject.STAFF, "two", account_id=other.id)
    add(2, other, there.id, Subject.STAFF, "three")
    add(3, other, None, Subject.PROMOTION, "four")
    session.flush()
    return {"here": here.id, "there": there.id, "chief": chief.id, "other": other.id}


def names(session, **search):
    return [each.name for each in list_changes(session, Search(**search)).changes]


def test_the_newest_comes_first_and_a_restaurant_sees_its_own(session, trail):
    assert names(session) == ["four", "three", "two", "one"]
    assert names(session, restaurant_id=trail["here"]) == ["two", "one"]


def test_it_is_searched_by_person_kind_and_period(session, trail):
    assert names(session, author_id=trail["other"]) == ["four", "three"]
    assert names(session, account_id=trail["other"]) == ["two"]
    assert names(session, subject="staff") == ["three", "two"]
    first, last = NOON + timedelta(hours=1), NOON + timedelta(hours=3)
    assert names(session, since=first, until=last) == ["three", "two"]
    assert names(session, subject="staff", restaurant_id=trail["there"], since=last) == []


def test_pages_follow_each_other_without_a_gap(session, pizzeria):
    author = author_of(make_staff(session, Role.MANAGER))
    count = 2 * PAGE + 1
    for number in range(count):
        # Several at the same moment, too.
        change = Change(Subject.STAFF, None, {}, None, name=str(number))
        signed = Signature(author, NOON + timedelta(minutes=number // 3))
        record_change(session, signed, change)
    session.flush()
    seen, before = [], 0
    while True:
        page = list_changes(session, Search(), before)
        seen += [each.name for each in page.changes]
        if not page.older:
            break
        before = page.changes[-1].id
    assert seen == [str(number) for number in reversed(range(count))]


def test_the_page_after_a_change_of_others_is_the_newest(session, trail):
    (foreign,) = (each.id for each in list_changes(session, Search()).changes if each.name == "two")
    found = list_changes(session, Search(restaurant_id=trail["there"]), foreign)
    assert [each.name for each in found.changes] == ["three"]
