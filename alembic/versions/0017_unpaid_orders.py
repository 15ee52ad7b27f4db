"""Orders that the counter must confirm by telephone, and whose visitor is limited meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("orders", sa.Column("network", sa.String(length=64), nullable=True))
    op.add_column("orders", sa.Column("confirm_by", moment, nullable=True))
    op.add_column("orders", sa.Column("confirmed_at", moment, nullable=True))
    no = {"server_default": sa.false(), "nullable": False}
    op.add_column("orders", sa.Column("first_purchase", sa.Boolean(), **no))
    op.create_index(op.f("ix_orders_confirm_by"), "orders", ["confirm_by"])


def downgrade() -> None:
    op.drop_index(op.f("ix_orders_confirm_by"), table_name="orders")
    for name in ("network", "confirm_by", "confirmed_at", "first_purchase"):
        op.drop_column("orders", name)
