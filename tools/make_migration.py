"""Write the next migration: what the models have that the migrations do not make yet.

Both databases are asked, and must want the same. What alembic cannot see (CHECK constraints,
triggers, what becomes of the rows) is for a person to add; what is left is listed.
"""

import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations.ops import DowngradeOps, UpgradeOps
from mako.template import Template
from sqlalchemy import Column, Engine, Enum, TypeDecorator
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import False_, True_

import ocpizza.models  # noqa: F401  (fills the metadata)
from databases import BACKENDS, MIGRATIONS, Databases
from ocpizza.db import Base
from ocpizza.operations.migrate import head_revision, migrate
from schema import Schema, schema_of

MAX_NAME_LENGTH = 40


def main(message: str) -> int:
    message = message.strip().rstrip(".")
    if not message:
        print('Say what it is for: make migration MESSAGE="Mail says since when"', file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(Path(folder))
        try:
            return make(databases, message, MIGRATIONS)
        finally:
            databases.close()


def make(databases: Databases, message: str, migrations: Path) -> int:
    """Write it, say what is left to do; the exit status."""
    wanted = {backend: _wanted(databases, backend, migrations) for backend in BACKENDS}
    first, *others = wanted.values()
    if any(each != first for each in others):
        print("The databases want different things; write it by hand:", file=sys.stderr)
        print(*(f"# {backend}\n{code[0]}" for backend, code in wanted.items()), file=sys.stderr)
        return 1
    if first == ("pass", "pass") and not _left(databases, migrations):
        print("The migrations make what the models describe: nothing to write.")
        return 0
    path = _write(migrations, message, *first)
    print(f"Written: {path.relative_to(migrations.parent)}. Read it: what becomes of the rows?")
    print(*(f"  to add by hand, {line}" for line in _left(databases, migrations)), sep="\n")
    return 0


def _wanted(databases: Databases, backend: str, migrations: Path) -> tuple[str, str]:
    """The bodies of `upgrade` and `downgrade` that one kind of database would have."""
    with databases.private(backend, migrated=False) as engine:
        migrate(engine, migrations)
        with engine.connect() as connection:
            options = {"render_item": _plain_type, "include_object": _is_seen_by_both}
            context = MigrationContext.configure(connection, opts=options)
            found = produce_migrations(context, Base.metadata)
            assert found.upgrade_ops is not None
            assert found.downgrade_ops is not None
            return tuple(_code(each, context) for each in (found.upgrade_ops, found.downgrade_ops))


def _is_seen_by_both(item: Any, _name: str, kind: str, *_: Any) -> bool:
    """An index of an expression is there for PostgreSQL alone to see: a person adds it."""
    return kind != "index" or all(isinstance(each, Column) for each in item.expressions)


def _plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration names no type of ours: it stays what it was when ours has changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    if kind == "server_default" and isinstance(getattr(item, "arg", None), (False_, True_)):
        return f"sa.{item.arg}()"
    return False


def _code(operations: UpgradeOps | DowngradeOps, context: MigrationContext) -> str:
    text = render_python_code(operations, render_item=_plain_type, migration_context=context)
    return re.sub(r"^ *#.*\n?", "", text, flags=re.MULTILINE).strip()


def _write(migrations: Path, message: str, upgrades: str, downgrades: str) -> Path:
    before = head_revision(migrations)
    number = f"{int(before or 0) + 1:04}"
    path = migrations / "versions" / f"{number}_{_slug(message)}.py"
    template = Template(filename=str(migrations / "script.py.mako"))
    values = {"up_revision": number, "down_revision": before, "imports": ""}
    values |= {"branch_labels": None, "depends_on": None, "message": message}
    text = template.render(upgrades=upgrades, downgrades=downgrades, **values)
    path.write_text(text, encoding="utf-8")
    ruff, settings = Path(sys.executable).with_name("ruff"), MIGRATIONS.parent / "pyproject.toml"
    subprocess.run([ruff, "format", "--quiet", "--config", settings, path], check=True)
    return path


def _slug(message: str) -> str:
    plain = unicodedata.normalize("NFKD", message).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain)[:MAX_NAME_LENGTH].strip("_")


def _left(databases: Databases, migrations: Path) -> list[str]:
    """What the models describe and the migrations do not make."""
    lines = []
    for backend in BACKENDS:
        with (
            databases.private(backend, migrated=False) as migrated,
            databases.private(backend, migrated=False) as modelled,
        ):
            try:
                migrate(migrated, migrations)
            except (SQLAlchemyError, NotImplementedError) as error:
                lines.append(f"{backend}: it does not run there: {str(error).splitlines()[0]}")
                continue
            Base.metadata.create_all(modelled)
            found = differences(_schema(modelled), _schema(migrated))
            lines += [f"{backend}: {line}" for line in found]
    return lines


def _schema(engine: Engine) -> Schema:
    with engine.connect() as connection:
        return schema_of(connection)


def differences(modelled: Schema, migrated: Schema) -> list[str]:
    """One line for whatever is in one schema and not in the other, or not the same."""
    ours, theirs = _flat(modelled), _flat(migrated)
    return [
        f"{what}: {ours.get(what, 'nothing')}, not {theirs.get(what, 'nothing')}"
        for what in sorted(ours.keys() | theirs.keys())
        if ours.get(what) != theirs.get(what)
    ]


def _flat(schema: Schema) -> dict[str, object]:
    parts = {name: what for name, what in schema.items() if name in ("triggers", "functions")}
    flat = {f"{kind} {name}": text for kind, what in parts.items() for name, text in what.items()}
    for table in schema.keys() - parts.keys():
        for kind, what in schema[table].items():
            flat |= {f"{table} {kind} {name}": content for name, content in what.items()}
    return flat


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
