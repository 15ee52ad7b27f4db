"""Sign-in with Google and Facebook: who was sent there and is expected back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_visit",
        sa.Column("state_sha256", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("code_verifier", sa.String(128), nullable=False),
        sa.Column("next_path", sa.String(2000), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_provider_visit_account_id")
        ),
        sa.PrimaryKeyConstraint("state_sha256", name=op.f("pk_provider_visit")),
    )
    op.create_index(op.f("ix_provider_visit_expires_at"), "provider_visit", ["expires_at"])


def downgrade() -> None:
    op.drop_table("provider_visit")
