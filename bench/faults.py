"""`make bench-faults`, as root: orders flow through an installed shop while things happen to it.

A booted Debian with the package, PostgreSQL and nginx; guests order one after the other, each with
a name of their own. Prints a line a fault and writes bench/faults.json: orders answered, what was
not answered, orders lost or doubled, and what `ocpizza check` says afterwards.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPException
from itertools import count
from pathlib import Path

from distribution.build import Packages, built_packages
from distribution.components import HOURS, bring
from distribution.install import DEMO, INI, WITH_SERVERS, installed, offer, psql, version_of
from droplets import Droplet, new_droplet, wait_until
from load import Visitor
from operations.update.pictures import jpeg
from shop import choose_and_order

RESULTS = Path(__file__).with_name("faults.json")
CLIENTS, ORDERS, SECONDS = 2, 6, 120
SERVER = "postgresql@15-main"
WAL = "/var/lib/postgresql/15/main/pg_wal"
SETTINGS = """
[proxy]
trusted = 127.0.0.0/8

[orders]
unpaid_cents = 1000000000
unpaid_pizzas = 1000000
"""
SUPPLY = """
from datetime import UTC, datetime
from sqlalchemy import select
from sqlalchemy.orm import Session
from ocpizza.db import make_engine
from ocpizza.models.stock import Reason, Stock
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.move import Cause, move_stock

with Session(make_engine("postgresql+psycopg:///ocpizza")) as session, session.begin():
    for restaurant, ingredient in session.execute(select(Stock.restaurant_id, Stock.ingredient_id)):
        locked = lock_stock(session, restaurant, {ingredient})
        cause = Cause(Reason.SUPPLY, datetime.now(UTC))
        move_stock(session, restaurant, locked, {ingredient: 10_000_000}, cause)
"""


class Guest(Visitor):
    """A browser on the droplet's own loopback, by way of nginx."""

    def __init__(self, droplet: Droplet) -> None:
        super().__init__(80)
        self.connection._create_connection = lambda *_, **__: droplet.network.connect(80)


class Orders:
    """Guests who order until told to stop; what came of it."""

    names = count(1)

    def __init__(self, droplet: Droplet) -> None:
        self.droplet, self.enough = droplet, threading.Event()
        self.answered: list[str] = []
        self.failures: list[str] = []
        self.longest = 0.0

    def guest(self) -> None:
        while not self.enough.is_set():
            name, begun = f"Guest {next(self.names)}", time.monotonic()
            try:
                guest = Guest(self.droplet)
                guest.get(choose_and_order(guest, "cash", contact_name=name))
                self.answered.append(name)
            except (OSError, HTTPException, RuntimeError, TypeError, AttributeError) as error:
                self.failures.append(f"{name}: {error!r}")
                time.sleep(0.2)
            self.longest = max(self.longest, time.monotonic() - begun)

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """Some come before the block, some after."""
        guests = [threading.Thread(target=self.guest) for _ in range(CLIENTS)]
        for guest in guests:
            guest.start()
        try:
            self.wait_for_more()
            yield
            self.wait_for_more()
        finally:
            self.enough.set()
            for guest in guests:
                guest.join()

    def wait_for_more(self) -> None:
        least = len(self.answered) + ORDERS
        wait_until(lambda: len(self.answered) >= least, SECONDS, f"orders: {self.failures[-3:]}")


def reload(droplet: Droplet) -> None:
    droplet.run("systemctl", "reload", "ocpizza")


def restart(droplet: Droplet) -> None:
    droplet.run("systemctl", "restart", "ocpizza")


def update(droplet: Droplet) -> None:
    done = bring(
        droplet,
        margherita=("city_001.static.jpg", jpeg(64, 64)),
        hours=("city_001.hours.py", HOURS),
    )
    assert done.returncode == 0, done.stdout


def change_prices(droplet: Droplet) -> None:
    raised = "UPDATE product_size SET price_cents = price_cents + 10;"
    done = bring(droplet, prices=("common.prices.psql", raised))
    assert done.returncode == 0, done.stdout


def roll_back(droplet: Droplet) -> None:
    droplet.run("ocpizza", "update", "--rollback")


