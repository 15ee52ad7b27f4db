"""An SQL component of an update is run once."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_change",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("release", sa.String(length=32), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_content_change")),
    )
    op.create_index(op.f("ix_content_change_release"), "content_change", ["release"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_content_change_release"), table_name="content_change")
    op.drop_table("content_change")
