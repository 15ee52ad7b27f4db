"""Ingredients say whom they suit and whether they are spicy: a menu is searched by it."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

# As one statement, which SQLite knows too: of a constraint alone it cannot be told later.
DIET = """
ALTER TABLE ingredient ADD COLUMN diet VARCHAR(24)
CONSTRAINT ck_ingredient_diet CHECK (diet IN ('vegetarian', 'no_pork', 'pork'))
"""


def upgrade() -> None:
    op.execute(DIET)
    op.add_column(
        "ingredient", sa.Column("spicy", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("ingredient", "spicy")
    op.drop_column("ingredient", "diet")
