"""A payment says what is wanted of it at Stripe; a basket waits until its order is paid."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WISHES = ("authorise", "capture", "release")


def upgrade() -> None:
    wish = sa.Enum(*WISHES, name="wish", native_enum=False, create_constraint=False, length=24)
    with op.batch_alter_table("payment") as payment:
        payment.add_column(sa.Column("wish", wish, server_default="capture", nullable=False))
        payment.add_column(
            sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        payment.add_column(sa.Column("refusal", sa.String(64), nullable=True))
        listed = ", ".join(f"'{wish}'" for wish in WISHES)
        payment.create_check_constraint(op.f("ck_payment_wish"), f"wish IN ({listed})")
    with op.batch_alter_table("basket") as basket:
        basket.add_column(sa.Column("awaits_order_id", sa.Integer(), nullable=True))
        basket.create_foreign_key(
            op.f("fk_basket_awaits_order_id"), "orders", ["awaits_order_id"], ["id"]
        )
        basket.create_index(op.f("ix_basket_awaits_order_id"), ["awaits_order_id"])


def downgrade() -> None:
    with op.batch_alter_table("basket") as basket:
        basket.drop_index(op.f("ix_basket_awaits_order_id"))
        basket.drop_constraint(op.f("fk_basket_awaits_order_id"), type_="foreignkey")
        basket.drop_column("awaits_order_id")
    with op.batch_alter_table("payment") as payment:
        payment.drop_constraint(op.f("ck_payment_wish"), type_="check")
        for name in ("refusal", "attempts", "wish"):
            payment.drop_column(name)
