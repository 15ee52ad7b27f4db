"""An order keeps what its promotion gave on its day; a promotion may be for who knows its code."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = ("percentage", "amount", "free_product")
GIVES = ("kind", "percent", "amount_cents", "product_size_id", "minimum_cents")


def upgrade() -> None:
    with op.batch_alter_table("promotion") as promotion:
        promotion.add_column(
            sa.Column("listed", sa.Boolean(), server_default=sa.text("true"), nullable=False)
        )
    # No promotion has ever been used.
    with op.batch_alter_table("promotion_use") as use:
        kind = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=False, length=24)
        use.add_column(sa.Column("kind", kind, nullable=False))
        for name in ("percent", "amount_cents", "product_size_id"):
            use.add_column(sa.Column(name, sa.Integer(), nullable=True))
        use.add_column(
            sa.Column("minimum_cents", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        listed = ", ".join(f"'{kind}'" for kind in KINDS)
        use.create_check_constraint(op.f("ck_promotion_use_kind"), f"kind IN ({listed})")
        use.create_foreign_key(
            op.f("fk_promotion_use_product_size_id"), "product_size", ["product_size_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("promotion_use") as use:
        use.drop_constraint(op.f("fk_promotion_use_product_size_id"), type_="foreignkey")
        use.drop_constraint(op.f("ck_promotion_use_kind"), type_="check")
        for name in GIVES:
            use.drop_column(name)
    with op.batch_alter_table("promotion") as promotion:
        promotion.drop_column("listed")
