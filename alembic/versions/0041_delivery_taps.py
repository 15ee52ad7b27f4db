"""What drivers press without network: done once, with the time that it was pressed at."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

KINDS = ("take", "deliver", "nobody")
OUTCOMES = ("done", "moved_on", "not_allowed", "too_little", "other_sum")
STATUSES = (
    "awaiting_payment",
    "to_prepare",
    "accepted",
    "preparing",
    "ready",
    "out_for_delivery",
    "delivered",
    "cancelled",
    "not_delivered",
)
# All columns of an event but its note.
KEPT = ("id", "order_id", "kind", "status", "author_id", "author_role", "at")
KEPT += ("undoes_id", "undone_before")
MOMENT = {"postgresql": "TIMESTAMP WITH TIME ZONE", "sqlite": "DATETIME"}


def upgrade() -> None:
    op.create_table(
        "delivery_tap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("kind", KINDS), nullable=False),
        sa.Column("outcome", _one_of("outcome", OUTCOMES), nullable=False),
        sa.Column("status", _one_of("status", STATUSES), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_cents", sa.Integer(), nullable=True),
        sa.Column("missing_cents", sa.Integer(), nullable=True),
        sa.Column("tapped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "tapped_at <= received_at", name=op.f("ck_delivery_tap_tapped_before_received")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_delivery_tap_account_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_delivery_tap_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_tap")),
        sa.UniqueConstraint("account_id", "key", name=op.f("uq_delivery_tap_account_id_key")),
    )
    op.create_index(op.f("ix_delivery_tap_order_id"), "delivery_tap", ["order_id"])
    op.create_index(op.f("ix_delivery_tap_received_at"), "delivery_tap", ["received_at"])
    moment = MOMENT[op.get_bind().dialect.name]
    op.execute(f"ALTER TABLE order_event ADD COLUMN tapped_at {moment}")
    _guard_events((*KEPT, "tapped_at"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # It refuses to drop a column that a trigger names.
        _guard_events(KEPT)
    op.execute("ALTER TABLE order_event DROP COLUMN tapped_at")
    op.drop_index(op.f("ix_delivery_tap_received_at"), table_name="delivery_tap")
    op.drop_index(op.f("ix_delivery_tap_order_id"), table_name="delivery_tap")
    op.drop_table("delivery_tap")


def _one_of(name: str, choices: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*choices, name=name, native_enum=False, create_constraint=True, length=24)


def _guard_events(kept: tuple[str, ...]) -> None:
    """SQLite's trigger names each column that stays as it is; PostgreSQL's compares whole rows."""
    if op.get_bind().dialect.name == "postgresql":
        return
    op.execute("DROP TRIGGER order_event_append_only_UPDATE")
    new, old = (", ".join(f"{row}.{name}" for name in kept) for row in ("NEW", "OLD"))
    op.execute(
        "CREATE TRIGGER order_event_append_only_UPDATE BEFORE UPDATE ON order_event "
        f"WHEN NEW.note <> '' OR ({new}) IS NOT ({old}) "
        "BEGIN SELECT RAISE(ABORT, 'rows of order_event are append-only'); END"
    )
