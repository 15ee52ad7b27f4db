"""Where people are signed in, so that it ends there."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sign_in_session")),
    )
    for column in ("account_id", "started_at", "last_seen_at"):
        op.create_index(op.f(f"ix_sign_in_session_{column}"), "sign_in_session", [column])


def downgrade() -> None:
    op.drop_table("sign_in_session")