def upgrade(packages: Packages, droplet: Droplet) -> None:
    offer(droplet, packages, "next")
    droplet.apt("upgrade")
    assert version_of(droplet) == packages.next


def kill(unit: str, droplet: Droplet) -> None:
    droplet.run("systemctl", "kill", "-s", "KILL", unit)


def fill_the_disk(droplet: Droplet) -> None:
    """Leave no room for what PostgreSQL writes until it is down, and then make room again."""
    droplet.shell(f"fallocate -l $(df --output=avail -B1 {WAL} | tail -1) {WAL}/full")
    psql = ("runuser", "-u", "postgres", "--", "psql", "-c", "SELECT pg_switch_wal()")

    def down() -> bool:
        droplet.run(*psql, check=False)
        return bool(droplet.run("systemctl", "is-active", SERVER, check=False).returncode)

    wait_until(down, SECONDS, "PostgreSQL down")
    droplet.run("rm", f"{WAL}/full")


def have_a_small_disk(droplet: Droplet) -> None:
    """For what PostgreSQL writes ahead, on a file system of its own."""
    droplet.shell(
        f"systemctl stop ocpizza postgresql; mv {WAL} {WAL}.was; mkdir {WAL};"
        f" mount -t tmpfs -o size=160m,mode=700,uid=$(id -u postgres) small {WAL};"
        f" cp -a {WAL}.was/. {WAL}; systemctl start postgresql ocpizza"
    )


def back_up(droplet: Droplet) -> None:
    droplet.run("ocpizza", "backup")


def faults(packages: Packages) -> dict[str, tuple[Callable[[Droplet], None], bool]]:
    """What happens, and whether a guest may notice it."""
    return {
        "reload": (reload, False),
        "restart": (restart, False),
        "update with a picture and a page": (update, False),
        "backup": (back_up, False),
        "update rolled back": (roll_back, False),
        "update put in place again": (update, False),
        "package upgraded": (partial(upgrade, packages), False),
        "update of the content, site stopped for it": (change_prices, True),
        "gunicorn killed": (partial(kill, "ocpizza"), True),
        "nginx killed": (partial(kill, "nginx"), True),
        "PostgreSQL killed": (partial(kill, "postgresql@*"), True),
        "PostgreSQL's disk full, then not": (fill_the_disk, True),
    }


def happened(droplet: Droplet, name: str, fault: Callable[[Droplet], None], noticed: bool) -> dict:
    """What came of the orders that were under way."""
    orders = Orders(droplet)
    with orders.flowing():
        fault(droplet)
    kept = psql(droplet, "SELECT contact_name FROM orders").splitlines()
    checked = droplet.run("ocpizza", "check", check=False)
    row = {
        "fault": name,
        "answered": len(orders.answered),
        "not answered": len(orders.failures),
        "lost": len(set(orders.answered) - set(kept)),
        "doubled": len(kept) - len(set(kept)),
        "longest order, s": round(orders.longest, 1),
        "check": (checked.stdout + checked.stderr).strip(),
    }
    print(json.dumps(row), orders.failures[:2], flush=True)
    good = not row["lost"] and not row["doubled"] and not checked.returncode
    if not good or (orders.failures and not noticed):
        raise SystemExit(f"{name}: {orders.failures}")
    return row


def main(only: str = "") -> None:
    """All of them, or those whose name has a word; then nothing is written."""
    if os.geteuid() != 0:
        sys.exit("Only root can boot a system: sudo make bench-faults")
    packages = built_packages("bookworm")
    with new_droplet("bookworm", WITH_SERVERS, installed(packages), DEMO) as droplet:
        droplet.run("tee", "-a", INI, input=SETTINGS)
        python = ("runuser", "-u", "ocpizza", "--", "/usr/lib/ocpizza/venv/bin/python", "-")
        droplet.run(*python, input=SUPPLY)
        droplet.run("ocpizza", "deploy")
        have_a_small_disk(droplet)
        chosen = {name: fault for name, fault in faults(packages).items() if only in name}
        rows = [happened(droplet, name, *fault) for name, fault in chosen.items()]
    if only:
        return
    results = {"at": f"{datetime.now(UTC):%Y-%m-%d}", "cores": os.cpu_count(), "faults": rows}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
