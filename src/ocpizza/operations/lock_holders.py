"""Who keeps others from what they want to change in the database, for whoever is kept."""

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

# Of another role's sessions nobody but an administrator is told more than whose they are.
HOLDERS = text("""
    SELECT DISTINCT activity.pid, usename, state, xact_start,
           extract(epoch FROM clock_timestamp() - xact_start)::int AS seconds
      FROM pg_locks AS held JOIN pg_stat_activity AS activity USING (pid)
     WHERE held.granted AND held.locktype IN ('relation', 'advisory') AND pid <> pg_backend_pid()
       AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
     ORDER BY xact_start NULLS LAST, pid LIMIT 3
""")
NOT_AVAILABLE = "55P03"
WHAT_TO_DO = (
    "wait for a backup or an update that is at work; sudo systemctl restart ocpizza ends what the "
    "site has begun"
)


def is_kept_waiting(error: SQLAlchemyError) -> bool:
    """Return whether a statement waited for a lock as long as it may."""
    return isinstance(error, OperationalError) and (
        getattr(error.orig, "sqlstate", None) == NOT_AVAILABLE
    )


def holders(engine: Engine) -> str:
    """Return who holds locks, in words: the longest first, as far as the database tells."""
    try:
        with engine.connect() as connection:
            found = connection.execute(HOLDERS).all()
    except SQLAlchemyError:
        found = []
    return ", ".join(_described(*row) for row in found) or "somebody who has gone since"


def _described(pid: int, role: str, state: str | None, _: object, seconds: int | None) -> str:
    more = f", {state} for {seconds} s" if state and seconds is not None else ""
    return f"process {pid} of PostgreSQL (role {role}{more})"
