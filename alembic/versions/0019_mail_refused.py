"""Mail says since when the server that should take it refuses it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    refused_since = sa.Column("refused_since", sa.DateTime(timezone=True), nullable=True)
    op.add_column("outgoing_mail", refused_since)


def downgrade() -> None:
    op.drop_column("outgoing_mail", "refused_since")
