"""What people call an ingredient when they leave it out or add it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = ("short_name", "short_name_en")


def upgrade() -> None:
    for name in COLUMNS:
        column = sa.Column(name, sa.String(60), server_default="", nullable=False)
        op.add_column("ingredient", column)


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("ingredient", name)
