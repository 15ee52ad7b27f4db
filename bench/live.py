"""`make bench-live`: pages that listen while orders advance, and what the shop feels of it.

Fifty restaurants have a kitchen board open each, customers have their order's page open, twenty
orders a second advance. Measured: how long after its commit a change is told and shown, what other
visitors wait for a page, beside the same without anybody who listens; memory a page; how long it
takes until all are back that come at one moment, and after a restart. Pages behave as `live.js`
does. All of it shares the machine's cores; nginx stands aside. Writes bench/live.json.
"""

import argparse
import asyncio
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from databases import MIGRATIONS, Cluster
from factories import PASSWORD, author_of, make_branch, make_pizzeria, make_staff, order_of
from frame import SETTINGS, write_results
from load import Visitor, cpu_ms, packaged
from ocpizza.db import make_engine
from ocpizza.live.ticket import HEADER, PATH, derived_key, write
from ocpizza.live.topics import of_order
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.operations.migrate import migrate
from ocpizza.security.sessions import cookie_key
from ocpizza.services.order.advance import Step, advance_order

STEPS = (Status.TO_PREPARE, Status.ACCEPTED, Status.PREPARING, Status.READY)
# Of live.js, in seconds.
APART, SAFETY, BACK = 0.5, 60.0, (1.0, 2.0)
WAITS = 120.0


@dataclass
class Chain:
    """What is looked at: orders that advance, boards, pages of orders that do not."""

    orders: list[tuple[int, str, str, int]]
    managers: dict[int, tuple[str, str]]
    cook: Any


@dataclass
class Seen:
    """When what was told: by topic, when it was committed; what each page waited, in seconds."""

    committed: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    told: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    missed: int = 0


@dataclass
class Page:
    """A page as a browser has it open."""

    topic: str
    ticket: str
    part: str
    cookie: str = ""
    known: int = 0


