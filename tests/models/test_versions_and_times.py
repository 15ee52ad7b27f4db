"""Lost updates are noticed, and times are UTC and aware."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from factories import NOON, make_account, make_pizzeria
from ocpizza.column_types import UtcDateTime
from ocpizza.db import Base, Versioned, rows_changed
from ocpizza.models.account import Account
from ocpizza.models.ingredient import Ingredient


def test_a_write_over_a_newer_version_is_refused(session, pizzeria):
    flour = pizzeria.ingredients["farine"]
    session.execute(update(Ingredient.__table__).where(Ingredient.id == flour.id).values(version=2))
    flour.name = "Farine T55"
    with pytest.raises(StaleDataError):
        session.flush()


def test_of_two_who_edit_the_same_row_the_second_is_told(committed_database):
    with Session(committed_database) as session, session.begin():
        make_pizzeria(session)
    query = select(Ingredient).where(Ingredient.code == "farine")
    with Session(committed_database, expire_on_commit=False) as reading:
        seen_by_second = reading.scalars(query).one()
    with Session(committed_database) as first, first.begin():
        first.scalars(query).one().name = "Farine T45"
    seen_by_second.name = "Farine T55"
    with pytest.raises(StaleDataError), Session(committed_database) as second, second.begin():
        second.add(seen_by_second)
    with Session(committed_database) as session:
        assert session.scalars(query).one().name == "Farine T45"


def test_each_change_raises_the_version(session, pizzeria):
    flour = pizzeria.ingredients["farine"]
    flour.note = "moulue"
    session.flush()
    assert flour.version == 2


def columns_of(row) -> dict[str, object]:
    return {each.key: getattr(row, each.key) for each in inspect(row).mapper.column_attrs}


def test_a_version_may_be_raised_by_what_changed_elsewhere(session, pizzeria):
    changing = [pizzeria.ingredients["farine"], pizzeria.restaurant, make_account(session)]
    for row in changing:
        before = columns_of(row)
        row.touch_version()
        session.flush()
        session.refresh(row)
        assert columns_of(row) == before | {"version": before["version"] + 1}


def test_changed_rows_are_counted_by_the_database(session, pizzeria):
    flour, eggs = pizzeria.ingredients["farine"], pizzeria.ingredients["oeuf"]
    rename = update(Ingredient).values(note="moulue")
    assert rows_changed(session, rename.where(Ingredient.id.in_([flour.id, eggs.id]))) == 2
    assert rows_changed(session, rename.where(Ingredient.id == 0)) == 0


def test_whatever_staff_may_edit_has_a_version():
    versioned = {
        m.class_.__tablename__ for m in Base.registry.mappers if issubclass(m.class_, Versioned)
    }
    assert versioned >= {
        "account",
        "employee",
        "ingredient",
        "legal_entity",
        "orders",
        "product",
        "product_size",
        "promotion",
        "restaurant",
        "restaurant_price",
    }


def test_a_time_without_a_zone_is_refused(session):
    with pytest.raises(StatementError, match="without a time zone"), session.begin_nested():
        make_account(session, created_at=NOON.replace(tzinfo=None))


@given(
    st.integers(0, 4_000_000_000_000_000).map(lambda us: EPOCH + timedelta(microseconds=us)),
    st.integers(-14 * 60, 14 * 60),
)
def test_a_time_comes_back_as_the_same_instant_in_utc(session, at, offset):
    local = at.astimezone(timezone(timedelta(minutes=offset)))
    account = make_account(session, created_at=local)
    kept = session.scalar(select(Account.created_at).where(Account.id == account.id))
    assert kept == at
    assert kept.tzinfo is UTC


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def test_times_compare_in_the_database_by_instant(session):
    paris = timezone(timedelta(hours=1))
    early = make_account(session, created_at=NOON.astimezone(paris))
    late = make_account(session, created_at=NOON + timedelta(seconds=1))
    query = select(Account.id).where(Account.id.in_([early.id, late.id]))
    assert session.scalars(query.order_by(Account.created_at)).all() == [early.id, late.id]
    assert session.scalars(query.where(Account.created_at > NOON)).all() == [late.id]


def test_no_time_is_none():
    assert UtcDateTime().process_bind_param(None, None) is None
    assert UtcDateTime().process_result_value(None, None) is None
