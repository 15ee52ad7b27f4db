"""What changed since it was last asked: read from the end of `live_change`, each row once.

Ids are drawn before transactions end: a row may appear behind others that are long known. So
PostgreSQL is asked for what it shows now and did not show the last time, by its snapshots; a
transaction that lasts keeps nothing else back.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Engine, bindparam, func, select, text

from ocpizza.db import read_only
from ocpizza.models.live_change import LiveChange

# A row that another server wrote (a restored copy) is of no transaction that this one has seen.
POSTGRESQL = text("""
SELECT CAST(pg_current_snapshot() AS text) AS position, new.restaurant_id, new.number
FROM (SELECT 1) AS one LEFT JOIN (
    SELECT DISTINCT restaurant_id, number FROM live_change
    WHERE transaction_id >= CAST(CAST(
        pg_snapshot_xmin(CAST(:position AS pg_snapshot)) AS text) AS bigint)
    AND transaction_id < CAST(CAST(
        pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)
    AND NOT pg_visible_in_snapshot(
        CAST(CAST(transaction_id AS text) AS xid8), CAST(:position AS pg_snapshot))
) AS new ON true
""")
NOW_POSTGRESQL = text("SELECT CAST(pg_current_snapshot() AS text)")
SQLITE = select(LiveChange.id, LiveChange.restaurant_id, LiveChange.number).where(
    LiveChange.id > bindparam("position")
)
NOW_SQLITE = select(func.coalesce(func.max(LiveChange.id), 0))
LATELY = timedelta(minutes=10)


class Change(NamedTuple):
    """An order that changed."""

    restaurant_id: int
    number: str


class Tail:
    """The end of the table, from where it was when this was made. Raises SQLAlchemyError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = read_only(engine)
        self._sqlite = engine.dialect.name == "sqlite"
        with self._engine.connect() as connection:
            self._position = connection.scalar(NOW_SQLITE if self._sqlite else NOW_POSTGRESQL)

    def read(self) -> list[Change]:
        """Return what is new, each change once."""
        with self._engine.connect() as connection:
            if self._sqlite:
                rows = connection.execute(SQLITE, {"position": self._position}).all()
                self._position = max([self._position, *(row.id for row in rows)])
            else:
                rows = connection.execute(POSTGRESQL, {"position": self._position}).all()
                self._position = rows[0].position
        return [Change(row.restaurant_id, row.number) for row in rows if row.number is not None]


def changed_lately(engine: Engine, now: datetime) -> Iterable[tuple[Change, datetime]]:
    """Return what changed within the last minutes, and when: for pages that were told nothing."""
    of = LiveChange.restaurant_id, LiveChange.number
    query = select(*of, func.max(LiveChange.at)).where(LiveChange.at > now - LATELY).group_by(*of)
    with read_only(engine).connect() as connection:
        rows = connection.execute(query).all()
    return [(Change(own, number), at) for own, number, at in rows]
