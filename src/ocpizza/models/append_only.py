"""Tables whose rows are written once: the database itself refuses to change or delete them."""

from sqlalchemy import DDL, Table, event

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of %% are append-only', TG_TABLE_NAME; END $$
"""
POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION append_only()"
)
SQLITE_TRIGGER = (
    "CREATE TRIGGER {table}_append_only_{verb} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END"
)


def append_only(table: Table) -> None:
    """Give `table` the triggers that forbid UPDATE and DELETE when it is created."""

    def on(dialect: str, statement: str) -> None:
        event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]

    on("postgresql", POSTGRESQL_FUNCTION)
    on("postgresql", POSTGRESQL_TRIGGER.format(table=table.name))
    for verb in ("UPDATE", "DELETE"):
        on("sqlite", SQLITE_TRIGGER.format(table=table.name, verb=verb))
