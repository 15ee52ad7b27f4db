"""A restaurant may take no orders from the web for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("restaurant", sa.Column("paused_until", sa.DateTime(timezone=True)))
    op.add_column("restaurant", sa.Column("pause_note", sa.String(length=200)))


def downgrade() -> None:
    op.drop_column("restaurant", "pause_note")
    op.drop_column("restaurant", "paused_until")
