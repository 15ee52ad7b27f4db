"""More reasons why stock moves: what the kitchen has no more of, and that undone; a stock count."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BEFORE = (
    "opening",
    "supply",
    "order",
    "order_changed",
    "order_cancelled",
    "correction",
    "waste",
)
NEW = ("sold_out", "sold_out_undone", "count")
CHECK = "ck_stock_movement_reason"
# All of its columns but the note.
KEPT = (
    "id",
    "restaurant_id",
    "ingredient_id",
    "delta",
    "quantity_after",
    "reason",
    "order_id",
    "author_id",
    "at",
)


def upgrade() -> None:
    _limit_reasons(BEFORE + NEW)


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    guard = "ALTER TABLE stock_movement {} TRIGGER stock_movement_append_only"
    if postgresql:
        op.execute(guard.format("DISABLE"))
    else:
        op.execute("DROP TRIGGER stock_movement_append_only_UPDATE")
        op.execute("DROP TRIGGER stock_movement_append_only_DELETE")
    op.execute(f"UPDATE stock_movement SET reason = 'correction' WHERE reason IN ({_listed(NEW)})")
    if postgresql:
        op.execute(guard.format("ENABLE"))
    _limit_reasons(BEFORE)


def _limit_reasons(reasons: tuple[str, ...]) -> None:
    rule = f"reason IN ({_listed(reasons)})"
    if op.get_bind().dialect.name == "postgresql":
        # One look at each row that there is: years of them are a fraction of a second.
        op.execute(
            f"ALTER TABLE stock_movement DROP CONSTRAINT {CHECK}, ADD CONSTRAINT {CHECK} CHECK ({rule})"
        )
        return
    with op.batch_alter_table("stock_movement") as movements:
        movements.drop_constraint(op.f(CHECK), type_="check")
        movements.create_check_constraint(op.f(CHECK), rule)
    _guard_rows()


def _guard_rows() -> None:
    """SQLite changes a table by copying it, without its triggers."""
    new, old = (", ".join(f"{row}.{name}" for name in KEPT) for row in ("NEW", "OLD"))
    for verb, when in (
        ("UPDATE", f"WHEN NEW.note <> '' OR ({new}) IS NOT ({old}) "),
        ("DELETE", ""),
    ):
        op.execute(
            f"CREATE TRIGGER stock_movement_append_only_{verb} BEFORE {verb} ON stock_movement "
            f"{when}BEGIN SELECT RAISE(ABORT, 'rows of stock_movement are append-only'); END"
        )


def _listed(reasons: tuple[str, ...]) -> str:
    return ", ".join(f"'{reason}'" for reason in reasons)
