"""Tables whose rows the database itself refuses to change or delete, from a moment on."""

from sqlalchemy import DDL, Table, event

FUNCTION = """
CREATE OR REPLACE FUNCTION frozen() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of %% are frozen', TG_TABLE_NAME; END $$
"""
POSTGRESQL = (
    "CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION frozen()"
)
SQLITE = (
    "CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb} ON {table} "
    "WHEN {when} BEGIN SELECT RAISE(ABORT, 'rows of {table} are frozen'); END"
)


def frozen(table: Table, once: str) -> None:
    """Give `table` the triggers that keep its rows, `once` this is so of a column of theirs."""
    when = f"OLD.{once}"

    def on(dialect: str, statement: str) -> None:
        event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]

    on("postgresql", FUNCTION)
    on("postgresql", POSTGRESQL.format(table=table.name, when=when))
    for verb in ("UPDATE", "DELETE"):
        on("sqlite", SQLITE.format(table=table.name, verb=verb, when=when))
