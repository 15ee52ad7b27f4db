"""What drivers gave back at doors is found by an index, however long ago it was."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0046"
branch_labels = None
depends_on = None

GIVEN_AT_DOOR = "stripe_refund_id IS NULL AND till_session_id IS NULL AND till_movement_id IS NULL"


def upgrade() -> None:
    op.create_index(
        "ix_refund_not_brought",
        "refund",
        ["requested_at"],
        unique=False,
        postgresql_where=sa.text(GIVEN_AT_DOOR),
        sqlite_where=sa.text(GIVEN_AT_DOOR),
    )


def downgrade() -> None:
    op.drop_index("ix_refund_not_brought", table_name="refund")
