"""`make bench-memory`: what a worker holds in memory before, during and after 100,000 requests.

The shop runs as the package runs it. Requests are of every kind: pages and pictures of the menu,
guests' whole orders, tracking pages and their parts, a kitchen's board, what is refused. Four
clients share them; whoever takes too long is stopped and says how far they came. Printed are the
proportional set sizes of the workers, beside those of a bare application's after as many requests.
Writes bench/memory.json.
"""

import argparse
import re
import threading
import time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from factories import PASSWORD, make_staff
from frame import Shop, shop, write_results
from load import Address, Visitor, cookies_of, gunicorn, memory_kb, packaged
from ocpizza.models.account import Role
from ocpizza.models.restaurant import Restaurant
from shop import HERE, MENU, choose_and_order, show

CLIENTS = 4
MARKS = (0, 10_000, 50_000, 100_000)
CODE = "city_001"
PRODUCTS = ("regina", "margherita", "reine-blanche", "tiramisu")


def workers(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return sorted(map(int, children.split()))


def memory_mb(pid: int) -> list[float]:
    return [round(memory_kb(worker) / 1024, 1) for worker in workers(pid)]


def refused(visitor: Visitor, path: str) -> None:
    try:
        visitor.get(path)
    except RuntimeError:
        return
    raise RuntimeError(f"{path} was not refused")


def visit(at: Address, cook: str) -> int:
    """A guest, somebody who only looks and gets lost, a board; gives how many requests that was."""
    return guest(at) + passer_by(at) + board(at, cook)


def guest(at: Address) -> int:
    guest = Visitor(at)
    tracking = choose_and_order(guest, "cash")
    for _ in range(3):
        guest.get(tracking)
        guest.get(f"{tracking}/etat")
    # A board of thousands would be measured otherwise.
    guest.get(f"{tracking}/annuler")
    guest.post(f"{tracking}/annuler")
    return gone(guest)


def passer_by(at: Address) -> int:
    looking = Visitor(at)
    pictures = re.findall(r'src="(/dessin/[^"]+)"', looking.get(MENU))
    for path in ("/", *pictures[:6], *(f"{MENU}/{each}" for each in PRODUCTS[:2]), MENU, MENU):
        looking.get(path)
    for path in ("/nulle-part", "/suivi/nobody", f"{MENU}/nothing", "/pizzeria/nowhere"):
        refused(looking, path)
    return gone(looking)


def board(at: Address, cook: str) -> int:
    board = Visitor(at)
    board.cookie = cook
    for path in ("cuisine", "cuisine/etat", "cuisine/etat", "commandes"):
        board.get(f"/equipe/{CODE}/{path}")
    return gone(board)


def gone(visitor: Visitor) -> int:
    visitor.connection.close()
    return visitor.requests


class Load:
    """Clients that go on until so many requests were answered."""

    def __init__(self, act, until: float) -> None:
        self.act, self.until, self.done = act, until, 0
        self.counting = threading.Lock()

    def go_on(self, count: int) -> None:
        def client() -> None:
            while self.done < count and time.monotonic() < self.until:
                try:
                    requests = self.act()
                except ConnectionError:
                    continue  # one that was silent for two seconds, on a machine that is busy
                with self.counting:
                    self.done += requests

        clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for each in clients:
            each.start()
        for each in clients:
            each.join()


def measure_shop(prepared: Shop, minutes: float) -> list[dict[str, object]]:
    with Session(prepared.engine) as session, session.begin():
        restaurant = session.scalars(select(Restaurant).where(Restaurant.code == CODE)).one()
        identifier = make_staff(session, Role.MANAGER, restaurant).identifier
    with packaged(prepared.config) as (at, pid):
        cook = cookies_of(at, identifier, PASSWORD)
        began = workers(pid)
        load = Load(lambda: visit(at, cook), time.monotonic() + 60 * minutes)
        rows = follow(load, pid, "shop")
        if workers(pid) != began:
            raise RuntimeError("a worker was replaced")
        return rows


def measure_bare() -> list[dict[str, object]]:
    def act(port: int) -> int:
        visitor = Visitor(port)
        for _ in range(50):
            visitor.get("/")
        visitor.connection.close()
        return visitor.requests

    with gunicorn("bare", {"PYTHONPATH": str(HERE)}) as (port, pid):
        return follow(Load(lambda: act(port), time.monotonic() + 300), pid, "bare application")


def follow(load: Load, pid: int, what: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for mark in MARKS:
        load.go_on(mark)
        sizes = memory_mb(pid)
        mean = round(sum(sizes) / len(sizes), 1)
        rows.append({"what": what, "requests": load.done, "PSS, MB": mean, "each": sizes})
        show(rows[-1:])
        if load.done < mark:
            break
    return rows


def main(minutes: float) -> None:
    with shop() as prepared:
        rows = measure_shop(prepared, minutes)
        rows += measure_bare()
        write_results("memory.json", rows)
        prepared.check()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--minutes", type=float, default=20.0, help="at most, for the shop")
    main(arguments.parse_args().minutes)
