"""`make bench-size`: what pages, polls and commands cost at a million orders, beside a small shop.

Three databases of 500 restaurants: of a few thousand orders, of a week, of ORDERS; all as of the
same Friday evening, in a cluster of their own that is gone afterwards (10 GB a million orders).
Each visit is made by turns at both shops that are compared, in this process; each job has one of
its own. Prints tables and writes bench/size.json.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import time_machine

from at_size.house import House, write_settings
from at_size.jobs import JOBS, measured
from at_size.meter import LIBRARY, Cost, Meter, median
from at_size.visits import SMALL, WEEK, Visit, visits
from databases import Cluster
from frame import write_results
from history.plans import explained
from ocpizza.db import make_engine
from size.generate import MOMENT, Size, bar, generate

BIG = "big"
TURNS = 5
# What a restaurant has open and an evening has brought; a list's page.
MOST_ROWS = 2_500
RESTAURANTS = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    asked = parser.parse_args()
    sizes = {
        SMALL: Size(RESTAURANTS, 2_000, spread=False),
        WEEK: Size(RESTAURANTS, 60_000),
        BIG: Size(RESTAURANTS, asked.orders),
    }
    cluster = Cluster(durable=True)
    try:
        cluster.run(f"ALTER SYSTEM SET shared_preload_libraries = '{LIBRARY}'")
        cluster.halt()
        cluster.start()
        orders = {}
        for name, size in sizes.items():
            cluster.run(f"CREATE DATABASE {name}")
            with bar(name) as told:
                orders[name] = generate(make_engine(cluster.url(name)), size, MOMENT, told)
        measure(cluster, orders)
    finally:
        cluster.stop()


def measure(cluster: Cluster, orders: dict[str, int]) -> None:
    """Measure the databases of this cluster, which have so many orders."""
    with tempfile.TemporaryDirectory() as folder:
        shops = {}
        for name in orders:
            own = Path(folder) / name
            own.mkdir()
            house = House(name, write_settings(own, cluster.url(name)))
            shops[name] = (house, Meter(house.engine, cluster.url("postgres")))
        with time_machine.travel(MOMENT, tick=True):
            pages = list(_told(_visited(shops)))
            looks = list(_told(_looked(shops[BIG][0])))
        jobs = list(_told(_jobs(shops, cluster.postmaster)))
    write_results("size.json", pages, orders=orders, jobs=jobs, **{"more rows": looks})


def _told(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        print(*(f"{name}: {value}" for name, value in row.items()), sep="  ", flush=True)
        yield row


Shops = dict[str, tuple[House, Meter]]


def _visited(shops: Shops) -> Iterator[dict[str, Any]]:
    known: dict[str, dict[str, Visit]] = {}
    for name, (house, _) in shops.items():
        house.stock_up()
        known[name] = {visit.name: visit for visit in visits(house)}
    for visit in known[BIG].values():
        compared = {name: known[name][visit.name] for name in (visit.beside, BIG)}
        costs: dict[str, list[Cost]] = {name: [] for name in compared}
        for turn in range(1 + TURNS):
            for name, own in compared.items():
                cost = shops[name][1].measured(own.prepare())
                # What is done for the first time is learnt.
                if turn:
                    costs[name].append(cost)
        few, many = (median(found) for found in costs.values())
        yield {
            "what": visit.name,
            "beside": visit.beside,
            "statements": [few.statements, many.statements],
            "blocks": [few.blocks, many.blocks],
            "CPU ms": [round(few.cpu_ms, 1), round(many.cpu_ms, 1)],
            "of it PostgreSQL": [round(few.database_ms, 1), round(many.database_ms, 1)],
            "ratio": round(many.cpu_ms / few.cpu_ms, 2),
            "aim": visit.aim,
        }


def _looked(house: House) -> Iterator[dict[str, Any]]:
    """What looks at many rows, and of which table or index."""
    for visit in visits(house):
        act = visit.prepare()
        with explained(house.engine) as looks:
            act()
        for (statement, table), rows in looks.many(MOST_ROWS).items():
            yield {"what": visit.name, "of": table, "rows": rows, "statement": statement[:120]}


def _jobs(shops: Shops, postmaster: int) -> Iterator[dict[str, Any]]:
    for name in JOBS:
        few, many = (measured(name, *shops[shop], postmaster) for shop in (SMALL, BIG))
        yield {
            "what": name,
            "CPU ms": [round(each.app_ms) for each in (few, many)],
            "of PostgreSQL, ms": [round(each.database_ms) for each in (few, many)],
            "blocks": [each.blocks for each in (few, many)],
            "MB more": [round(each.megabytes) for each in (few, many)],
        }


if __name__ == "__main__":
    main()
