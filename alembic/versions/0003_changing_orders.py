"""A basket may be there to change an order; the revision that it makes takes its key."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("basket") as basket:
        basket.add_column(sa.Column("changes_order_id", sa.Integer(), nullable=True))
        basket.add_column(sa.Column("changes_revision", sa.Integer(), nullable=True))
        basket.create_foreign_key(
            op.f("fk_basket_changes_order_id"), "orders", ["changes_order_id"], ["id"]
        )
        basket.create_check_constraint(
            op.f("ck_basket_changes_revision"),
            "(changes_order_id IS NULL) = (changes_revision IS NULL)",
        )
        basket.create_index(op.f("ix_basket_changes_order_id"), ["changes_order_id"])
    op.add_column("order_revision", sa.Column("checkout_key", sa.String(length=43), nullable=True))
    op.create_index(
        "uq_order_revision_checkout_key", "order_revision", ["checkout_key"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_order_revision_checkout_key", "order_revision")
    op.drop_column("order_revision", "checkout_key")
    with op.batch_alter_table("basket") as basket:
        basket.drop_index(op.f("ix_basket_changes_order_id"))
        basket.drop_constraint(op.f("ck_basket_changes_revision"), type_="check")
        basket.drop_constraint(op.f("fk_basket_changes_order_id"), type_="foreignkey")
        basket.drop_column("changes_revision")
        basket.drop_column("changes_order_id")
