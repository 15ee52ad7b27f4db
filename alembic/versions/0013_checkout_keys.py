"""A web order and a changed one always keep the key of their form; rows without get a random one."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CHECKS = {
    "orders": "length(checkout_key) = 43 AND (checkout_key IS NOT NULL OR source <> 'web')",
    "order_revision": "length(checkout_key) = 43 AND (checkout_key IS NOT NULL OR number = 1)",
}


def upgrade() -> None:
    for table, check in CHECKS.items():
        _fill(table, check)
        if _on_sqlite():
            _edit_definition(table, check, "substr(sql, 1, length(sql) - 1) || :clause || ')'")
        else:
            op.create_check_constraint(op.f(_name(table)), table, check)


def downgrade() -> None:
    for table, check in CHECKS.items():
        if _on_sqlite():
            _edit_definition(table, check, "replace(sql, :clause, '')")
        else:
            op.drop_constraint(op.f(_name(table)), table, type_="check")


def _fill(table: str, check: str) -> None:
    rows = op.get_bind()
    wrong = rows.scalars(sa.text(f"SELECT id FROM {table} WHERE ({check}) IS FALSE")).all()
    given = [{"id": id, "key": secrets.token_urlsafe(32)} for id in wrong]
    if given:
        rows.execute(sa.text(f"UPDATE {table} SET checkout_key = :key WHERE id = :id"), given)


def _edit_definition(table: str, check: str, edited: str) -> None:
    """Change a table's definition alone: a copy of it would leave the rows that refer to it."""
    rows = op.get_bind()
    version = rows.scalar(sa.text("PRAGMA schema_version"))
    rows.exec_driver_sql("PRAGMA writable_schema = ON")
    rows.execute(
        sa.text(f"UPDATE sqlite_master SET sql = {edited} WHERE type = 'table' AND name = :table"),
        {"clause": f", CONSTRAINT {_name(table)} CHECK ({check})", "table": table},
    )
    rows.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    rows.exec_driver_sql("PRAGMA writable_schema = OFF")


def _name(table: str) -> str:
    return f"ck_{table}_checkout_key"


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
