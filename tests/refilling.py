"""A PostgreSQL database made as new between two tests, in place of a new one."""

from sqlalchemy import Connection, Engine, text

from droplets.waiting import wait_until
from ocpizza.db import make_engine

# Deleted rows stay in the files; at some point a new database costs less.
MUCH = 8_000_000
# How long connections that were closed may be seen, in seconds.
PATIENCE = 5
TABLES = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"""
SEQUENCES = """
    SELECT quote_ident(sequencename), start_value, last_value FROM pg_sequences
    WHERE schemaname = 'public' ORDER BY 1"""
# A row of these is written anew when something of it is altered.
CATALOGUES = """
    pg_attrdef pg_attribute pg_class pg_constraint pg_default_acl pg_extension pg_index pg_namespace
    pg_policy pg_proc pg_rewrite pg_sequence pg_statistic pg_statistic_ext pg_trigger pg_type"""
SCHEMA = " UNION ALL ".join(
    f"SELECT '{name}', count(*), sum(hashtextextended(xmin::text, 0)) FROM {name}"
    for name in CATALOGUES.split()
)
SCHEMA += """
    UNION ALL SELECT 'pg_database', 1, xmin::text::numeric FROM pg_database
    WHERE datname = current_database()
    UNION ALL SELECT 'pg_db_role_setting', count(*), 0 FROM pg_db_role_setting
    WHERE setdatabase IN (SELECT oid FROM pg_database WHERE datname = current_database())"""
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
SIZE = """
    SELECT sum(pg_relation_size(oid)) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""


class Contents:
    """The rows of a database that nobody changes, and where its sequences stand."""

    def __init__(self, url: str) -> None:
        engine = make_engine(url, 1)
        with engine.connect() as connection:
            tables = connection.scalars(text(TABLES)).all()
            self._filled = " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables
            )
            self._rows = {
                table: _copy_out(connection, table)
                for table in connection.scalars(text(self._filled))
            }
            self._sequences = ", ".join(
                f"setval('{name}', {last or start}, {last is not None})"
                for name, start, last in connection.execute(text(SEQUENCES))
            )
        engine.dispose()

    def put_into(self, engine: Engine) -> None:
        """Have these rows, and no others, in a database with the same tables."""
        with engine.begin() as connection:
            # Neither foreign keys nor triggers look at rows that were looked at before.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for table in connection.scalars(text(self._filled)).all():
                connection.exec_driver_sql(f"DELETE FROM {table}")
            for table, rows in self._rows.items():
                _copy_in(connection, table, rows)
            connection.exec_driver_sql(f"SELECT {self._sequences}")


def schema_of(engine: Engine) -> str:
    """What changes when anything but rows does; of SQLite nothing, its file is copied anew."""
    if engine.dialect.name == "sqlite":
        return ""
    with _observer(engine) as connection:
        return str(connection.exec_driver_sql(SCHEMA).all())


def is_left_alone(engine: Engine) -> bool:
    """Whether nobody else is connected, or not for long, and little was written."""
    if engine.dialect.name == "sqlite":
        return True
    with _observer(engine) as connection:
        try:
            wait_until(lambda: connection.scalar(text(OTHERS)) == 0, PATIENCE)
        except TimeoutError:
            return False
        return connection.scalar(text(SIZE)) < MUCH


def _observer(engine: Engine) -> Connection:
    # A transaction sees those who were connected when it began.
    return engine.execution_options(isolation_level="AUTOCOMMIT").connect()


def _copy_out(connection: Connection, table: str) -> bytes:
    with _cursor(connection) as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


def _copy_in(connection: Connection, table: str, rows: bytes) -> None:
    with _cursor(connection) as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        copy.write(rows)


def _cursor(connection: Connection):
    return connection.connection.driver_connection.cursor()
