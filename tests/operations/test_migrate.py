"""Migrations: up, down and up again, and the same schema as the models say."""

import pytest
from sqlalchemy import inspect, text

from databases import MIGRATIONS
from ocpizza.operations.migrate import (
    MigrationError,
    current_revision,
    head_revision,
    migrate,
    serves,
)
from schema import later_migrations


def tables(engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_a_database_goes_up_down_and_up_again(empty_database):
    head = head_revision(MIGRATIONS)
    assert migrate(empty_database, MIGRATIONS) == (None, head)
    full = tables(empty_database)
    assert {"orders", "stock_movement", "alembic_version"} <= full

    assert migrate(empty_database, MIGRATIONS, "base") == (head, None)
    assert tables(empty_database) == {"alembic_version"}

    assert migrate(empty_database, MIGRATIONS) == (None, head)
    assert tables(empty_database) == full


def test_nothing_but_tables_is_left_behind_by_going_down(empty_database):
    migrate(empty_database, MIGRATIONS)
    migrate(empty_database, MIGRATIONS, "base")
    if empty_database.dialect.name == "postgresql":
        query = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    else:
        query = "SELECT name FROM sqlite_master WHERE tbl_name <> 'alembic_version'"
    with empty_database.connect() as connection:
        assert connection.execute(text(query)).all() == []


def test_migrating_twice_changes_nothing(committed_database):
    head = head_revision(MIGRATIONS)
    assert migrate(committed_database, MIGRATIONS) == (head, head)


def test_a_database_of_a_newer_version_is_refused(committed_database):
    with committed_database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationError, match=r"revision 9999.*install the version that made it"):
        migrate(committed_database, MIGRATIONS)
    with committed_database.connect() as connection:
        assert current_revision(connection) == "9999"


def test_a_missing_folder_is_named(empty_database, tmp_path):
    with pytest.raises(MigrationError, match=f"no migrations in {tmp_path}"):
        migrate(empty_database, tmp_path)
    assert tables(empty_database) == set()


def test_a_migration_that_fails_leaves_nothing_behind(empty_database, tmp_path):
    later = later_migrations(tmp_path / "later", upgrade="raise RuntimeError")
    with pytest.raises(RuntimeError):
        migrate(empty_database, later)
    assert tables(empty_database) <= {"alembic_version"}


def answers(engine, *revisions: str | None) -> list[bool]:
    with engine.connect() as connection:
        return [serves(connection, revision) for revision in revisions]


def test_the_database_serves_its_own_programs_and_those_before_that_miss_nothing(
    committed_database, tmp_path
):
    ours = head_revision(MIGRATIONS)
    assert answers(committed_database, ours, "0021", "later", None) == [True, False, False, False]
    migrate(committed_database, later_migrations(tmp_path / "expands"))
    assert answers(committed_database, "later", ours, "latest") == [True, True, False]


def test_a_migration_that_takes_something_away_leaves_older_programs_behind(
    committed_database, tmp_path
):
    migrate(committed_database, later_migrations(tmp_path / "contracts", head_revision(MIGRATIONS)))
    assert answers(committed_database, "later", head_revision(MIGRATIONS)) == [True, False]


def test_what_the_release_before_no_longer_read_may_go_and_leaves_only_older_ones_behind(
    committed_database, tmp_path
):
    ours = head_revision(MIGRATIONS)
    folder = later_migrations(tmp_path / "drops")
    (folder / "versions" / "latest.py").write_text(
        f'revision = "latest"\ndown_revision = "later"\ncontracts = "{ours}"\n\n\n'
        "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"
    )
    migrate(committed_database, folder)
    assert answers(committed_database, "latest", "later", ours) == [True, True, False]


def test_a_database_from_before_it_said_so_serves_its_own_program_alone(empty_database):
    migrate(empty_database, MIGRATIONS, "0021")
    assert answers(empty_database, "0021", "0020", "0022") == [True, False, False]
