"""An index of the orders that still say where they came from, which the worker looks for."""

from alembic import op
from sqlalchemy import text

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_orders_network_known",
        "orders",
        ["placed_at"],
        postgresql_where=text("network IS NOT NULL"),
        sqlite_where=text("network IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_orders_network_known", "orders")
