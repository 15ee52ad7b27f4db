"""Days on which a restaurant opens at other hours, or not at all."""

from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, author_of, make_branch, make_pizzeria, make_staff, order_of
from ocpizza.domain.checkout import RestaurantClosed
from ocpizza.domain.hours import Exceptional, Span
from ocpizza.models.account import Role
from ocpizza.models.restaurant import ExceptionalDays, ExceptionalHours
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.catalogue.exceptional_days import (
    MAX_KEPT,
    REMEMBERED,
    DaysGone,
    DaysTaken,
    TooManyDays,
    add_exceptional,
    forget_past_days,
    list_exceptional,
    remove_exceptional,
)
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.trail.record import Signature

TODAY = NOON.date()
HOLIDAYS = Exceptional(TODAY, TODAY + timedelta(days=2), "Congés")
LUNCH = Exceptional(TODAY, TODAY, "Inventaire", (Span(660, 840), Span(1080, 1320)))


@pytest.fixture
def signed(session, pizzeria):
    return Signature(author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant)), NOON)


def test_the_shop_is_closed_at_once_and_open_again_after(session, pizzeria, signed):
    assert order_of(session, pizzeria)
    add_exceptional(session, pizzeria.restaurant.id, HOLIDAYS, TODAY, signed)
    with pytest.raises(RestaurantClosed) as refused:
        order_of(session, pizzeria)
    opens = NOON.replace(hour=5) + timedelta(days=3)
    assert refused.value.opens_at == opens
    assert order_of(session, pizzeria, now=opens)


def test_another_restaurant_stays_open(session, pizzeria, signed):
    branch = make_branch(session, pizzeria, code="city_002")
    add_exceptional(session, pizzeria.restaurant.id, HOLIDAYS, TODAY, signed)
    assert order_of(session, branch)


def test_exceptional_hours_are_read_as_they_were_written(session, pizzeria, signed):
    add_exceptional(session, pizzeria.restaurant.id, LUNCH, TODAY, signed)
    (point,) = list_restaurants(session)
    assert point.exceptions == (LUNCH,)
    assert list_exceptional(session, pizzeria.restaurant.id, TODAY) == [LUNCH]


def test_what_is_over_is_listed_no_more(session, pizzeria, signed):
    add_exceptional(session, pizzeria.restaurant.id, HOLIDAYS, TODAY, signed)
    assert list_exceptional(session, pizzeria.restaurant.id, HOLIDAYS.last_day) == [HOLIDAYS]
    after = HOLIDAYS.last_day + timedelta(days=1)
    assert list_exceptional(session, pizzeria.restaurant.id, after) == []


@pytest.mark.parametrize(("first", "last"), [(-1, 0), (0, 0), (2, 5), (-1, 9), (1, 1)])
def test_days_are_exceptional_in_one_way_only(session, pizzeria, signed, first, last):
    add_exceptional(session, pizzeria.restaurant.id, HOLIDAYS, TODAY, signed)
    days = Exceptional(TODAY + timedelta(days=first), TODAY + timedelta(days=last), "Travaux")
    with pytest.raises(DaysTaken) as refused:
        add_exceptional(session, pizzeria.restaurant.id, days, TODAY, signed)
    assert (refused.value.first, refused.value.last) == HOLIDAYS[:2]


def test_the_days_beside_are_free(session, pizzeria, signed):
    add_exceptional(session, pizzeria.restaurant.id, HOLIDAYS, TODAY, signed)
    after = HOLIDAYS.last_day + timedelta(days=1)
    add_exceptional(
        session, pizzeria.restaurant.id, Exceptional(after, after, "Fête"), TODAY, signed
    )
    assert len(list_exceptional(session, pizzeria.restaurant.id, TODAY)) == 2


