"""`make bench`: a catalogue page and a guest's whole order, beside a bare application.

Each load comes twice: one client at a time shows the cost, eight show what the machine bears. Then
as many confirm at one moment at one restaurant. The shop runs as the package runs it; PostgreSQL
is a private cluster with its usual durability. Guests order two pizzas drawn by lot (the same in
every run), each by a phone of their own. Prints a table and writes bench/results.json.
"""

import random
import re
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from frame import Shop, shop, write_results
from load import Address, Measure, Visitor, gunicorn, load, packaged

HERE = Path(__file__).resolve().parent
ORDERS, PAGES, CLIENTS = 320, 1600, 8
CONFIRMATIONS = 320
MENU = "/pizzeria/paris-republique"
PIZZA = re.compile(r'value="(\d+)" aria-label="Ajouter [^"]*, Classique')
lot = random.Random(6543)


def read_menu(visitor: Visitor) -> None:
    visitor.get(MENU)


def order(visitor: Visitor) -> None:
    """A guest's whole way on a phone: restaurants, menu, two pizzas, the checkout, summary."""
    tracking = choose_and_order(visitor, "cash")
    visitor.get(tracking)


def choose_and_order(visitor: Visitor, means: str, **more: str) -> str:
    """The same up to the order, with `more` details; gives the page that comes next."""
    return choose(visitor, means, **more)()


def choose(visitor: Visitor, means: str, **more: str) -> Callable[[], str]:
    """The same up to the last page; gives what confirms it."""
    visitor.get("/")
    sizes = PIZZA.findall(visitor.get(MENU))
    for size in lot.sample(sizes, 2):
        visitor.post_by_htmx(f"{MENU}/ajouter", size=size, quantity=1)
    page = visitor.get("/commande")
    details = {
        "mode": "delivery",
        "phone": f"06{lot.randrange(10**8):08}",
        "contact_name": "Julia Perret",
        "street": "12 rue des Lilas",
        "postcode": "75011",
        "town": "Paris",
    }
    hidden = dict(re.findall(r'name="(key)" type="hidden" value="([^"]*)"', page))
    hidden |= dict(re.findall(r'type="hidden" name="(total_\w+)" value="([^"]*)"', page))
    filled = details | more | hidden | {"means": means, "accept": "y", "of_age": "y"}

    def confirm() -> str:
        following = visitor.post("/commande", **filled)
        if not following.startswith("/suivi/"):
            raise RuntimeError(f"the order was refused: {following}")
        return following

    return confirm


def measure_shop(shop: Shop) -> tuple[list[Measure], list[dict[str, float | str]]]:
    with packaged(shop.config) as (at, pid):
        pids = (pid, shop.cluster.postmaster)
        load("warm up", at, pids, order, 48, CLIENTS)
        loads = [
            load(
                f"{name}, {clients} at a time", at, pids, act, count // (5 if alone else 1), clients
            )
            for name, act, count in (
                ("catalogue page", read_menu, PAGES),
                ("guest's whole order", order, ORDERS),
            )
            for clients, alone in ((1, True), (CLIENTS, False))
        ]
        return loads, [confirmations(at, clients) for clients in (1, CLIENTS, 4 * CLIENTS)]


def confirmations(at: Address, clients: int) -> dict[str, float | str]:
    """How long the confirmation of an order takes while as many others are confirmed there."""
    together = Barrier(clients)

    def client(rounds: int) -> list[float]:
        took = []
        for _ in range(rounds):
            visitor = Visitor(at)
            confirm = choose(visitor, "cash")
            together.wait(60)
            began = time.perf_counter()
            confirm()
            took.append(1000 * (time.perf_counter() - began))
            visitor.connection.close()
        return took

    count = CONFIRMATIONS if clients > 1 else CONFIRMATIONS // 5
    with ThreadPoolExecutor(clients) as pool:
        took = sorted(
            each for some in pool.map(client, [count // clients] * clients) for each in some
        )
    return {
        "what": f"confirmation, {clients} at a moment",
        "count": len(took),
        "ms, median": round(statistics.median(took), 1),
        "ms, 99 of 100": round(took[int(len(took) * 0.99)], 1),
    }


def measure_bare() -> Measure:
    with gunicorn("bare", {"PYTHONPATH": str(HERE)}) as (port, pid):
        return load("bare application, a page", port, (pid, None), lambda v: v.get("/"), PAGES)


def report(measures: list[Measure], confirmed: list[dict[str, float | str]]) -> None:
    bare = measures[0]
    bare_ms = bare.app_ms / bare.requests
    rows = []
    for measure in measures:
        cost = (measure.app_ms + measure.database_ms) / measure.requests
        rows.append(measure.row | {"times a bare request": round(cost / bare_ms, 1)})
    show(rows)
    show(confirmed)
    write_results("results.json", [*rows, *confirmed])


def show(rows: list[dict]) -> None:
    widths = [max(len(str(row[key])) for row in [*rows, {key: key}]) for key in rows[0]]
    for line in [dict(zip(rows[0], rows[0], strict=True)), *rows]:
        print("  ".join(str(v).ljust(w) for v, w in zip(line.values(), widths, strict=True)))


def main() -> None:
    with shop() as prepared:
        loads, confirmed = measure_shop(prepared)
        report([measure_bare(), *loads], confirmed)
        prepared.check()


if __name__ == "__main__":
    main()
