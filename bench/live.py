"""`make bench-live`: pages that listen while orders advance, and what the shop feels of it.

Fifty restaurants have a kitchen board open each, customers have their order's page open, twenty
orders a second advance. Measured: how long after its commit a change is told and shown, what that
takes of each part of the shop, what other visitors wait for a page, beside the same without anybody
who listens; memory a page; how long it takes until all are back that come at one moment, and after
a restart. Pages, visitors and the team are processes of their own (`crowd`, `apart`): they share
the machine's cores, so the visitors' pages are measured once more beside a process that takes as
much as the pages did. nginx stands aside. Writes bench/live.json.
"""

import argparse
import re
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from apart import Helper, burner, helper, team, visitors
from crowd import Page, crowd, waited
from databases import MIGRATIONS, Cluster
from factories import PASSWORD, author_of, make_branch, make_pizzeria, make_staff, order_of
from frame import SETTINGS, write_results
from live_report import Alone, Back, Came, Listening, Parts, rows_of
from load import Visitor, cookies_of, cpu_ms, live_server, memory_kb, packaged, start_live
from ocpizza.db import make_engine
from ocpizza.live.ticket import derived_key, write
from ocpizza.live.topics import of_order, of_restaurant
from ocpizza.models.account import Role
from ocpizza.operations.migrate import migrate
from ocpizza.security.sessions import cookie_key

# What a change is told and shown in, at most, in seconds.
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


def pages_of(chain: Chain, shop: Path, key: bytes, customers: int) -> list[Page]:
    """A board a restaurant, by its manager's own sign-in; the rest are customers' pages."""
    pages = []
    for own, (code, identifier) in chain.managers.items():
        visitor = Visitor(shop)
        visitor.cookie = cookies = cookies_of(shop, identifier, PASSWORD)
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
    return float(re.search('data-safety="([0-9]+)"', page)[1])


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
            with packaged(config) as (shop, pid):
                orders = [cluster.url("bench"), chain.orders, chain.cook, a_second]
                paths = ["/pizzeria/city-001", f"/suivi/{chain.orders[0][2]}"]
                with helper(visitors, shop, paths) as others, helper(team, *orders) as cooks:
                    pids = pid, cluster.postmaster
                    bench = Bench(chain, config, shop, live, pids, others, cooks)
                    rows = bench.measure(customers, seconds)
    finally:
        engine.dispose()
        cluster.stop()
    for row in rows:
        print(*(f"{name}: {value}" for name, value in row.items()), sep="  ")
    write_results("live.json", rows, customers=customers, boards=boards)


@dataclass
class Bench:
    """A shop that serves, with visitors and a team; `pids` are gunicorn's and PostgreSQL's."""

    chain: Chain
    config: Path
    shop: Path
    live: Path
    pids: tuple[int, int]
    others: Helper
    cooks: Helper

    def measure(self, customers: int, seconds: int) -> list[dict[str, Any]]:
        alone = self.alone(seconds / 2)
        key = derived_key(cookie_key(self.config.with_name("key")))
        with live_server(self.config) as running:
            while not self.live.exists():
                time.sleep(0.1)
            pages = pages_of(self.chain, self.shop, key, customers)
            with helper(crowd, pages, str(self.live), str(self.shop), key) as looking:
                looking.ask("read")
                came = self.come(looking, running[0].pid, len(pages))
                there = self.listen(looking, running[0].pid, seconds)
                back = self.come_back(looking, running)
        with helper(burner, there.share):
            beside = self.others.ask("wait", seconds / 2)
        return rows_of(alone, came, there, back, beside)

    def took(self, live: int = 0) -> Parts:
        gunicorn, postgresql = self.pids
        return Parts(cpu_ms(gunicorn), cpu_ms(live) if live else 0.0, cpu_ms(postgresql))

    def alone(self, seconds: float) -> Alone:
        self.others.ask("wait", 3)
        before = self.took()
        visitors = self.others.ask("wait", seconds)
        return Alone(visitors, (self.took() - before).over(seconds))

    def come(self, looking: Helper, live: int, pages: int) -> Came:
        memory, cpu = memory_kb(live), cpu_ms(live)
        seconds = looking.ask("come")
        return Came(pages, seconds, cpu_ms(live) - cpu, memory, memory_kb(live))

    def listen(self, looking: Helper, live: int, seconds: int) -> Listening:
        time.sleep(3)
        looking.ask("look")
        before, began, theirs = self.took(live), time.time(), cpu_ms(looking.pid)
        visitors = self.others.ask("wait", seconds)
        ended = time.time()
        lasted = ended - began
        took = (self.took(live) - before).over(lasted)
        share = (cpu_ms(looking.pid) - theirs) / lasted / 1000
        time.sleep(LAST)
        seen, committed = looking.ask("tell"), self.cooks.ask("tell")
        changes = sum(began <= at <= ended for at, *_ in committed)
        waits = waited(committed, seen, began, ended)
        return Listening(lasted, visitors, took, share, changes, waits, seen)

    def come_back(self, looking: Helper, running: list[subprocess.Popen[bytes]]) -> Back:
        """Have another one take the place of `ocpizza live`."""
        looking.ask("look")
        running[0].terminate()
        running[0].wait(30)
        looking.ask("nobody")
        running[0] = start_live(self.config)
        self.others.begin("wait", 10)
        seconds = looking.ask("come back")
        visitors = self.others.end()
        return Back(seconds, visitors, looking.ask("tell").in_vain)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--customers", type=int, default=5000)
    arguments.add_argument("--boards", type=int, default=50)
    arguments.add_argument("--seconds", type=int, default=40)
    arguments.add_argument("--orders", type=float, default=20.0, help="that advance each second")
    given = arguments.parse_args()
    main(given.customers, given.boards, given.seconds, given.orders)