def test_nobody_plans_without_end(session, pizzeria, signed):
    for ahead in range(MAX_KEPT):
        day = TODAY + timedelta(days=ahead)
        days = Exceptional(day, day, "Travaux")
        add_exceptional(session, pizzeria.restaurant.id, days, TODAY, signed)
    days = Exceptional(TODAY + timedelta(days=99), TODAY + timedelta(days=99), "Travaux")
    with pytest.raises(TooManyDays):
        add_exceptional(session, pizzeria.restaurant.id, days, TODAY, signed)


def test_removed_they_are_days_like_others(session, pizzeria, signed):
    add_exceptional(session, pizzeria.restaurant.id, LUNCH, TODAY, signed)
    remove_exceptional(session, pizzeria.restaurant.id, TODAY, TODAY, signed)
    assert list_restaurants(session)[0].exceptions == ()
    assert session.scalars(select(ExceptionalHours)).all() == []
    assert order_of(session, pizzeria)


def test_what_somebody_else_has_changed_is_not_removed_unseen(session, pizzeria, signed):
    add_exceptional(session, pizzeria.restaurant.id, HOLIDAYS, TODAY, signed)
    with pytest.raises(DaysGone):
        remove_exceptional(session, pizzeria.restaurant.id, TODAY, TODAY, signed)
    remove_exceptional(session, pizzeria.restaurant.id, *HOLIDAYS[:2], signed)
    with pytest.raises(DaysGone):
        remove_exceptional(session, pizzeria.restaurant.id, *HOLIDAYS[:2], signed)


def test_the_trail_tells_what_came_and_went(session, pizzeria, signed):
    add_exceptional(session, pizzeria.restaurant.id, LUNCH, TODAY, signed)
    remove_exceptional(session, pizzeria.restaurant.id, TODAY, TODAY, signed)
    added, removed = session.scalars(select(StaffChange).order_by(StaffChange.id))
    assert added.facts_before is None
    assert added.facts_after == removed.facts_before
    assert added.facts_after["first_day"] == TODAY.isoformat()
    assert added.facts_after["special_hours"] == [[660, 840], [1080, 1320]]
    assert added.facts_after["closing_note"] == "Inventaire"


@pytest.mark.parametrize(
    "values", [{"last_day": date(2026, 1, 1), "first_day": date(2026, 1, 2)}], ids=["order"]
)
def test_the_database_refuses_an_end_before_the_beginning(session, pizzeria, values):
    here = pizzeria.restaurant.id
    session.add(ExceptionalDays(restaurant_id=here, closing_note="x", **values))
    with pytest.raises(IntegrityError):
        session.flush()


def test_of_two_who_plan_the_same_days_at_once_one_is_heard(committed_database):
    with Session(committed_database, expire_on_commit=False) as session, session.begin():
        restaurant = make_pizzeria(session).restaurant
        author = author_of(make_staff(session, Role.MANAGER, restaurant))

    def plan(note: str, session: Session) -> str:
        days = HOLIDAYS._replace(note=note)
        add_exceptional(session, restaurant.id, days, TODAY, Signature(author, NOON))
        return note

    outcomes = all_at_once(committed_database, [partial(plan, note) for note in "abcd"])
    (heard,) = succeeded(outcomes, DaysTaken)
    with Session(committed_database) as session:
        assert [each.note for each in list_restaurants(session)[0].exceptions] == [heard]


def test_days_long_over_are_forgotten_and_no_others(session, pizzeria, signed):
    here = pizzeria.restaurant.id
    add_exceptional(session, here, LUNCH, TODAY, signed)
    add_exceptional(
        session,
        here,
        Exceptional(TODAY + timedelta(days=1), TODAY + timedelta(days=1), "Fête"),
        TODAY,
        signed,
    )
    assert forget_past_days(session, NOON + REMEMBERED) == 0
    assert forget_past_days(session, NOON + REMEMBERED + timedelta(days=1)) == 1
    kept = session.scalars(select(ExceptionalDays)).all()
    assert [days.closing_note for days in kept] == ["Fête"]
    assert session.scalars(select(ExceptionalHours)).all() == []
    assert forget_past_days(session, NOON + REMEMBERED + timedelta(days=1)) == 0
