"""What ingredients are bought for, so that recipes can be reckoned."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

CHECK = "ck_ingredient_unit_cost_not_negative"


def upgrade() -> None:
    column = sa.Column("unit_cost_millicents", sa.Integer(), nullable=True)
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("ingredient", column)
        op.create_check_constraint(op.f(CHECK), "ingredient", "unit_cost_millicents >= 0")
        return
    # A change by copying would drop the catalogue's triggers.
    op.execute(
        f"ALTER TABLE ingredient ADD COLUMN unit_cost_millicents INTEGER CONSTRAINT {CHECK} "
        "CHECK (unit_cost_millicents >= 0)"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("ingredient", "unit_cost_millicents")
        return
    op.execute("ALTER TABLE ingredient DROP COLUMN unit_cost_millicents")
