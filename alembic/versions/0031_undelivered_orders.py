"""Why an order reached nobody, and when its driver found nobody at the door."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

REASONS = ("nobody_there", "not_collected", "refused", "spoiled")
MOMENT = {"postgresql": "TIMESTAMP WITH TIME ZONE", "sqlite": "DATETIME"}


def upgrade() -> None:
    listed = ", ".join(f"'{reason}'" for reason in REASONS)
    op.execute(
        "ALTER TABLE orders ADD COLUMN undelivered_reason VARCHAR(24) "
        f"CONSTRAINT ck_orders_undelivered_reason CHECK (undelivered_reason IN ({listed}))"
    )
    op.execute(f"ALTER TABLE orders ADD COLUMN nobody_at {MOMENT[op.get_bind().dialect.name]}")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP COLUMN nobody_at")
    op.execute("ALTER TABLE orders DROP COLUMN undelivered_reason")
