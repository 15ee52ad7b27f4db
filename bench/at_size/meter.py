"""What something costs: statements, blocks that PostgreSQL looked at, CPU time of both sides."""

import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, event, text

from databases import counted_statements
from ocpizza.db import make_engine

LIBRARY = "pg_stat_statements"
BLOCKS = """
SELECT coalesce(sum(shared_blks_hit + shared_blks_read), 0) FROM pg_stat_statements s
JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = :name
"""


@dataclass
class Cost:
    """What something cost once; of several times, their median."""

    statements: int
    blocks: int
    app_ms: float
    database_ms: float

    @property
    def cpu_ms(self) -> float:
        return self.app_ms + self.database_ms


class Meter:
    """Looks at one database of a cluster that has pg_stat_statements, and at an engine's
    connections to it, which has none yet.
    """

    def __init__(self, engine: Engine, maintenance: str) -> None:
        self.engine, self.name = engine, engine.url.database
        self.pids: set[int] = set()
        event.listen(engine, "connect", lambda opened, _: self.pids.add(opened.info.backend_pid))
        self.looking = make_engine(maintenance, pool_size=1)
        with self.looking.begin() as connection:
            connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {LIBRARY}"))

    def blocks(self) -> int:
        """How many blocks all statements have looked at."""
        with self.looking.connect() as connection:
            return int(connection.scalar(text(BLOCKS), {"name": self.name}))

    def measured(self, act: Callable[[], object]) -> Cost:
        """What `act` costs; what its database does for nobody who asked is not counted."""
        blocks, ran, began = self.blocks(), self._ran(), time.process_time()
        with counted_statements(self.engine) as statements:
            act()
        took = time.process_time() - began
        return Cost(len(statements), self.blocks() - blocks, 1000 * took, (self._ran() - ran) / 1e6)

    def _ran(self) -> int:
        """Nanoseconds that the connections' processes have run."""
        total = 0
        for pid in self.pids:
            with suppress(OSError):
                total += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
        return total


def median(costs: list[Cost]) -> Cost:
    """The middle of each figure."""
    return Cost(
        round(statistics.median(each.statements for each in costs)),
        round(statistics.median(each.blocks for each in costs)),
        statistics.median(each.app_ms for each in costs),
        statistics.median(each.database_ms for each in costs),
    )
