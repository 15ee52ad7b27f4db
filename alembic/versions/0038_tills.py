"""Tills: opened with a float, moved cash in and out of, counted and closed."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

NOT_BROUGHT = "means = 'cash' AND till_session_id IS NULL AND till_movement_id IS NULL"
KINDS = ("put_in", "taken_out", "driver_return")
OF_A_MOVEMENT = [
    "id",
    "till_session_id",
    "kind",
    "delta_cents",
    "expected_cents",
    "driver_id",
    "author_id",
    "key",
    "at",
]
FROZEN = {"till_session": "OLD.closed_at IS NOT NULL", "till_pieces": "OLD.pieces > 0"}


def _account(table: str, name: str) -> list:
    key = sa.ForeignKeyConstraint([name], ["account.id"], name=op.f(f"fk_{table}_{name}"))
    return [sa.Column(name, sa.Integer(), nullable=True), key]


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    note = {"server_default": "", "nullable": False}
    op.create_table(
        "till_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        *_account("till_session", "opened_by_id"),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("float_cents", sa.Integer(), nullable=False),
        *_account("till_session", "closed_by_id"),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("counted_cents", sa.Integer(), nullable=True),
        sa.Column("expected_cents", sa.Integer(), nullable=True),
        sa.Column("difference_note", sa.String(length=500), **note),
        sa.CheckConstraint("float_cents >= 0", name=op.f("ck_till_session_float_not_negative")),
        sa.CheckConstraint("counted_cents >= 0", name=op.f("ck_till_session_counted_not_negative")),
        sa.CheckConstraint("number > 0", name=op.f("ck_till_session_number_positive")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (number IS NULL) "
            "AND (closed_at IS NULL) = (counted_cents IS NULL) "
            "AND (closed_at IS NULL) = (expected_cents IS NULL)",
            name=op.f("ck_till_session_closed_whole"),
        ),
        sa.CheckConstraint(
            "counted_cents = expected_cents OR difference_note <> ''",
            name=op.f("ck_till_session_difference_explained"),
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_till_session_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_session")),
        sa.UniqueConstraint(
            "restaurant_id", "number", name=op.f("uq_till_session_restaurant_id_number")
        ),
    )
    op.create_index(
        op.f("ix_till_session_restaurant_id_opened_at"),
        "till_session",
        ["restaurant_id", "opened_at"],
        unique=False,
    )
    op.create_index(
        "uq_till_session_open",
        "till_session",
        ["restaurant_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "till_movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("till_session_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("delta_cents", sa.Integer(), nullable=False),
        sa.Column("expected_cents", sa.Integer(), nullable=True),
        *_account("till_movement", "driver_id"),
        *_account("till_movement", "author_id"),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("note", sa.String(length=500), **note),
        sa.Column("at", moment, nullable=False),
        sa.CheckConstraint(f"kind IN ({_listed(KINDS)})", name=op.f("ck_till_movement_kind")),
        sa.CheckConstraint(
            "kind = 'driver_return' OR (kind = 'taken_out') = (delta_cents < 0)",
            name=op.f("ck_till_movement_direction"),
        ),
        sa.CheckConstraint(
            "(kind = 'driver_return') = (driver_id IS NOT NULL) "
            "AND (kind = 'driver_return') = (expected_cents IS NOT NULL)",
            name=op.f("ck_till_movement_driver_known"),
        ),
        sa.ForeignKeyConstraint(
            ["till_session_id"],
            ["till_session.id"],
            name=op.f("fk_till_movement_till_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_till_movement")),
        sa.UniqueConstraint("key", name=op.f("uq_till_movement_key")),
    )
    op.create_index(
        op.f("ix_till_movement_till_session_id"), "till_movement", ["till_session_id"], unique=False
    )
    op.create_table(
        "till_pieces",
        sa.Column("till_session_id", sa.Integer(), nullable=False),
        sa.Column("value_cents", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_till_pieces_pieces_positive")),
        sa.CheckConstraint("value_cents > 0", name=op.f("ck_till_pieces_value_positive")),
        sa.ForeignKeyConstraint(
            ["till_session_id"], ["till_session.id"], name=op.f("fk_till_pieces_till_session_id")
        ),
        sa.PrimaryKeyConstraint("till_session_id", "value_cents", name=op.f("pk_till_pieces")),
    )
    for table in ("payment", "refund"):
        for name in ("till_session_id", "till_movement_id"):
            op.add_column(table, sa.Column(name, sa.Integer(), nullable=True))
            _refer(table, name)
            op.create_index(op.f(f"ix_{table}_{name}"), table, [name], unique=False)
    op.create_index(
        "ix_payment_not_brought",
        "payment",
        ["settled_at"],
        unique=False,
        postgresql_where=sa.text(NOT_BROUGHT),
        sqlite_where=sa.text(NOT_BROUGHT),
    )
    _guard()


def downgrade() -> None:
    op.drop_index("ix_payment_not_brought", table_name="payment")
    for table in ("refund", "payment"):
        for name in ("till_movement_id", "till_session_id"):
            op.drop_index(op.f(f"ix_{table}_{name}"), table_name=table)
            _forget(table, name)
    for table in ("till_pieces", "till_movement", "till_session"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION frozen()")


def _rule(table: str, name: str) -> str:
    target = name.removesuffix("_id")
    return f"CONSTRAINT fk_{table}_{name} FOREIGN KEY({name}) REFERENCES {target} (id)"


def _refer(table: str, name: str) -> None:
    rule = _rule(table, name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} ADD {rule}")
        return
    _rewrite(table, "substr(sql, 1, length(sql) - 1) || ?", f", {rule})")


def _forget(table: str, name: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(table, "replace(sql, ?, '')", f", {_rule(table, name)}")
    op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def _rewrite(table: str, expression: str, text: str) -> None:
    """SQLite would copy the table, which others refer to: its text is changed instead."""
    bind = op.get_bind()
    (version,) = bind.exec_driver_sql("PRAGMA schema_version").one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.exec_driver_sql(
        f"UPDATE sqlite_master SET sql = {expression} WHERE type = 'table' AND name = ?",
        (text, table),
    )
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")


def _guard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION frozen() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are frozen', TG_TABLE_NAME; END $$"
        )
        op.execute(
            "CREATE TRIGGER till_movement_append_only BEFORE UPDATE OR DELETE ON till_movement "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
        for table, when in FROZEN.items():
            op.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION frozen()"
            )
        return
    new, old = (", ".join(f"{row}.{name}" for name in OF_A_MOVEMENT) for row in ("NEW", "OLD"))
    for verb, when in (
        ("UPDATE", f"WHEN NEW.note <> '' OR ({new}) IS NOT ({old}) "),
        ("DELETE", ""),
    ):
        op.execute(
            f"CREATE TRIGGER till_movement_append_only_{verb} BEFORE {verb} ON till_movement "
            f"{when}BEGIN SELECT RAISE(ABORT, 'rows of till_movement are append-only'); END"
        )
    for table, when in FROZEN.items():
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb} ON {table} "
                f"WHEN {when} BEGIN SELECT RAISE(ABORT, 'rows of {table} are frozen'); END"
            )


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
