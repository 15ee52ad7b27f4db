"""Tables whose rows are written once: the database itself refuses to change or delete them.

One change is let through (GDPR, art. 17): what may name a person is emptied, all of it at once: a
note, and what else the table says.
"""

import json
from collections.abc import Sequence

from sqlalchemy import DDL, Table, event

# Its argument, if there is one, says which columns are emptied together.
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF TG_OP = 'UPDATE'
AND to_jsonb(NEW) = to_jsonb(OLD) || CAST(coalesce(TG_ARGV[0], '{"note": ""}') AS jsonb)
THEN RETURN NEW; END IF;
RAISE EXCEPTION 'rows of %% are append-only', TG_TABLE_NAME; END $$
"""
POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION append_only({emptied})"
)
SQLITE_TRIGGERS = {
    "UPDATE": (
        "CREATE TRIGGER {table}_append_only_UPDATE BEFORE UPDATE ON {table} "
        "WHEN {filled} OR ({new}) IS NOT ({old}) "
        "BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END"
    ),
    "DELETE": (
        "CREATE TRIGGER {table}_append_only_DELETE BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END"
    ),
}


def append_only(table: Table, emptied: Sequence[str] = ()) -> None:
    """Give `table`, which has a `note`, the triggers that keep its rows when it is created.

    `emptied` are columns that become NULL where its note is emptied.
    """

    def on(dialect: str, statement: str) -> None:
        event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))  # type: ignore[no-untyped-call]

    told = f"'{json.dumps({'note': ''} | dict.fromkeys(emptied))}'" if emptied else ""
    on("postgresql", POSTGRESQL_FUNCTION)
    on("postgresql", POSTGRESQL_TRIGGER.format(table=table.name, emptied=told))
    kept = [column.name for column in table.columns if column.name not in ("note", *emptied)]
    new, old = (", ".join(f"{row}.{name}" for name in kept) for row in ("NEW", "OLD"))
    filled = " OR ".join(["NEW.note <> ''", *(f"NEW.{name} IS NOT NULL" for name in emptied)])
    for trigger in SQLITE_TRIGGERS.values():
        on("sqlite", trigger.format(table=table.name, new=new, old=old, filled=filled))
