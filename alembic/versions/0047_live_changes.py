"""Orders tell by themselves that they changed, for the pages that show them."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0048"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION live_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO live_change (transaction_id, restaurant_id, number, at) VALUES (
CAST(CAST(pg_current_xact_id() AS text) AS bigint), NEW.restaurant_id, NEW.number, clock_timestamp()
); RETURN NULL; END $$
"""
CHANGED = {
    "postgresql": "OLD.version IS DISTINCT FROM NEW.version",
    "sqlite": "OLD.version IS NOT NEW.version",
}
NOTE = {
    "postgresql": "EXECUTE FUNCTION live_change()",
    "sqlite": "BEGIN INSERT INTO live_change (transaction_id, restaurant_id, number, at) "
    "VALUES (0, NEW.restaurant_id, NEW.number, strftime('%Y-%m-%d %H:%M:%f000', 'now')); END",
}
TRIGGER = "CREATE TRIGGER orders_live_change_{verb} AFTER {verb} ON orders {rows}{when}{note}"
VERBS = ("INSERT", "UPDATE")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.create_table(
        "live_change",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_change")),
    )
    op.create_index(op.f("ix_live_change_at"), "live_change", ["at"])
    op.create_index(op.f("ix_live_change_transaction_id"), "live_change", ["transaction_id"])
    if dialect == "postgresql":
        op.execute(FUNCTION)
    for verb in VERBS:
        rows = "FOR EACH ROW " if dialect == "postgresql" else ""
        when = f"WHEN ({CHANGED[dialect]}) " if verb == "UPDATE" else ""
        op.execute(TRIGGER.format(verb=verb, rows=rows, when=when, note=NOTE[dialect]))


def downgrade() -> None:
    of = " ON orders" if op.get_bind().dialect.name == "postgresql" else ""
    for verb in VERBS:
        op.execute(f"DROP TRIGGER orders_live_change_{verb}{of}")
    if of:
        op.execute("DROP FUNCTION live_change()")
    op.drop_index(op.f("ix_live_change_transaction_id"), table_name="live_change")
    op.drop_index(op.f("ix_live_change_at"), table_name="live_change")
    op.drop_table("live_change")