class Crowd:
    """All pages, in one event loop."""

    def __init__(self, pages: list[Page], live: Path, shop: Path, seen: Seen) -> None:
        self.pages, self.live, self.shop, self.seen = pages, live, shop, seen
        self.listening = 0
        self.refused = 0
        self.all_there = asyncio.Event()
        self.parts = asyncio.Semaphore(64)

    async def look(self, page: Page) -> None:
        """Listen, come back when it ends, ask for the part when told and by turns."""
        turns = asyncio.create_task(self._by_turns(page))
        try:
            while True:
                try:
                    await self._listen(page)
                except OSError:
                    self.refused += 1
                await asyncio.sleep(random.uniform(*BACK))
        finally:
            turns.cancel()

    async def _listen(self, page: Page) -> None:
        reader, writer = await asyncio.open_unix_connection(str(self.live), limit=4096)
        try:
            asked = f"GET {PATH} HTTP/1.1\r\nHost: shop\r\n{HEADER}: {page.ticket}\r\n\r\n"
            writer.write(asked.encode())
            status = (await reader.readline()).split()[1:2]
            if status != [b"200"]:
                raise OSError(status)
            self.listening += 1
            if self.listening == len(self.pages):
                self.all_there.set()
            try:
                while line := await reader.readline():
                    if line == b"event: changed\n":
                        await self._told(page)
            finally:
                self.listening -= 1
                self.all_there.clear()
        finally:
            writer.close()

    async def _told(self, page: Page) -> None:
        now, changes = time.time(), self.seen.committed[page.topic]
        new = [at for at in changes[page.known :] if at <= now]
        page.known += len(new)
        self.seen.told += [now - at for at in new]
        await self._fetch(page)
        shown = time.time()
        self.seen.shown += [shown - at for at in new]

    async def _by_turns(self, page: Page) -> None:
        await asyncio.sleep(random.uniform(0, SAFETY))
        while True:
            await self._fetch(page)
            await asyncio.sleep(SAFETY * random.uniform(0.9, 1.1))

    async def _fetch(self, page: Page) -> None:
        async with self.parts:
            reader, writer = await asyncio.open_unix_connection(str(self.shop))
            asked = f"GET {page.part} HTTP/1.0\r\nHost: localhost\r\nCookie: {page.cookie}\r\n"
            writer.write(f"{asked}X-Real-IP: 127.0.0.1\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
        ticket = re.search(rb"(?i)\r\nlive-ticket: (\S+)", answer)
        page.ticket = ticket[1].decode() if ticket else page.ticket


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


def advance(engine: Engine, chain: Chain, seen: Seen, a_second: float, stop: threading.Event):
    """Advance an order after the other, so many a second, and note when each was committed."""
    began, done = time.perf_counter(), 0
    for before, after in pairwise(STEPS):
        for order_id, number, _token, restaurant_id in chain.orders:
            if stop.is_set():
                return
            time.sleep(max(0.0, began + done / a_second - time.perf_counter()))
            with Session(engine) as session:
                step = Step(before, after)
                advance_order(session, order_id, step, chain.cook, datetime.now(UTC))
                session.commit()
            now = time.time()
            for topic in (of_order(number), f"restaurant:{restaurant_id}"):
                seen.committed[topic].append(now)
            done += 1


def wait_for_pages(at: Path, paths: list[str], seconds: float) -> list[float]:
    """What four visitors wait for a page, ten times a second each, in seconds."""
    took: list[float] = []
    until = time.perf_counter() + seconds

    def visit() -> None:
        visitor = Visitor(at)
        while (began := time.perf_counter()) < until:
            visitor.get(random.choice(paths))
            took.append(time.perf_counter() - began)
            time.sleep(max(0.0, 0.1 - (time.perf_counter() - began)))

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(took)


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


def part_of(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(1000 * ordered[int(len(ordered) * share)], 1) if ordered else 0.0


def cookies_of(shop: Path, identifier: str) -> str:
    """What a browser sends once somebody has signed in on it."""
    connection = Visitor(shop).connection
    fields = urlencode({"identifier": identifier, "password": PASSWORD})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
        "X-Real-IP": f"10.0.{random.randrange(256)}.{random.randrange(256)}",
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
        pages.append(Page(f"restaurant:{own}", ticket, part, cookies))
    for number in range(customers):
        # Those that are too many look at orders that stay as they are.
        _, name, token, _ = chain.orders[number % len(chain.orders)]
        name = name if number < len(chain.orders) else f"IDLE-{number}"
        ticket = write(key, of_order(name), datetime.now(UTC))
        pages.append(Page(of_order(name), ticket, f"/suivi/{token}/etat"))
    return pages


class Looking:
    """The crowd in a thread of its own."""

    def __init__(self, crowd_of: Any) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.crowd: Crowd = self.ask(self._make(crowd_of))

    async def _make(self, crowd_of: Any) -> Crowd:
        return crowd_of()

    def ask(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(WAITS)

    def come(self) -> float:
        """All at one moment; how many seconds until the last one listens."""

        async def come() -> None:
            self.tasks = [asyncio.create_task(self.crowd.look(p)) for p in self.crowd.pages]

        began = time.perf_counter()
        self.ask(come())
        self.ask(self.crowd.all_there.wait())
        return time.perf_counter() - began

    def nobody_listens(self) -> None:
        while self.crowd.listening:
            time.sleep(0.01)

    def come_back(self) -> float:
        began = time.perf_counter()
        self.ask(self.crowd.all_there.wait())
        return time.perf_counter() - began

    def go(self) -> None:
        async def go() -> None:
            for task in self.tasks:
                task.cancel()

        self.ask(go())


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
            chain = fill(engine, boards, int(seconds * a_second * 2 / 3) + 10)
            with packaged(config) as (shop, _pid):
                rows = measure(engine, chain, config, (shop, live), customers, seconds, a_second)
    finally:
        engine.dispose()
        cluster.stop()
    for row in rows:
        print(*(f"{name}: {value}" for name, value in row.items()), sep="  ")
    write_results("live.json", rows, customers=customers, boards=boards)


def measure(
    engine: Engine,
    chain: Chain,
    config: Path,
    at: tuple[Path, Path],
    customers: int,
    seconds: int,
    a_second: float,
) -> list[dict[str, Any]]:
    shop, live = at
    paths = ["/pizzeria/city-001", f"/suivi/{chain.orders[0][2]}"]
    seen, stop = Seen(), threading.Event()
    wait_for_pages(shop, paths, 3)
    advancing = threading.Thread(
        target=advance, args=(engine, chain, seen, a_second, stop), daemon=True
    )
    advancing.start()
    alone = wait_for_pages(shop, paths, seconds / 2)
    key = derived_key(cookie_key(config.with_name("key")))
    with live_server(config) as running:
        while not live.exists():
            time.sleep(0.1)
        pages = pages_of(chain, shop, key, customers)
        before = memory_kb(running[0].pid)
        cpu = cpu_ms(running[0].pid)
        looking = Looking(lambda: Crowd(pages, live, shop, seen))
        come = looking.come()
        came_cpu = cpu_ms(running[0].pid) - cpu
        after = memory_kb(running[0].pid)
        time.sleep(2)
        for page in pages:
            page.known = len(seen.committed[page.topic])
        seen.told.clear()
        seen.shown.clear()
        cpu, began = cpu_ms(running[0].pid), time.perf_counter()
        told = wait_for_pages(shop, paths, seconds)
        busy = (cpu_ms(running[0].pid) - cpu) / (time.perf_counter() - began) / 10
        changes = sorted(seen.told), sorted(seen.shown)
        looking.crowd.refused = 0
        running[0].terminate()
        running[0].wait(30)
        looking.nobody_listens()
        running[0] = start_live(config)
        back_latency: list[float] = []
        visiting = threading.Thread(
            target=lambda: back_latency.extend(wait_for_pages(shop, paths, 10))
        )
        visiting.start()
        back = looking.come_back()
        visiting.join()
        stop.set()
        advancing.join()
        looking.go()
    return [
        {
            "what": "a change, told",
            "count": len(changes[0]),
            "ms, median": part_of(changes[0], 0.5),
            "ms, 99 of 100": part_of(changes[0], 0.99),
        },
        {
            "what": "a change, shown",
            "count": len(changes[1]),
            "ms, median": part_of(changes[1], 0.5),
            "ms, 99 of 100": part_of(changes[1], 0.99),
        },
        {
            "what": "another visitor's page",
            "ms alone, median": part_of(alone, 0.5),
            "ms, median": part_of(told, 0.5),
            "ratio": round(statistics.median(told) / statistics.median(alone), 2),
            "99 of 100, ratio": round(part_of(told, 0.99) / part_of(alone, 0.99), 2),
        },
        {
            "what": "a page that listens",
            "kB": round((after - before) / len(pages), 1),
            "kB before": before,
            "% of a core, all": round(busy, 1),
        },
        {
            "what": "all at one moment",
            "seconds": round(come, 2),
            "CPU ms each": round(came_cpu / len(pages), 2),
        },
        {
            "what": "all back after a restart",
            "seconds": round(back, 2),
            "tries in vain": looking.crowd.refused,
            "another's page, ms, 99 of 100": part_of(back_latency, 0.99),
        },
    ]


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--customers", type=int, default=5000)
    arguments.add_argument("--boards", type=int, default=50)
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--orders", type=float, default=20.0, help="that advance each second")
    given = arguments.parse_args()
    main(given.customers, given.boards, given.seconds, given.orders)
