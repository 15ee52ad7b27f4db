"""Restaurants are compared: how many orders were late, and an index that finds what was wasted."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

# Of days that were closed before, too.
COUNTED = """
UPDATE closed_day SET late = (
    SELECT count(*) FROM orders
    JOIN order_event ON order_event.order_id = orders.id AND order_event.kind = 'status'
        AND order_event.status = CASE orders.mode WHEN 'delivery' THEN 'delivered' ELSE 'ready' END
    WHERE orders.restaurant_id = closed_day.restaurant_id AND orders.business_day = closed_day.day
        AND orders.status = 'delivered' AND order_event.at > orders.expected_at
)
"""


def upgrade() -> None:
    late = sa.Column("late", sa.Integer(), server_default=sa.text("0"), nullable=False)
    op.add_column("closed_day", late)
    op.execute(COUNTED)
    wasted = sa.text("reason = 'waste'")
    op.create_index(
        "ix_stock_movement_wasted",
        "stock_movement",
        ["restaurant_id", "at"],
        postgresql_where=wasted,
        sqlite_where=wasted,
    )


def downgrade() -> None:
    op.drop_index("ix_stock_movement_wasted", table_name="stock_movement")
    op.drop_column("closed_day", "late")
