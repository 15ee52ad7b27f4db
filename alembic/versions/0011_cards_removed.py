"""Customers and cards that Stripe is still to forget."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stripe_removal",
        sa.Column("stripe_id", sa.String(length=64), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("stripe_id", name=op.f("pk_stripe_removal")),
    )
    op.create_index(op.f("ix_stripe_removal_retry_at"), "stripe_removal", ["retry_at"])


def downgrade() -> None:
    op.drop_table("stripe_removal")
