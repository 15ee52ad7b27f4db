"""What erasing a person needs: notes that may be emptied, when an account was used, look-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STRICT_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME; END $$
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD) || '{"note": ""}' THEN RETURN NEW; END IF;
RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME; END $$
"""
# table: its columns but the note
APPEND_ONLY = {
    "order_event": ("id", "order_id", "kind", "status", "author_id", "author_role", "at"),
    "stock_movement": (
        "id",
        "restaurant_id",
        "ingredient_id",
        "delta",
        "quantity_after",
        "reason",
        "order_id",
        "author_id",
        "at",
    ),
}


KINDS = (
    "order_confirmed",
    "order_changed",
    "order_accepted",
    "order_ready",
    "order_on_its_way",
    "order_delivered",
    "order_cancelled",
    "email_confirmation",
    "password_reset",
    "password_changed",
    "email_changed",
    "identity_joined",
)
OF_ERASURE = ("account_unused", "account_erased")


def upgrade() -> None:
    _limit_kinds(KINDS + OF_ERASURE)
    _guard_rows(FUNCTION, notes_may_go=True)
    op.add_column("account", sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "account", sa.Column("erasure_announced_at", sa.DateTime(timezone=True), nullable=True)
    )
    not_erased = sa.text("erased_at IS NULL")
    op.create_index(
        "ix_orders_not_erased",
        "orders",
        ["placed_at"],
        postgresql_where=not_erased,
        sqlite_where=not_erased,
    )
    op.create_table(
        "lookup_count",
        sa.Column("key_sha256", sa.String(length=64), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_lookup_count_tries_not_negative")),
        sa.PrimaryKeyConstraint("key_sha256", "window_start", name=op.f("pk_lookup_count")),
    )
    op.create_index(op.f("ix_lookup_count_window_start"), "lookup_count", ["window_start"])


def downgrade() -> None:
    op.drop_table("lookup_count")
    op.drop_index("ix_orders_not_erased", "orders")
    # Not in batch mode: on SQLite that would copy the table under the rows that refer to it.
    op.drop_column("account", "erasure_announced_at")
    op.drop_column("account", "last_seen_at")
    _guard_rows(STRICT_FUNCTION, notes_may_go=False)
    listed = ", ".join(f"'{kind}'" for kind in OF_ERASURE)
    op.execute(f"DELETE FROM outgoing_mail WHERE kind IN ({listed})")
    _limit_kinds(KINDS)


def _limit_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("outgoing_mail") as mail:
        mail.drop_constraint(op.f("ck_outgoing_mail_kind"), type_="check")
        mail.create_check_constraint(op.f("ck_outgoing_mail_kind"), f"kind IN ({listed})")


def _guard_rows(function: str, *, notes_may_go: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(function)
        return
    for table, columns in APPEND_ONLY.items():
        new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("NEW", "OLD"))
        when = f"WHEN NEW.note <> '' OR ({new}) IS NOT ({old}) " if notes_may_go else ""
        op.execute(f"DROP TRIGGER {table}_append_only_UPDATE")
        op.execute(
            f"CREATE TRIGGER {table}_append_only_UPDATE BEFORE UPDATE ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END"
        )
