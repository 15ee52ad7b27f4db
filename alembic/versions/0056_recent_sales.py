"""What was sold in the last weeks, since when a product is on the menu, and favourites."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

# Nobody has kept when: long enough ago not to be new.
LONG_AGO = "UPDATE product SET on_menu_since = '2000-01-01'"
POSTGRESQL = (
    "CREATE TRIGGER recent_sale_catalogue_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE "
    "ON recent_sale FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed()",
)
SQLITE = tuple(
    f"CREATE TRIGGER recent_sale_catalogue_changed_{verb} AFTER {verb} ON recent_sale BEGIN "
    "UPDATE catalogue_state SET token = lower(hex(randomblob(16))); END"
    for verb in ("INSERT", "UPDATE", "DELETE")
)


def upgrade() -> None:
    op.add_column("product", sa.Column("on_menu_since", sa.Date(), nullable=True))
    op.execute(LONG_AGO)
    op.create_table(
        "recent_sale",
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.CheckConstraint("sold > 0", name=op.f("ck_recent_sale_sold_positive")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_recent_sale_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_recent_sale_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("restaurant_id", "product_id", name=op.f("pk_recent_sale")),
    )
    op.create_index(op.f("ix_recent_sale_product_id"), "recent_sale", ["product_id"], unique=False)
    op.create_table(
        "favourite",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_favourite_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_favourite_product_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "product_id", name=op.f("pk_favourite")),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("favourite")
    op.drop_table("recent_sale")
    op.drop_column("product", "on_menu_since")
