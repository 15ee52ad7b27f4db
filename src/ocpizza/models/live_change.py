"""That an order changed, for the pages that show it: noted by the database itself.

By triggers, in the transaction that changes the order: nobody hears of what is not committed, and
no way to write an order can forget it. `ocpizza live` reads the end of this table; rows go within
hours.
"""

from datetime import datetime

from sqlalchemy import DDL, BigInteger, Index, Integer, String, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base

# An order has a new version whenever a page about it looks different.
WHEN = {"INSERT": "", "UPDATE": "WHEN ({changed}) "}
CHANGED = {"postgresql": "OLD.version IS DISTINCT FROM NEW.version"}
CHANGED["sqlite"] = "OLD.version IS NOT NEW.version"
FUNCTION = """
CREATE OR REPLACE FUNCTION live_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO live_change (transaction_id, restaurant_id, number, at) VALUES (
CAST(CAST(pg_current_xact_id() AS text) AS bigint), NEW.restaurant_id, NEW.number, clock_timestamp()
); RETURN NULL; END $$
"""
POSTGRESQL = (
    "CREATE TRIGGER {table}_live_change_{verb} AFTER {verb} ON {table} FOR EACH ROW {when}"
    "EXECUTE FUNCTION live_change()"
)
SQLITE = (
    "CREATE TRIGGER {table}_live_change_{verb} AFTER {verb} ON {table} {when}"
    "BEGIN INSERT INTO live_change (transaction_id, restaurant_id, number, at) "
    "VALUES (0, NEW.restaurant_id, NEW.number, strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now')); END"
)


class LiveChange(Base):
    """An order of this number changed, at this restaurant.

    `transaction_id` is PostgreSQL's own, by which a reader knows what it could not see yet: ids
    are drawn before, in another order than transactions end. SQLite's writers are one after the
    other: there the id is enough.
    """

    __tablename__ = "live_change"
    __table_args__ = (Index(None, "transaction_id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    restaurant_id: Mapped[int]
    number: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]


def noted_live(table: Table) -> None:
    """Give `table`, which has orders, the triggers that note their changes when it is created."""

    def on(dialect: str, statement: str) -> None:
        event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]

    on("postgresql", FUNCTION)
    for dialect, trigger in (("postgresql", POSTGRESQL), ("sqlite", SQLITE)):
        for verb, when in WHEN.items():
            told = when.format(changed=CHANGED[dialect])
            on(dialect, trigger.format(table=table.name, verb=verb, when=told))
