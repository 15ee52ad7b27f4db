"""Photos of products: two sizes of each, and since when one is not shown any more."""

from alembic import op

revision = "0050"
down_revision = "0047"
branch_labels = None
depends_on = None

TYPES = {
    "postgresql": ("BYTEA", "TIMESTAMP WITH TIME ZONE"),
    "sqlite": ("BLOB", "DATETIME"),
}


def upgrade() -> None:
    content, moment = TYPES[op.get_bind().dialect.name]
    op.execute(f"ALTER TABLE picture ADD COLUMN small {content} DEFAULT '' NOT NULL")
    op.execute(f"ALTER TABLE picture ADD COLUMN replaced_at {moment}")


def downgrade() -> None:
    op.execute("ALTER TABLE picture DROP COLUMN replaced_at")
    op.execute("ALTER TABLE picture DROP COLUMN small")
