"""Titre-restaurant among the means of payment; money given back of an order that was changed."""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MEANS = ("online_card", "cash", "card_terminal", "other")
MORE_MEANS = ("online_card", "cash", "card_terminal", "meal_voucher", "other")
REASONS = ("decided", "of_cancelled_order", "given_at_stripe")
MORE_REASONS = ("decided", "of_cancelled_order", "of_changed_order", "given_at_stripe")
# (table, its column, what it may hold before and now)
RULES = (
    ("orders", "means", MEANS, MORE_MEANS),
    ("payment", "means", MEANS, MORE_MEANS),
    ("refund", "reason", REASONS, MORE_REASONS),
)


def upgrade() -> None:
    for table, column, before, now in RULES:
        _limit(table, column, before, now)


def downgrade() -> None:
    op.execute("UPDATE orders SET means = 'other' WHERE means = 'meal_voucher'")
    op.execute("UPDATE payment SET means = 'other' WHERE means = 'meal_voucher'")
    op.execute("UPDATE refund SET reason = 'decided' WHERE reason = 'of_changed_order'")
    for table, column, before, now in RULES:
        _limit(table, column, now, before)


def _limit(table: str, column: str, before: tuple[str, ...], now: tuple[str, ...]) -> None:
    name = f"ck_{table}_{column}"
    old, new = (f"{column} IN ({_listed(words)})" for words in (before, now))
    if op.get_bind().dialect.name == "postgresql":
        # One look at each row that there is: years of them are a fraction of a second.
        op.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({new})"
        )
        return
    # SQLite would copy the table, which others refer to: its text is changed instead
    # (sqlite.org/lang_altertable.html: what does not touch the rows).
    bind = op.get_bind()
    (version,) = bind.exec_driver_sql("PRAGMA schema_version").one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = bind.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) "
        "WHERE type = 'table' AND name = ? AND instr(sql, ?)",
        (f"CHECK ({old})", f"CHECK ({new})", table, f"CHECK ({old})"),
    )
    if changed.rowcount != 1:
        raise RuntimeError(f"{table} has no rule {name} that was expected")
    bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
