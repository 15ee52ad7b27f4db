"""A token that changes with the catalogue, so that what was read of it may be kept."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WATCHED = (
    "restaurant",
    "opening_hours",
    "delivery_area",
    "product",
    "product_size",
    "composition",
    "product_extra",
    "ingredient",
    "ingredient_allergen",
    "restaurant_price",
    "hidden_product",
)
POSTGRESQL_FUNCTION = """
CREATE FUNCTION catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE catalogue_state SET token = gen_random_uuid()::text; RETURN NULL; END $$
"""


def upgrade() -> None:
    op.create_table(
        "catalogue_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalogue_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_state")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _watch_on_postgresql()
    else:
        _watch_on_sqlite()


def _watch_on_postgresql() -> None:
    op.execute("INSERT INTO catalogue_state (id, token) VALUES (1, gen_random_uuid()::text)")
    op.execute(POSTGRESQL_FUNCTION)
    for table in WATCHED:
        op.execute(
            f"CREATE TRIGGER {table}_catalogue_changed AFTER INSERT OR UPDATE OR DELETE "
            f"OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed()"
        )


def _watch_on_sqlite() -> None:
    op.execute("INSERT INTO catalogue_state (id, token) VALUES (1, lower(hex(randomblob(16))))")
    for table in WATCHED:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_catalogue_changed_{verb} AFTER {verb} ON {table} BEGIN "
                "UPDATE catalogue_state SET token = lower(hex(randomblob(16))); END"
            )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in WATCHED:
        if postgresql:
            op.execute(f"DROP TRIGGER {table}_catalogue_changed ON {table}")
            continue
        for verb in ("INSERT", "UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER {table}_catalogue_changed_{verb}")
    if postgresql:
        op.execute("DROP FUNCTION catalogue_changed()")
    op.drop_table("catalogue_state")
