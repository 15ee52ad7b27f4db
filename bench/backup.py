"""`make bench-backup`: what a backup costs those who order meanwhile.

Guests order at a steady pace, as in a busy hour, whether or not the one before has been answered;
by turns nobody saves anything, and `ocpizza backup` runs as its timer starts it, once and again.
The database holds years of orders. Prints a table and writes bench/backup.json; the ratios are to
the turns without a backup, in the same run.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frame import Shop, shop, write_results
from history.years import fill_orders
from load import Visitor, cpu_ms, gunicorn
from ocpizza.models.order import Order
from shop import choose_and_order

TURNS, ORDERS_A_TURN, EVERY_SECONDS = 4, 40, 0.5
# As ocpizza-backup.service has it.
POLITELY = ("nice", "-n", "10", "ionice", "-c", "3")


class Backups:
    """How many ended, and what each took."""

    def __init__(self, config: Path) -> None:
        self.command = (*POLITELY, sys.executable, "-m", "ocpizza.cli", "--config", config)
        self.seconds: list[float] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """One after the other, until the turn is over; the last one ends."""
        over = Event()
        thread = Thread(target=self._keep_saving, args=[over])
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _keep_saving(self, over: Event) -> None:
        while not over.is_set():
            began = time.perf_counter()
            subprocess.run([*self.command, "backup"], check=True, stdout=subprocess.DEVNULL)
            self.seconds.append(time.perf_counter() - began)


def order_steadily(port: int) -> list[float]:
    """Milliseconds that each guest's whole way took, from when they were due to begin."""
    first = time.perf_counter()

    def order(number: int) -> float:
        due = first + number * EVERY_SECONDS
        time.sleep(max(0, due - time.perf_counter()))
        visitor = Visitor(port)
        choose_and_order(visitor, "cash")
        visitor.connection.close()
        return 1000 * (time.perf_counter() - due)

    with ThreadPoolExecutor(ORDERS_A_TURN) as pool:
        return list(pool.map(order, range(ORDERS_A_TURN)))


def row(name: str, taken: list[float], cpu: float) -> dict[str, float | str | int]:
    return {
        "what": name,
        "orders": len(taken),
        "order ms": round(statistics.median(taken), 1),
        "95 of 100 within ms": round(statistics.quantiles(taken, n=20)[-1], 1),
        "worst ms": round(max(taken), 1),
        "application CPU ms each": round(cpu / len(taken), 1),
    }


def measure(shop: Shop) -> list[dict[str, float | str | int]]:
    taken: dict[str, list[float]] = {"no backup": [], "backups": []}
    cpu = dict.fromkeys(taken, 0.0)
    backups = Backups(shop.config)
    with gunicorn("ocpizza.wsgi:from_environment()", shop.environment) as (port, pid):
        choose_and_order(Visitor(port), "cash")
        with shop.engine.begin() as connection:
            fill_orders(connection)
        order_steadily(port)
        for turn in range(TURNS):
            name = [*taken][turn % 2]
            before = cpu_ms(pid)
            with backups.at_work() if turn % 2 else nullcontext():
                taken[name] += order_steadily(port)
                cpu[name] += cpu_ms(pid) - before
    rows = [row(name, taken[name], cpu[name]) for name in taken]
    rows[1] |= {"backups": len(backups.seconds), "s each": round(min(backups.seconds), 1)}
    return rows


def report(rows: list[dict[str, float | str | int]], orders: int) -> None:
    first, second = rows
    for key in ("order ms", "95 of 100 within ms", "application CPU ms each"):
        second[f"{key}, times"] = round(second[key] / first[key], 2)
    for each in rows:
        print("  ".join(f"{key}: {value}" for key, value in each.items()))
    print("orders in the database:", orders)
    write_results("backup.json", rows, orders=orders)


def main() -> None:
    with shop() as prepared:
        rows = measure(prepared)
        with Session(prepared.engine) as session:
            report(rows, session.scalar(select(func.count(Order.id))) or 0)


if __name__ == "__main__":
    main()
