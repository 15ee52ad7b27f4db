"""The migrations make the schema that the models describe, and everything in it has its name."""

import pytest
from sqlalchemy import Engine

import ocpizza.models  # noqa: F401  (fills the metadata)
from databases import BACKENDS
from ocpizza.db import Base
from schema import constraint_names, schema_of

PREFIXES = {"pk": "pk_", "fk": "fk_", "uq": "uq_", "ck": "ck_", "ix": ("ix_", "uq_")}


def migrated_schema(database: Engine):
    with database.connect() as connection:
        return schema_of(connection)


@pytest.fixture
def modelled_schema(empty_database):
    Base.metadata.create_all(empty_database)
    with empty_database.connect() as connection:
        return schema_of(connection)


def test_migrations_and_models_agree_on_everything(database, modelled_schema):
    migrated = migrated_schema(database)
    assert migrated.keys() == modelled_schema.keys()
    for table, expected in modelled_schema.items():
        assert migrated[table] == expected, f"{table}: make migration MESSAGE=…"


def test_every_table_of_the_models_was_migrated(database):
    assert Base.metadata.tables.keys() <= migrated_schema(database).keys()


def test_every_constraint_has_its_conventional_name(database):
    for table, kind, name in constraint_names(migrated_schema(database)):
        assert name is not None, f"{kind} of {table} has no name"
        assert name.startswith(tuple(f"{p}{table}" for p in _prefixes(kind))), name


def test_both_databases_name_the_same_constraints(databases):
    postgresql, sqlite = (migrated_schema(databases.shared(backend)) for backend in BACKENDS)
    names = set(constraint_names(postgresql))
    # An index behind a unique constraint is listed twice by PostgreSQL.
    twice = {(table, "ix", name) for table, kind, name in names if kind == "uq"}
    assert names - twice == set(constraint_names(sqlite)) - twice


def test_history_is_guarded_by_triggers(database):
    triggers = " ".join(migrated_schema(database)["triggers"])
    assert "order_event_append_only" in triggers
    assert "stock_movement_append_only" in triggers
    assert "staff_change_append_only" in triggers


def _prefixes(kind: str) -> tuple[str, ...]:
    prefix = PREFIXES[kind]
    return prefix if isinstance(prefix, tuple) else (prefix,)
