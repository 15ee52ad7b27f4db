"""Whoever calls is found by the last digits of their number."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_orders_last_digits",
        "orders",
        ["restaurant_id", sa.text("substr(phone, length(phone) - 3)"), "placed_at"],
    )


def downgrade() -> None:
    op.drop_index("ix_orders_last_digits", table_name="orders")
