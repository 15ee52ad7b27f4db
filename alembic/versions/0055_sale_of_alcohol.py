"""Whether and when restaurants sell alcohol, and when a customer said that they are 18."""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

MOMENT = {"postgresql": "TIMESTAMP WITH TIME ZONE", "sqlite": "DATETIME"}
HOURS = (
    "(alcohol_from_minute IS NULL) = (alcohol_to_minute IS NULL) "
    "AND (alcohol_from_minute IS NULL OR (alcohol_from_minute >= 360 "
    "AND alcohol_from_minute < alcohol_to_minute AND alcohol_to_minute <= 1800))"
)


def upgrade() -> None:
    moment = MOMENT[op.get_bind().dialect.name]
    op.execute("ALTER TABLE restaurant ADD COLUMN sells_alcohol BOOLEAN DEFAULT false NOT NULL")
    op.execute("ALTER TABLE restaurant ADD COLUMN alcohol_from_minute INTEGER")
    op.execute(
        "ALTER TABLE restaurant ADD COLUMN alcohol_to_minute INTEGER "
        f"CONSTRAINT ck_restaurant_alcohol_hours CHECK ({HOURS})"
    )
    # They sell it today; from now on somebody says so of a new one.
    op.execute("UPDATE restaurant SET sells_alcohol = true")
    op.execute(f"ALTER TABLE orders ADD COLUMN of_age_at {moment}")


def downgrade() -> None:
    op.execute("ALTER TABLE orders DROP COLUMN of_age_at")
    op.execute("ALTER TABLE restaurant DROP COLUMN alcohol_to_minute")
    op.execute("ALTER TABLE restaurant DROP COLUMN alcohol_from_minute")
    op.execute("ALTER TABLE restaurant DROP COLUMN sells_alcohol")
