"""Days on which a restaurant opens at other hours, or not at all."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

WATCHED = ("exceptional_days", "exceptional_hours")


def upgrade() -> None:
    op.create_table(
        "exceptional_days",
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("closing_note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_exceptional_days_days_in_order")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_exceptional_days_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("restaurant_id", "first_day", name=op.f("pk_exceptional_days")),
    )
    op.create_table(
        "exceptional_hours",
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "opens_minute >= 360 AND opens_minute < closes_minute",
            name=op.f("ck_exceptional_hours_opens"),
        ),
        sa.CheckConstraint("closes_minute <= 1800", name=op.f("ck_exceptional_hours_closes")),
        sa.ForeignKeyConstraint(
            ["restaurant_id", "first_day"],
            ["exceptional_days.restaurant_id", "exceptional_days.first_day"],
            name=op.f("fk_exceptional_hours_restaurant_id_first_day"),
        ),
        sa.PrimaryKeyConstraint(
            "restaurant_id", "first_day", "opens_minute", name=op.f("pk_exceptional_hours")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        _watch_on_postgresql()
    else:
        _watch_on_sqlite()


def _watch_on_postgresql() -> None:
    for table in WATCHED:
        op.execute(
            f"CREATE TRIGGER {table}_catalogue_changed AFTER INSERT OR UPDATE OR DELETE "
            f"OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed()"
        )


def _watch_on_sqlite() -> None:
    for table in WATCHED:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_catalogue_changed_{verb} AFTER {verb} ON {table} BEGIN "
                "UPDATE catalogue_state SET token = lower(hex(randomblob(16))); END"
            )


def downgrade() -> None:
    op.drop_table("exceptional_hours")
    op.drop_table("exceptional_days")
