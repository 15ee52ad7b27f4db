"""Sizes and promotions for those who read English."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COLUMNS = (
    ("product_size", "name_en", 60),
    ("order_line", "size_name_en", 60),
    ("promotion", "name_en", 100),
)


def upgrade() -> None:
    for table, name, length in COLUMNS:
        op.add_column(table, sa.Column(name, sa.String(length), server_default="", nullable=False))


def downgrade() -> None:
    for table, name, _length in COLUMNS:
        op.drop_column(table, name)
