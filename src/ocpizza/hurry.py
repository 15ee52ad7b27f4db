"""Connections for pages: somebody waits for the answer, so nothing may take long."""

from typing import Any

import psycopg
from psycopg.errors import _WaitTimeout
from sqlalchemy import Engine, event

# Longer than the server itself lets a lock or a statement take: only one that hangs is given up.
MAX_SECONDS = 15.0
STATEMENT = "statement_timeout=12s"
# For jobs, which read much at once.
PATIENT_SECONDS = 45.0
# Also for a machine or a network that is gone without a word; seconds, but for the last.
ARGUMENTS: dict[str, int] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 8000,
}
# How long a page waits for a connection while all are in use.
POOL_SECONDS = 3.0


class HurriedConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server does not answer."""

    patience = MAX_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, timeout or self.patience)
        except _WaitTimeout:
            self.pgconn.finish()
            message = f"no answer within {self.patience:.0f} s"
            raise psycopg.OperationalError(message) from None


class PatientConnection(HurriedConnection):
    """One that is waited for longer, and not for ever either."""

    patience = PATIENT_SECONDS


def connect_in_a_hurry(engine: Engine, kind: type[HurriedConnection] = HurriedConnection) -> None:
    """Have every connection of an engine be of this kind."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, words: Any, named: dict[str, Any]) -> Any:
        return kind.connect(*words, **named)
