"""Reports of tills (Z): their sums, fixed when a till is closed, and a cashier's own by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

OWN = "ix_till_session_restaurant_id_closed_by_id_number"


def upgrade() -> None:
    # The program of before closes tills without it.
    op.add_column("till_session", sa.Column("report", sa.JSON(), nullable=True))
    columns = ["restaurant_id", "closed_by_id", "number"]
    op.create_index(op.f(OWN), "till_session", columns, unique=False)


def downgrade() -> None:
    op.drop_index(op.f(OWN), table_name="till_session")
    op.execute("ALTER TABLE till_session DROP COLUMN report")
