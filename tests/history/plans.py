"""Every statement is explained as it is sent: how many rows of a table does it look at?"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass
class Looks:
    """(statement, table) → the most rows that it looked at, and what was explained."""

    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    statements: set[str] = field(default_factory=set)

    def many(self, most: int) -> dict[tuple[str, str], int]:
        """Those that looked at more rows than this."""
        return {key: rows for key, rows in self.rows.items() if rows > most}


@contextmanager
def explained(engine: Engine) -> Iterator[Looks]:
    """Explains what is sent while the block runs; what an explanation did is undone."""
    looks = Looks()

    def explain(connection, _cursor, statement, parameters, _context, many) -> None:
        if many or not statement.lstrip().upper().startswith(EXPLAINED):
            return
        looks.statements.add(statement)
        alone = connection.connection.dbapi_connection.autocommit
        with connection.connection.dbapi_connection.cursor() as cursor:
            if not alone:
                cursor.execute("SAVEPOINT explained")
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
            (plan,) = cursor.fetchone()
            if not alone:
                cursor.execute("ROLLBACK TO explained")
                cursor.execute("RELEASE explained")
        plan = json.loads(plan) if isinstance(plan, str) else plan
        for table, rows in _scans(plan[0]["Plan"]):
            key = (statement, table)
            looks.rows[key] = max(looks.rows.get(key, 0), rows)

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield looks
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def _scans(node: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """(table or index, rows looked at) of each node that reads one."""
    name = node.get("Relation Name") or node.get("Index Name")
    if name and "Scan" in node["Node Type"]:
        removed = (
            node.get(key, 0) for key in ("Rows Removed by Filter", "Rows Removed by Index Recheck")
        )
        yield name, round((node["Actual Rows"] + sum(removed)) * node["Actual Loops"])
    for child in node.get("Plans", ()):
        yield from _scans(child)
