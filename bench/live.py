"""`make bench-live`: pages that listen while orders advance, and what the shop feels of it.

Fifty restaurants have a kitchen board open each, customers have their order's page open, twenty
orders a second advance. Measured: how long after its commit a change is told and shown, what that
takes of each part of the shop, what other visitors wait for a page, beside the same without anybody
who listens; memory a page; how long it takes until all are back that come at one moment, and after
a restart. Pages, visitors and the team are processes of their own (`crowd`): they share the
machine's cores, so the visitors' pages are measured once more beside a process that takes as much
as the pages did. nginx stands aside. Writes bench/live.json.
"""

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import randrange
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from crowd import Helper, Page, burner, crowd, helper, part_of, ratio, team, visitors, waited
from databases import MIGRATIONS, Cluster
from factories import PASSWORD, author_of, make_branch, make_pizzeria, make_staff, order_of
from frame import SETTINGS, write_results
from load import Visitor, cpu_ms, packaged
from ocpizza.db import make_engine
from ocpizza.live.ticket import derived_key, write
from ocpizza.live.topics import of_order, of_restaurant
from ocpizza.models.account import Role
from ocpizza.operations.migrate import migrate
from ocpizza.security.sessions import cookie_key

# Of live.js, in seconds: how often a page asks while its stream lives, if it does not say.
SAFETY = 60.0
# What a change is told and shown in, at most.
LAST = 3.0


@dataclass
class Chain:
    """What is looked at: orders that advance, boards, pages of orders that do not."""

    orders: list[tuple[int, str, str, int]]
    managers: dict[int, tuple[str, str]]
    cook: Any


def fill(engine: Engine, restaurants: int, count: int) -> Chain:
    """Restaurants that share a menu, a manager each, and orders to prepare."""
    now = datetime.now(UTC)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        first = make_pizzeria(session)
        chain = [first]
        for number in range(2, restaurants + 1):
            entity = first.restaurant.legal_entity
            code = f"city_{number:03}"
            chain.append(make_branch(session, first, code=code, legal_entity=entity))
        managers = {
            one.restaurant.id: (
                one.restaurant.code,
                make_staff(session, Role.MANAGER, one.restaurant).identifier,
            )
            for one in chain
        }
        cook = author_of(make_staff(session, Role.PIZZAIOLO, first.restaurant))
    orders = []
    for number in range(count):
        with Session(engine) as session, session.begin():
            order = order_of(session, chain[number % restaurants], now=now)
            known = (order.id, order.number, order.tracking_token, order.restaurant_id)
            orders.append(known)
    return Chain(orders, managers, cook)


