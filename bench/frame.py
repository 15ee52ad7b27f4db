"""What every bench of the shop stands in: a durable PostgreSQL with the demo chain, its settings,
and a file of results.
"""

import json
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from databases import MIGRATIONS, Cluster
from ocpizza.db import make_engine
from ocpizza.models.stock import Reason, Stock
from ocpizza.operations.check import check
from ocpizza.operations.demo_data import load_demo_data
from ocpizza.operations.migrate import migrate
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.move import Cause, move_stock

HERE = Path(__file__).resolve().parent
# For many more orders than any bench makes.
PLENTY = 10_000_000
# Each visitor of a load has an address of their own, and nobody a limit.
SETTINGS = """
[database]
url = {url}
[session]
secret_file = key
[server]
socket = {socket}
[proxy]
trusted = 127.0.0.0/8
[orders]
unpaid_cents = 1000000000
unpaid_pizzas = 1000000
[folders]
backups = backups
"""


@dataclass(frozen=True)
class Shop:
    """The demo chain in a cluster of its own, and a file of settings for those who serve it."""

    cluster: Cluster
    config: Path

    @property
    def url(self) -> str:
        return self.cluster.url("bench")

    @property
    def environment(self) -> dict[str, str]:
        return {"OCPIZZA_CONFIG": str(self.config)}

    @cached_property
    def engine(self) -> Engine:
        return make_engine(self.url)

    def check(self) -> None:
        """Say whether everything in it adds up."""
        with Session(self.engine) as session:
            print("ocpizza check:", check(session) or "everything adds up")


@contextmanager
def shop() -> Iterator[Shop]:
    """A shop with stock for many orders."""
    cluster = Cluster(durable=True)
    try:
        cluster.run("CREATE DATABASE bench")
        with tempfile.TemporaryDirectory() as folder:
            made = Shop(cluster, Path(folder) / "ocpizza.ini")
            made.config.write_text(
                SETTINGS.format(
                    url=made.url.replace("%", "%%"), socket=made.config.with_name("gunicorn.sock")
                )
            )
            _fill(made.engine)
            yield made
            made.engine.dispose()
    finally:
        cluster.stop()


def write_results(name: str, measures: list[dict[str, Any]], **more: object) -> None:
    """Keep what was measured, beside what it was measured on."""
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    text = json.dumps(machine | more | {"measures": measures}, indent=1)
    (HERE / name).write_text(f"{text}\n")


def _fill(engine: Engine) -> None:
    migrate(engine, MIGRATIONS)
    with Session(engine) as session, session.begin():
        load_demo_data(session, datetime.now(UTC))
    with Session(engine) as session, session.begin():
        stocks = select(Stock.restaurant_id, Stock.ingredient_id)
        for restaurant_id, ingredient_id in session.execute(stocks).all():
            locked = lock_stock(session, restaurant_id, {ingredient_id})
            cause = Cause(Reason.SUPPLY, datetime.now(UTC))
            move_stock(session, restaurant_id, locked, {ingredient_id: PLENTY}, cause)
