"""A database for one test alone is as new, whatever the test before did to its own."""

import pytest
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from databases import BACKENDS, Databases
from factories import make_account
from ocpizza.models.account import Account

pytestmark = pytest.mark.parametrize("backend", BACKENDS)
# As many connections as nobody else wants: what was kept is what this test gave back.
ALONE = 7


def accounts(engine: Engine) -> list[int]:
    with Session(engine) as session:
        return list(session.scalars(select(Account.id)))


def add_account(engine: Engine) -> int:
    with Session(engine) as session, session.begin():
        return make_account(session).id


def test_rows_of_the_test_before_are_gone_and_numbers_begin_again(databases: Databases, backend):
    with databases.private(backend, pool_size=ALONE) as engine:
        first = [add_account(engine), add_account(engine)]
    with databases.private(backend, pool_size=ALONE) as again:
        assert again is engine
        assert accounts(again) == []
        assert [add_account(again), add_account(again)] == first


def test_what_is_in_the_template_is_in_each_copy(databases: Databases, backend, tmp_path):
    with databases.private(backend) as full:
        made = add_account(full)
        full.dispose()
        for _ in range(2):
            with databases.copy(backend, full.url.database, ALONE) as engine:
                assert accounts(engine) == [made]
                assert add_account(engine) == made + 1
        assert accounts(full) == [made]


def test_a_database_may_be_a_template_time_and_again(databases: Databases, backend):
    names = set()
    for people in (1, 2):
        with databases.private(backend, pool_size=ALONE) as full:
            made = [add_account(full) for _ in range(people)]
            full.dispose()
            names.add(full.url.database)
            for _ in range(2):
                with databases.copy(backend, full.url.database, ALONE + 1) as engine:
                    assert accounts(engine) == made
    assert len(names) == 1


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE basket_line",
        "ALTER TABLE account ADD COLUMN more INTEGER",
        "CREATE TABLE more (id INTEGER)",
        "CREATE INDEX more ON account (last_name)",
    ],
)
def test_altered_tables_are_passed_on_to_nobody(databases: Databases, backend, change):
    def tables(engine: Engine) -> tuple[list[str], list[str]]:
        seen = inspect(engine)
        parts = (*seen.get_columns("account"), *seen.get_indexes("account"))
        return sorted(seen.get_table_names()), sorted(part["name"] for part in parts)

    with databases.private(backend, pool_size=ALONE) as engine:
        before = tables(engine)
        with engine.begin() as connection:
            connection.execute(text(change))
    with databases.private(backend, pool_size=ALONE) as engine:
        assert tables(engine) == before