@contextmanager
def live_server(config: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """`ocpizza live`; whoever replaces it puts another one in."""
    running = [start_live(config)]
    try:
        yield running
    finally:
        running[0].terminate()
        running[0].wait(30)


def start_live(config: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "ocpizza.cli", "--config", str(config), "live"]
    return subprocess.Popen(command)


def memory_kb(pid: int) -> int:
    return int(re.search(r"Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())[1])


def cookies_of(shop: Path, identifier: str) -> str:
    """What a browser sends once somebody has signed in on it."""
    connection = Visitor(shop).connection
    fields = urlencode({"identifier": identifier, "password": PASSWORD})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
        "X-Real-IP": f"10.0.{randrange(256)}.{randrange(256)}",
    }
    connection.request("POST", "/connexion", fields, headers)
    answer = connection.getresponse()
    cookies = answer.headers.get_all("Set-Cookie") or []
    connection.close()
    if answer.status != 303:
        raise RuntimeError(f"{identifier} was not let in: {answer.status}")
    return "; ".join(cookie.split(";")[0] for cookie in cookies)


def pages_of(chain: Chain, shop: Path, key: bytes, customers: int) -> list[Page]:
    """A board a restaurant, by its manager's own sign-in; the rest are customers' pages."""
    pages = []
    for own, (code, identifier) in chain.managers.items():
        visitor = Visitor(shop)
        visitor.cookie = cookies = cookies_of(shop, identifier)
        board = visitor.get(f"/equipe/{code}/cuisine")
        ticket = re.search('data-ticket="([^"]+)"', board)[1]
        part = f"/equipe/{code}/cuisine/etat"
        pages.append(Page(of_restaurant(own), ticket, part, safety_of(board), cookies))
    safety = safety_of(Visitor(shop).get(f"/suivi/{chain.orders[0][2]}"))
    for number in range(customers):
        # Those that are too many look at orders that stay as they are.
        _, name, token, _ = chain.orders[number % len(chain.orders)]
        idle = number >= len(chain.orders)
        topic = of_order(f"IDLE-{number}" if idle else name)
        ticket = write(key, topic, datetime.now(UTC))
        pages.append(Page(topic, ticket, f"/suivi/{token}/etat", safety, idle=idle))
    return pages


def safety_of(page: str) -> float:
    """How often, in seconds, a page asks by turns while its stream lives."""
    told = re.search('data-safety="([0-9]+)"', page)
    return float(told[1]) if told else SAFETY


class Parts(NamedTuple):
    """The CPU milliseconds that each took until now."""

    gunicorn: float
    live: float
    postgresql: float

    def __sub__(self, other: "Parts") -> "Parts":
        return Parts(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    def over(self, by: float) -> "Parts":
        return Parts(*(each / by for each in self))


def main(customers: int, boards: int, seconds: int, a_second: float) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (20_000, 20_000))
    cluster = Cluster(durable=True)
    cluster.run("CREATE DATABASE bench")
    engine = make_engine(cluster.url("bench"))
    try:
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder) / "ocpizza.ini"
            url, socket = cluster.url("bench").replace("%", "%%"), config.with_name("gunicorn.sock")
            live = config.with_name("live.sock")
            more = f"[live]\nsocket = {live}\nstreams = {(customers + boards) * 2}\n"
            config.write_text(SETTINGS.format(url=url, socket=socket) + more)
            migrate(engine, MIGRATIONS)
            chain = fill(engine, boards, int((2 * seconds + 90) * a_second / 3))
            postmaster = int((cluster.data / "postmaster.pid").read_text().split()[0])
            with packaged(config) as (shop, pid):
                orders = [cluster.url("bench"), chain.orders, chain.cook, a_second]
                paths = ["/pizzeria/city-001", f"/suivi/{chain.orders[0][2]}"]
                with helper(visitors, shop, paths) as others, helper(team, *orders) as cooks:
                    bench = Bench(chain, config, shop, live, (pid, postmaster), others, cooks)
                    rows = bench.measure(customers, seconds, a_second)
    finally:
        engine.dispose()
        cluster.stop()
    for row in rows:
        print(*(f"{name}: {value}" for name, value in row.items()), sep="  ")
    write_results("live.json", rows, customers=customers, boards=boards)


@dataclass
class Bench:
    """A shop that serves, with visitors and a team."""

    chain: Chain
    config: Path
    shop: Path
    live: Path
    pids: tuple[int, int]
    others: Helper
    cooks: Helper

    def took(self, live: int = 0) -> Parts:
        gunicorn, postgresql = self.pids
        return Parts(cpu_ms(gunicorn), cpu_ms(live) if live else 0.0, cpu_ms(postgresql))

    def measure(self, customers: int, seconds: int, a_second: float) -> list[dict[str, Any]]:
        self.others.ask("wait", 3)
        before = self.took()
        alone = self.others.ask("wait", seconds / 2)
        took_alone = (self.took() - before).over(seconds / 2)
        key = derived_key(cookie_key(self.config.with_name("key")))
        with live_server(self.config) as running:
            while not self.live.exists():
                time.sleep(0.1)
            pages = pages_of(self.chain, self.shop, key, customers)
            with helper(crowd, pages, str(self.live), str(self.shop), key) as looking:
                rows, share = self.listen(pages, looking, running, seconds, (alone, took_alone))
        with helper(burner, share):
            beside = self.others.ask("wait", seconds / 2)
        rows[3] |= {"ratio to as much taken by others": ratio(rows[3].pop("all"), beside)[0]}
        return rows

    def listen(
        self,
        pages: list[Page],
        looking: Helper,
        running: list[subprocess.Popen[bytes]],
        seconds: int,
        without: tuple[list[float], Parts],
    ) -> tuple[list[dict[str, Any]], float]:
        alone, took_alone = without
        live = running[0].pid
        looking.ask("read")
        memory, cpu = memory_kb(live), cpu_ms(live)
        come = looking.ask("come")
        came_cpu, after = cpu_ms(live) - cpu, memory_kb(live)
        time.sleep(3)
        looking.ask("look")
        before, began, theirs = self.took(live), time.time(), cpu_ms(looking.pid)
        told = self.others.ask("wait", seconds)
        ended = time.time()
        took = (self.took(live) - before).over(ended - began)
        share = (cpu_ms(looking.pid) - theirs) / (ended - began) / 1000
        time.sleep(LAST)
        seen, committed = looking.ask("tell"), self.cooks.ask("tell")
        times = waited(committed, seen, began, ended)
        changes = sum(began <= at <= ended for at, *_ in committed)
        looking.ask("look")
        running[0].terminate()
        running[0].wait(30)
        looking.ask("nobody")
        running[0] = start_live(self.config)
        self.others.begin("wait", 10)
        back = looking.ask("come back")
        back_latency = self.others.end()
        in_vain = looking.ask("tell").in_vain
        listened = (took - took_alone).over(changes / (ended - began))
        medians = ratio(told, alone)
        rows = [
            *(
                {
                    "what": f"a change, {how}",
                    "count": len(waits),
                    "ms, median": part_of(waits, 0.5),
                    "ms, 99 of 100": part_of(waits, 0.99),
                }
                for how, waits in (("told", times[0]), ("shown", times[1]))
            ),
            {
                "what": "what listening takes, CPU ms a change",
                "changes": changes,
                "not shown": times[2],
                **{name: round(each, 2) for name, each in listened._asdict().items()},
                "all": round(sum(listened), 2),
                "parts asked for": round(seen.fetches / changes, 2),
                "of them unchanged": round(seen.unchanged / changes, 2),
            },
            {
                "what": "another visitor's page",
                "ms alone, median": part_of(alone, 0.5),
                "ms, median": part_of(told, 0.5),
                "ratio": medians[0],
                "99 of 100, ratio": medians[1],
                "% of a core, the shop alone": round(sum(took_alone) / 10, 1),
                "% of a core, the shop": round(sum(took) / 10, 1),
                "% of a core, pages": round(100 * share, 1),
                "all": told,
            },
            {
                "what": "a page that listens",
                "kB": round((after - memory) / len(pages), 1),
                "kB before": memory,
                "% of a core, all": round(took.live / 10, 1),
            },
            {
                "what": "all at one moment",
                "seconds": round(come, 2),
                "CPU ms each": round(came_cpu / len(pages), 2),
            },
            {
                "what": "all back after a restart",
                "seconds": round(back, 2),
                "tries in vain": in_vain,
                "another's page, ms, 99 of 100": part_of(back_latency, 0.99),
            },
        ]
        return rows, share


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--customers", type=int, default=5000)
    arguments.add_argument("--boards", type=int, default=50)
    arguments.add_argument("--seconds", type=int, default=40)
    arguments.add_argument("--orders", type=float, default=20.0, help="that advance each second")
    given = arguments.parse_args()
    main(given.customers, given.boards, given.seconds, given.orders)
