"""The pages that listen in `bench/live.py`, in a process of their own: as live.js does."""

import asyncio
import random
import re
import resource
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import NamedTuple

from ocpizza.live.ticket import HEADER, PATH, write

# Of live.js, in seconds.
APART, BACK = 0.5, (1.0, 2.0)
FLEETING = re.compile(rb'data-fleeting="(\d+)"')


class Seen(NamedTuple):
    """What pages saw since they were asked to look: by topic, when it was told; when parts that
    were asked for then were there.
    """

    told: dict[str, list[float]]
    shown: dict[str, list[tuple[float, float]]]
    fetches: int
    unchanged: int
    in_vain: int


@dataclass
class Page:
    """A page as a browser has it open; one that is `idle` is told of nothing."""

    topic: str
    ticket: str
    part: str
    safety: float
    cookie: str = ""
    idle: bool = False
    etag: str = ""


class Crowd:
    """All pages, in one event loop."""

    def __init__(self, pages: list[Page], live: str, shop: str, key: bytes) -> None:
        self.pages, self.live, self.shop, self.key = pages, live, shop, key
        self.listening = 0
        self.all_there, self.nobody_there = asyncio.Event(), asyncio.Event()
        self.look()

    def look(self) -> None:
        self.seen = Seen(defaultdict(list), defaultdict(list), 0, 0, 0)

    def note(self, **more: int) -> None:
        counts = {name: getattr(self.seen, name) + each for name, each in more.items()}
        self.seen = self.seen._replace(**counts)

    async def open(self, page: Page) -> None:
        """Listen, come back when it ends, ask for the part when told and by turns."""
        wanted = asyncio.Event()
        asking = asyncio.create_task(self._keep_asking(page, wanted))
        try:
            while True:
                try:
                    await self._listen(page, wanted)
                except OSError:
                    self.note(in_vain=1)
                await asyncio.sleep(random.uniform(*BACK))
        finally:
            asking.cancel()

    async def _listen(self, page: Page, wanted: asyncio.Event) -> None:
        reader, writer = await asyncio.open_unix_connection(self.live, limit=4096)
        try:
            asked = f"GET {PATH} HTTP/1.1\r\nHost: shop\r\n{HEADER}: {page.ticket}\r\n\r\n"
            writer.write(asked.encode())
            status = (await reader.readline()).split()[1:2]
            if status != [b"200"]:
                if status == [b"401"]:
                    await self._fetch(page)
                raise OSError(status)
            self._count(1)
            try:
                while line := await reader.readline():
                    if line == b"event: changed\n":
                        self.seen.told[page.topic].append(time.time())
                        wanted.set()
            finally:
                self._count(-1)
        finally:
            writer.close()

    def _count(self, more: int) -> None:
        self.listening += more
        for event, is_so in (
            (self.all_there, self.listening == len(self.pages)),
            (self.nobody_there, not self.listening),
        ):
            event.set() if is_so else event.clear()

    async def _keep_asking(self, page: Page, wanted: asyncio.Event) -> None:
        wait = random.uniform(0, page.safety)
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(wanted.wait(), wait)
            wanted.clear()
            asked_at = time.monotonic()
            wait = await self._fetch(page)
            await asyncio.sleep(max(0.0, asked_at + APART - time.monotonic()))

    async def _fetch(self, page: Page) -> float:
        """Ask for the part; returns how long to wait until it is asked for by turns."""
        began = time.time()
        reader, writer = await asyncio.open_unix_connection(self.shop)
        known = f"If-None-Match: {page.etag}\r\n" if page.etag else ""
        asked = f"GET {page.part} HTTP/1.0\r\nHost: localhost\r\nCookie: {page.cookie}\r\n{known}"
        writer.write(f"{asked}X-Real-IP: 127.0.0.1\r\n\r\n".encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        status = head.split()[1]
        if status not in (b"200", b"304"):
            raise RuntimeError(f"{page.part}: {status!r}")
        self.seen.shown[page.topic].append((began, time.time()))
        self.note(fetches=1, unchanged=status == b"304")
        page.etag = _header(head, b"etag") or page.etag
        page.ticket = _header(head, b"live-ticket") or page.ticket
        if page.idle:
            page.ticket = write(self.key, page.topic, datetime.now(UTC))
        fleeting = [int(each) for each in FLEETING.findall(body)]
        return min([page.safety * random.uniform(0.9, 1.1), *fleeting])

    async def read_all(self) -> None:
        """Each page has asked for its part before."""
        few = asyncio.Semaphore(8)

        async def read(page: Page) -> None:
            async with few:
                await self._fetch(page)

        await asyncio.gather(*map(read, self.pages))


def _header(head: bytes, name: bytes) -> str:
    found = re.search(rb"(?i)\r\n" + name + rb": (\S+)", head)
    return found[1].decode() if found else ""


def crowd(pipe: Connection, pages: list[Page], live: str, shop: str, key: bytes) -> None:
    """Pages that listen."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (20_000, 20_000))
    asyncio.run(_crowd(pipe, Crowd(pages, live, shop, key)))


async def _crowd(pipe: Connection, all_pages: Crowd) -> None:
    pipe.send("ready")
    tasks = []
    while True:
        (what,) = await asyncio.to_thread(pipe.recv)
        began, answer = time.perf_counter(), None
        match what:
            case "read":
                await all_pages.read_all()
            case "come":
                tasks = [asyncio.create_task(all_pages.open(page)) for page in all_pages.pages]
                await all_pages.all_there.wait()
            case "come back":
                await all_pages.all_there.wait()
            case "nobody":
                await all_pages.nobody_there.wait()
            case "look":
                all_pages.look()
            case "tell":
                answer = all_pages.seen
        pipe.send(time.perf_counter() - began if answer is None else answer)
        failed = [task for task in tasks if task.done()]
        if failed:
            failed[0].result()


class Waits(NamedTuple):
    """How long after its commit each change was told, and shown, to each who looks at it, sorted;
    how many were not shown.
    """

    told: list[float]
    shown: list[float]
    missed: int


def waited(
    committed: list[tuple[float, str, str]], seen: Seen, began: float, ended: float
) -> Waits:
    """Of the changes that were committed in between."""
    told, shown, missed = [], [], 0
    for at, *topics in committed:
        for topic in topics:
            if topic in seen.shown and began <= at <= ended:
                told += [each - at for each in seen.told.get(topic, ()) if each >= at][:1]
                there = [end - at for asked, end in seen.shown[topic] if asked >= at]
                shown += there[:1]
                missed += not there
    return Waits(sorted(told), sorted(shown), missed)
