"""Tables that a restaurant brings: made beside the product's, and never in their way."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from databases import BACKENDS
from factories import make_account
from ocpizza.db import Base
from ocpizza.models.account import Account
from ocpizza.operations.backup.contents import contents
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.check import check_database
from ocpizza.overlay import OverlayError, build
from ocpizza.overlay.release import read_release
from ocpizza.overlay.tables import load_checked


@pytest.fixture(params=BACKENDS)
def backend(request) -> str:
    """Both kinds: a table is made by either's own means."""
    return request.param


MODELS = """
from datetime import datetime
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column
from ocpizza.models.account import Account
from ocpizza.overlay.tables import new_base

Base = new_base()

class Visit(Base):
    __tablename__ = "city_001_visit"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    page: Mapped[str] = mapped_column(String(40), default="", server_default="")
    weight: Mapped[float | None]
    seen: Mapped[bool]

class Note(Base):
    __tablename__ = "city_001_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey(Visit.id, ondelete="SET NULL"))
"""
TABLES = ["city_001_visit", "city_001_note"]


def create_tables(engine: Engine, release: Path) -> list[str]:
    with engine.begin() as connection:
        return build.create_tables(connection, release)


def test_missing_tables_are_made_and_those_that_are_there_left(committed_database, release, put):
    put("city_001/models.py", MODELS)
    put("common/models.py", "# none yet")
    assert create_tables(committed_database, release) == TABLES
    with committed_database.begin() as connection:
        connection.execute(text("INSERT INTO city_001_note (id) VALUES (7)"))
    assert create_tables(committed_database, release) == []
    put("city_002/models.py", MODELS.replace("city_001", "city_002"))
    assert create_tables(committed_database, release) == [
        name.replace("city_001", "city_002") for name in TABLES
    ]
    with committed_database.connect() as connection:
        assert connection.scalar(text("SELECT id FROM city_001_note")) == 7


@pytest.mark.parametrize(
    "change",
    [
        ('page: Mapped[str] = mapped_column(String(40), default="", server_default="")', ""),
        ("seen: Mapped[bool]", "seen: Mapped[bool]\n    more: Mapped[int]"),
        ("weight: Mapped[float | None]", "weight: Mapped[str | None]"),
        ("weight: Mapped[float | None]", "weight: Mapped[float]"),
    ],
)
def test_a_table_with_other_columns_is_refused_and_none_is_made(
    committed_database, release, put, change
):
    put("city_001/models.py", MODELS)
    create_tables(committed_database, release)
    put("city_001/models.py", MODELS.replace(*change))
    put("city_000/models.py", MODELS.replace("city_001", "city_000"))
    with pytest.raises(OverlayError, match=r"table city_001_visit is there with other columns"):
        create_tables(committed_database, release)
    assert not inspect(committed_database).has_table("city_000_visit")


WRONG = {
    ("city_001_visit", "visit"): "table visit: its name must begin with city_001_",
    ("city_001_visit", "account"): "table account: its name must begin with city_001_",
    (', ondelete="CASCADE"), index', "), index"): "account_id needs ondelete=",
    ('"CASCADE"', '"RESTRICT"'): "account_id needs ondelete=",
    ('"CASCADE"', '"SET NULL"'): "account_id is set to NULL, so it must be nullable",
    (', ondelete="SET NULL"', ""): "visit_id needs ondelete=",
    ("Account.id, on", '"account.id", on'): "account_id names no table: write ForeignKey(",
    ("city_001_visit", "city_001_" + "v" * 60): "its name must be a plain one",
}


@pytest.mark.parametrize("change", WRONG, ids=map(str, range(len(WRONG))))
def test_a_table_in_the_products_way_is_refused(committed_database, release, put, change):
    put("city_001/models.py", MODELS.replace(*change))
    with pytest.raises(OverlayError) as refused:
        create_tables(committed_database, release)
    assert str(refused.value).startswith("city_001/models.py: table ")
    assert WRONG[change] in str(refused.value)
    assert not inspect(committed_database).has_table("city_001_visit")


REACHING = {
    'relationship(Account, backref="notes_of_city")': "account has a backref",
    'relationship(lambda: Account, backref=backref("notes_of_city"))': "account has a backref",
    'relationship(Account, back_populates="identities")': "account has back_populates to a class",
    'relationship(lambda: Account, back_populates="x")': "account has back_populates to a class",
    'relationship(back_populates="x")': "account has back_populates to a class",
}
RELATED = "seen: Mapped[bool]\n    account: Mapped[Account] = {}"
IMPORTS = ("import Mapped, mapped", "import Mapped, backref, relationship, mapped")


def related(how: str) -> str:
    return MODELS.replace(*IMPORTS).replace("seen: Mapped[bool]", RELATED.format(how))


@pytest.mark.parametrize("how", REACHING, ids=map(str, range(len(REACHING))))
def test_a_class_that_would_change_the_products_is_refused(release, put, how):
    put("city_001/models.py", related(how))
    before = {mapper: set(vars(mapper.class_)) for mapper in Base.registry.mappers}
    for _reading in range(2):
        with pytest.raises(OverlayError) as refused:
            load_checked(read_release(release))
        said = str(refused.value)
        assert said.startswith(f"city_001/models.py: class Visit: {REACHING[how]}")
        # As the first query would, were it not refused.
        Base.registry.configure(cascade=True)
    assert {mapper: set(vars(mapper.class_)) for mapper in Base.registry.mappers} == before


def test_classes_that_know_each_other_and_the_products_are_read_again(release, put):
    both = related("relationship(Account)").replace(
        "seen: Map",
        'notes: Mapped[list["Note"]] = relationship(back_populates="visit")\n    seen: Map',
    )
    note = "    visit: Mapped[Visit] = relationship(back_populates='notes')\n"
    put("city_001/models.py", both + note)
    for _reading in range(2):
        modules = load_checked(read_release(release))
        (models,) = (one.module for one in modules.components)
        models.Base.registry.configure(cascade=True)
        modules.forget()


def test_erasing_and_checking_and_saving_go_on(committed_database, release, put):
    put("city_001/models.py", MODELS)
    create_tables(committed_database, release)
    with Session(committed_database) as session, session.begin():
        account = make_account(session)
        session.flush()
        who = account.id
        session.execute(
            text("INSERT INTO city_001_visit (id, account_id, at, seen) VALUES (1, :id, :at, :no)"),
            {"id": who, "at": "2026-11-29 12:00:00+00:00", "no": False},
        )
        session.execute(text("INSERT INTO city_001_note (id, visit_id) VALUES (1, 1)"))
    assert list(check_database(committed_database)) == []
    with committed_database.connect() as connection:
        found = contents(connection, Stages())
        assert {name: found[name].rows for name in TABLES} == dict.fromkeys(TABLES, 1)
    with Session(committed_database) as session, session.begin():
        session.delete(session.get(Account, who))
    with committed_database.connect() as connection:
        found = contents(connection, Stages())
        assert [found[name].rows for name in TABLES] == [0, 1]
