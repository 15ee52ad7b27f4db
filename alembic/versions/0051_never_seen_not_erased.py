"""Accounts that nobody ever used are found without those that were erased, which are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

SEEN = ("ix_account_last_seen_at", "last_seen_at")
NEVER_SEEN = ("ix_account_never_seen", "created_at")


def upgrade() -> None:
    _find(*SEEN, "last_seen_at IS NOT NULL")
    _find(*NEVER_SEEN, "last_seen_at IS NULL AND erased_at IS NULL")


def downgrade() -> None:
    _find(*SEEN, None)
    _find(*NEVER_SEEN, "last_seen_at IS NULL")


def _find(index: str, column: str, where: str | None) -> None:
    which = None if where is None else sa.text(where)
    op.drop_index(index, table_name="account")
    op.create_index(index, "account", [column], postgresql_where=which, sqlite_where=which)
