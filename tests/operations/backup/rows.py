"""Every row of every table: what a database holds, to compare it with what it held."""

from typing import Any

from sqlalchemy import Engine, inspect, text

Rows = dict[str, list[tuple[Any, ...]]]


def rows_of(engine: Engine) -> Rows:
    """By table, in an order that depends on nothing but the rows."""
    with engine.connect() as connection:
        names = inspect(connection).get_table_names()
        read = {name: connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}
    engine.dispose()
    return {name: sorted((tuple(row) for row in found), key=repr) for name, found in read.items()}
