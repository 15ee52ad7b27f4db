"""Ingredients and descriptions for those who read English."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = (("ingredient", "name_en", 100), ("product", "description_en", 500))


def upgrade() -> None:
    for table, name, length in COLUMNS:
        op.add_column(table, sa.Column(name, sa.String(length), server_default="", nullable=False))


def downgrade() -> None:
    for table, name, _length in COLUMNS:
        op.drop_column(table, name)
