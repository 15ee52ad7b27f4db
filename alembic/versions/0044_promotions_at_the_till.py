"""A colleague who takes an order knows whose promotions it may have."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

KEY = "fk_basket_customer_id"


def upgrade() -> None:
    with op.batch_alter_table("basket") as basket:
        basket.add_column(sa.Column("customer_id", sa.Integer(), nullable=True))
        basket.create_foreign_key(op.f(KEY), "account", ["customer_id"], ["id"])
    op.create_index(op.f("ix_basket_customer_id"), "basket", ["customer_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_basket_customer_id"), table_name="basket")
    with op.batch_alter_table("basket") as basket:
        basket.drop_constraint(op.f(KEY), type_="foreignkey")
        basket.drop_column("customer_id")
