"""The meats that ingredients have, and the countries that they come from."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0052"
branch_labels = None
depends_on = None

TABLES = ("ingredient_meat", "restaurant_meat")
MEATS = ("beef", "pork", "sheep", "poultry")


def upgrade() -> None:
    op.create_table(
        "ingredient_meat",
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        _meat(),
        sa.Column("prepared", sa.Boolean(), server_default=sa.false(), nullable=False),
        *_countries("ingredient_meat"),
        sa.ForeignKeyConstraint(
            ["ingredient_id"], ["ingredient.id"], name=op.f("fk_ingredient_meat_ingredient_id")
        ),
        sa.PrimaryKeyConstraint("ingredient_id", "meat", name=op.f("pk_ingredient_meat")),
    )
    op.create_table(
        "restaurant_meat",
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), autoincrement=False, nullable=False),
        _meat(),
        *_countries("restaurant_meat"),
        sa.ForeignKeyConstraint(
            ["ingredient_id", "meat"],
            ["ingredient_meat.ingredient_id", "ingredient_meat.meat"],
            name=op.f("fk_restaurant_meat_ingredient_id_meat"),
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_restaurant_meat_restaurant_id")
        ),
        sa.PrimaryKeyConstraint(
            "restaurant_id", "ingredient_id", "meat", name=op.f("pk_restaurant_meat")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        _watch_on_postgresql()
    else:
        _watch_on_sqlite()


def _meat() -> sa.Column[str]:
    kinds = sa.Enum(*MEATS, name="meat", native_enum=False, create_constraint=True, length=24)
    return sa.Column("meat", kinds, nullable=False)


def _countries(table: str) -> list[sa.Column[str] | sa.CheckConstraint]:
    columns = [
        sa.Column(name, sa.String(length=60), server_default="", nullable=False)
        for name in ("born_in", "reared_in", "slaughtered_in")
    ]
    rules = {
        "reared_and_slaughtered": "(reared_in = '') = (slaughtered_in = '')",
        "born_and_reared": "born_in = '' OR reared_in <> ''",
        "birth_of_beef": "meat <> 'beef' OR (born_in = '') = (reared_in = '')",
    }
    checks = [
        sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in rules.items()
    ]
    return [*columns, *checks]


def _watch_on_postgresql() -> None:
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_catalogue_changed AFTER INSERT OR UPDATE OR DELETE "
            f"OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed()"
        )


def _watch_on_sqlite() -> None:
    for table in TABLES:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_catalogue_changed_{verb} AFTER {verb} ON {table} BEGIN "
                "UPDATE catalogue_state SET token = lower(hex(randomblob(16))); END"
            )


def downgrade() -> None:
    op.drop_table("restaurant_meat")
    op.drop_table("ingredient_meat")
