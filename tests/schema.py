"""Everything that a database says of its schema, in a form that can be compared."""

import re
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from databases import MIGRATIONS
from ocpizza.operations.migrate import head_revision

Schema = dict[str, Any]
TRIGGERS = {
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
}
SQLITE_INDEXES = (
    "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
    "AND tbl_name <> 'alembic_version'"
)
FUNCTIONS = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


def schema_of(connection: Connection) -> Schema:
    """Tables with all that belongs to them, and triggers."""
    inspector = inspect(connection)
    names = set(inspector.get_table_names()) - {"alembic_version"}
    schema: Schema = {name: _table(inspector, name) for name in sorted(names)}
    schema["triggers"] = _texts(connection, TRIGGERS[connection.dialect.name])
    if connection.dialect.name == "postgresql":
        schema["functions"] = _texts(connection, FUNCTIONS)
    else:
        # SQLAlchemy passes over those of an expression.
        for name, table, definition in connection.execute(text(SQLITE_INDEXES)):
            schema[table]["ix"].setdefault(name, _normal(definition))
    return schema


def constraint_names(schema: Schema) -> list[tuple[str, str, str | None]]:
    """(table, kind, name) of every constraint and index."""
    return [
        (table, kind, name)
        for table, what in schema.items()
        if table not in ("triggers", "functions")
        for kind in ("pk", "fk", "uq", "ck", "ix")
        for name in what[kind]
    ]


def _table(inspector: Any, name: str) -> Schema:
    primary = inspector.get_pk_constraint(name)
    return {
        "columns": {column["name"]: _column(column) for column in inspector.get_columns(name)},
        "pk": {primary["name"]: primary["constrained_columns"]},
        "fk": _by_name(
            inspector.get_foreign_keys(name),
            lambda key: (
                key["constrained_columns"],
                key["referred_table"],
                key["referred_columns"],
                key["options"],
            ),
        ),
        "uq": _by_name(inspector.get_unique_constraints(name), lambda key: key["column_names"]),
        "ck": _by_name(
            inspector.get_check_constraints(name), lambda check: _normal(check["sqltext"])
        ),
        "ix": _by_name(inspector.get_indexes(name), _index),
    }


def _column(column: Any) -> tuple[str, bool, str | None]:
    default = column["default"]
    if default is not None:
        # To SQLite, true and 1 are the same.
        default = {"true": "1", "false": "0"}.get(default, _normal(default))
    return str(column["type"]), column["nullable"], default


def _index(index: Any) -> tuple[Any, ...]:
    options = index.get("dialect_options", {})
    predicates = [_normal(str(options[key])) for key in sorted(options) if key.endswith("_where")]
    return index["column_names"], bool(index["unique"]), predicates


def _by_name(rows: Any, content: Any) -> dict[str | None, Any]:
    return {row["name"]: content(row) for row in rows}


def _texts(connection: Connection, query: str) -> dict[str, str]:
    return {name: _normal(definition) for name, definition in connection.execute(text(query))}


def _normal(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


def later_migrations(folder: Path, left_behind: str | None = None, upgrade: str = "pass") -> Path:
    """The migrations of the next version, in a folder: ours and one that may leave some behind."""
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "later.py").write_text(
        f'revision = "later"\ndown_revision = "{head_revision(MIGRATIONS)}"\n'
        f"contracts = {left_behind!r}\n\n\n"
        f"def upgrade():\n    {upgrade}\n\n\ndef downgrade():\n    pass\n"
    )
    return folder
