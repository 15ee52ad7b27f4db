"""A step of an order that was undone within ten seconds; what follows from it waits so long."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

BEFORE = ("status", "revision", "payment", "note")
NEW = ("undone",)
KIND, GIVEN = "ck_order_event_kind", "ck_order_event_undoes_given"
STATUS, UNDOES = "uq_order_event_status", "uq_order_event_undoes_id"
# All of its columns but the note.
KEPT = ("id", "order_id", "kind", "status", "author_id", "author_role", "at")
ADDED = ("undoes_id", "undone_before")


def upgrade() -> None:
    op.add_column("payment", sa.Column("capture_from", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(STATUS, table_name="order_event")
    with _order_events() as events:
        events.add_column(sa.Column("undoes_id", sa.Integer(), nullable=True))
        events.add_column(
            sa.Column("undone_before", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        events.create_foreign_key(
            op.f("fk_order_event_undoes_id"), "order_event", ["undoes_id"], ["id"]
        )
        events.drop_constraint(op.f(KIND), type_="check")
        events.create_check_constraint(
            op.f(KIND), f"kind IN ({_listed(BEFORE[:1] + NEW + BEFORE[1:])})"
        )
        events.create_check_constraint(op.f(GIVEN), "(kind = 'undone') = (undoes_id IS NOT NULL)")
    _guard_rows(KEPT + ADDED)
    _index_statuses("order_id", "status", "undone_before")
    op.create_index(
        UNDOES,
        "order_event",
        ["undoes_id"],
        unique=True,
        postgresql_where=sa.text("undoes_id IS NOT NULL"),
        sqlite_where=sa.text("undoes_id IS NOT NULL"),
    )


def downgrade() -> None:
    _forget_undone()
    op.drop_index(UNDOES, table_name="order_event")
    op.drop_index(STATUS, table_name="order_event")
    with _order_events() as events:
        events.drop_constraint(op.f(GIVEN), type_="check")
        events.drop_constraint(op.f(KIND), type_="check")
        events.create_check_constraint(op.f(KIND), f"kind IN ({_listed(BEFORE)})")
        events.drop_constraint(op.f("fk_order_event_undoes_id"), type_="foreignkey")
        for column in ADDED:
            events.drop_column(column)
    _guard_rows(KEPT)
    _index_statuses("order_id", "status")
    op.drop_column("payment", "capture_from")


def _forget_undone() -> None:
    """A version that knows no undoing sees the steps that stand."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    guard = "ALTER TABLE order_event {} TRIGGER order_event_append_only"
    if postgresql:
        op.execute(guard.format("DISABLE"))
    else:
        op.execute("DROP TRIGGER order_event_append_only_UPDATE")
        op.execute("DROP TRIGGER order_event_append_only_DELETE")
    op.execute(
        "DELETE FROM order_event WHERE kind = 'undone' OR id IN "
        "(SELECT undoes_id FROM order_event WHERE undoes_id IS NOT NULL)"
    )
    if postgresql:
        op.execute(guard.format("ENABLE"))


def _order_events():
    # On PostgreSQL this changes the table in place.
    return op.batch_alter_table("order_event")


def _index_statuses(*columns: str) -> None:
    op.create_index(
        STATUS,
        "order_event",
        list(columns),
        unique=True,
        postgresql_where=sa.text("kind = 'status'"),
        sqlite_where=sa.text("kind = 'status'"),
    )


def _guard_rows(kept: tuple[str, ...]) -> None:
    """SQLite changes a table by copying it, without its triggers."""
    if op.get_bind().dialect.name == "postgresql":
        return
    new, old = (", ".join(f"{row}.{name}" for name in kept) for row in ("NEW", "OLD"))
    for verb, when in (
        ("UPDATE", f"WHEN NEW.note <> '' OR ({new}) IS NOT ({old}) "),
        ("DELETE", ""),
    ):
        op.execute(
            f"CREATE TRIGGER order_event_append_only_{verb} BEFORE {verb} ON order_event "
            f"{when}BEGIN SELECT RAISE(ABORT, 'rows of order_event are append-only'); END"
        )


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)
