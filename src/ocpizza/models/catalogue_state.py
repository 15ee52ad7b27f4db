"""A token that changes with everything that visitors can read of restaurants and products.

What was read under a token may be kept as long as the token is current: triggers renew it in the
same transaction as the change, so nobody sees one without the other. Whoever edits several rows
locks this one first; otherwise two editors may wait for each other.
"""

from sqlalchemy import DDL, CheckConstraint, String, event
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base

WATCHED = (
    "restaurant",
    "opening_hours",
    "delivery_area",
    "exceptional_days",
    "exceptional_hours",
    "product",
    "product_size",
    "composition",
    "product_extra",
    "ingredient",
    "ingredient_allergen",
    "ingredient_meat",
    "restaurant_meat",
    "restaurant_price",
    "hidden_product",
    "recent_sale",
)
# Random, not counted: a token is never seen again, not in another database or a restored one.
POSTGRESQL = (
    "INSERT INTO catalogue_state (id, token) VALUES (1, gen_random_uuid()::text)",
    "CREATE OR REPLACE FUNCTION catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN UPDATE catalogue_state SET token = gen_random_uuid()::text; RETURN NULL; END $$",
    *(
        f"CREATE TRIGGER {table}_catalogue_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE "
        f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed()"
        for table in WATCHED
    ),
)
SQLITE = (
    "INSERT INTO catalogue_state (id, token) VALUES (1, lower(hex(randomblob(16))))",
    *(
        f"CREATE TRIGGER {table}_catalogue_changed_{verb} AFTER {verb} ON {table} BEGIN "  # noqa: S608
        "UPDATE catalogue_state SET token = lower(hex(randomblob(16))); END"
        for table in WATCHED
        for verb in ("INSERT", "UPDATE", "DELETE")
    ),
)


class CatalogueState(Base):
    """The one row that holds the token."""

    __tablename__ = "catalogue_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(36))


for dialect, statements in {"postgresql": POSTGRESQL, "sqlite": SQLITE}.items():
    for statement in statements:
        # After all tables: the triggers are on several of them.
        event.listen(Base.metadata, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]
