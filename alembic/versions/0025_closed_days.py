"""More figures of a closed day, and an index that finds the refunds of one."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

FIGURES = ("refunded_cents", "cancelled", "not_delivered", "timed_orders", "waited_seconds")


def upgrade() -> None:
    for name in FIGURES:
        column = sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)
        op.add_column("closed_day", column)
    op.create_index(op.f("ix_refund_requested_at"), "refund", ["requested_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_refund_requested_at"), table_name="refund")
    for name in FIGURES:
        op.drop_column("closed_day", name)
