"""Tables whose rows are written once: the database itself refuses to change or delete them.

One change is let through (GDPR, art. 17): a note, which may name a person, is emptied.
"""

from sqlalchemy import DDL, Table, event

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD) || '{"note": ""}' THEN RETURN NEW; END IF;
RAISE EXCEPTION 'rows of %% are append-only', TG_TABLE_NAME; END $$
"""
POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION append_only()"
)
SQLITE_TRIGGERS = {
    "UPDATE": (
        "CREATE TRIGGER {table}_append_only_UPDATE BEFORE UPDATE ON {table} "
        "WHEN NEW.note <> '' OR ({new}) IS NOT ({old}) "
        "BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END"
    ),
    "DELETE": (
        "CREATE TRIGGER {table}_append_only_DELETE BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END"
    ),
}


def append_only(table: Table) -> None:
    """Give `table`, which has a `note`, the triggers that keep its rows when it is created."""

    def on(dialect: str, statement: str) -> None:
        event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]

    on("postgresql", POSTGRESQL_FUNCTION)
    on("postgresql", POSTGRESQL_TRIGGER.format(table=table.name))
    kept = [column.name for column in table.columns if column.name != "note"]
    new, old = (", ".join(f"{row}.{name}" for name in kept) for row in ("NEW", "OLD"))
    for trigger in SQLITE_TRIGGERS.values():
        on("sqlite", trigger.format(table=table.name, new=new, old=old))
