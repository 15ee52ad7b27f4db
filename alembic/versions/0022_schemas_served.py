"""The database says which older programs it still serves."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None
# No program from before it was released: none is promised to go on.
contracts = "0021"


def upgrade() -> None:
    op.create_table(
        "schema_served",
        sa.Column("revision", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_schema_served"),
    )


def downgrade() -> None:
    op.drop_table("schema_served")
