"""What is typed in a form outlives the session that it was typed in."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_form",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=500), nullable=False),
        sa.Column("target", sa.String(length=500), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_kept_form_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_kept_at"), "kept_form", ["kept_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_kept_form_kept_at"), table_name="kept_form")
    op.drop_table("kept_form")
