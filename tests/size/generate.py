"""A PostgreSQL database of hundreds of restaurants and as many orders as one likes.

Some restaurants live their weeks by the demo's own code, then the database multiplies them: rows
first, then indexes, then keys. The same seed, moment and numbers give the same rows, but for salts
of passwords. `ocpizza check` holds of all of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import click
from sqlalchemy import CheckConstraint, Engine

from databases import MIGRATIONS
from ocpizza.operations.migrate import migrate
from size.bulk import Told
from size.multiply import COPIED, Growth, keep, multiply
from size.pattern import RESTAURANTS, open_chain, write_history

# A Friday evening, when everybody orders: what is measured then is the same whenever it is.
MOMENT = datetime(2026, 6, 5, 18, 45, tzinfo=UTC)


@dataclass(frozen=True)
class Size:
    """How many restaurants and orders there are to be, both about.

    `spread`: whether each restaurant has its share of the orders, or those of the demo all.
    """

    restaurants: int = 500
    orders: int = 1_000_000
    spread: bool = True
    seed: int = 16


def generate(engine: Engine, size: Size, now: datetime, told: Told = lambda _: None) -> int:
    """Fill an empty database; gives the number of its orders."""
    copies = max(1, size.restaurants // RESTAURANTS)
    growth = Growth(copies, copies if size.spread else 1, size.seed)
    told("tables")
    migrate(engine, MIGRATIONS)
    told("restaurants")
    since = open_chain(engine, size.orders // growth.histories, now)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        keep(connection, "opening")
        told("orders")
        orders = write_history(engine, since, now)
        keep(connection, "history")
        multiply(connection, growth, told)
    # What this connection was told to leave out must not be left out of anything else.
    engine.dispose()
    return orders * growth.histories


# Each table, index and key, but for CHECKs; and what comes before and after.
STEPS = 4 + sum(
    1
    + len(table.indexes)
    + sum(not isinstance(each, CheckConstraint) for each in table.constraints)
    for table in COPIED
)


@contextmanager
def bar(name: str) -> Iterator[Told]:
    """A bar for a terminal, as the project's commands show one."""
    with click.progressbar(length=STEPS, label=name, item_show_func=lambda step: step) as shown:
        yield lambda step: shown.update(1, step)
