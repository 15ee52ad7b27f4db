"""`make bench-stripe`: what a Stripe that hangs costs those who do not pay by card.

The same load three times in one run, on the same machine: while nobody pays by card, while some do
and Stripe (the simulator) answers, and while it takes every call and never answers. Prints a table
and writes bench/stalled_stripe.json; the ratios are to the first of the three.
"""

import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event, Thread

from aiosmtpd.controller import Controller
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from frame import Shop, shop, write_results
from load import Visitor, gunicorn
from local_stripe_server import local_stripe
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from shop import choose_and_order, read_menu

ROUNDS, MENUS_A_ROUND, CARD_PAYERS = 16, 4, 4
EMAIL = "julia@example.org"
KEYS = {
    "SECRET_KEY": "sk_test_12345",
    "PUBLISHABLE_KEY": "pk_test_12345",
    "WEBHOOK_SECRET": "whsec_bench",
}


class Mailbox:
    """Takes every mail and throws it away."""

    async def handle_DATA(self, _server, _session, _envelope):
        return "250 OK"


@contextmanager
def free_port() -> Iterator[socket.socket]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield free


@contextmanager
def mail_server() -> Iterator[int]:
    with free_port() as free:
        port = free.getsockname()[1]
    controller = Controller(Mailbox(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


@contextmanager
def stalled_server() -> Iterator[str]:
    """The kernel takes connections and calls; nobody ever reads them."""
    with free_port() as server:
        server.listen(1024)
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def answering_server() -> Iterator[str]:
    with local_stripe() as stripe:
        yield stripe.url


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "ocpizza.cli", "--config", environment["OCPIZZA_CONFIG"]]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*command, "work"], env=os.environ | environment, **quiet)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


def pay_by_card(visitor: Visitor) -> None:
    """Order by card, then look at the payment page as long as it asks to."""
    page = choose_and_order(visitor, "online_card")
    for _ in range(3):
        visitor.get(page)


def timed(act: Callable[[Visitor], object], port: int) -> float:
    visitor = Visitor(port)
    began = time.perf_counter()
    act(visitor)
    visitor.connection.close()
    return 1000 * (time.perf_counter() - began)


def look_and_order(port: int) -> tuple[list[float], list[float]]:
    """What those do who do not pay by card: two of them at a time."""

    def one(_round: int) -> tuple[list[float], float]:
        menus = [timed(read_menu, port) for _ in range(MENUS_A_ROUND)]
        return menus, timed(lambda visitor: choose_and_order(visitor, "cash", email=EMAIL), port)

    with ThreadPoolExecutor(2) as pool:
        rounds = list(pool.map(one, range(ROUNDS)))
    return [each for menus, _ in rounds for each in menus], [each for _, each in rounds]


def keep_paying(port: int, over: Event) -> None:
    while not over.is_set():
        try:
            timed(pay_by_card, port)
        except OSError:
            if not over.is_set():
                raise


def mail_delays(engine: Engine, since: int) -> list[float]:
    """Seconds from the order to its mail, of orders after `since`; waits until all is sent."""
    asked = select(OutgoingMail.sent_at, OutgoingMail.created_at).where(OutgoingMail.id > since)
    deadline = time.monotonic() + 120
    while True:
        with Session(engine) as session:
            rows = session.execute(asked).all()
        if all(row.sent_at for row in rows) or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    late = time.time()
    return [(r.sent_at.timestamp() if r.sent_at else late) - r.created_at.timestamp() for r in rows]


def last_mail(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.coalesce(func.max(OutgoingMail.id), 0)))


def measure(name: str, shop: Shop, stripe: Callable | None) -> dict[str, object]:
    with ExitStack() as stack:
        environment = dict(shop.environment)
        environment["OCPIZZA_MAIL_HOST"] = "127.0.0.1"
        environment["OCPIZZA_MAIL_PORT"] = str(stack.enter_context(mail_server()))
        if stripe is not None:
            keys = KEYS | {"API_URL": stack.enter_context(stripe())}
            environment |= {f"OCPIZZA_STRIPE_{key}": value for key, value in keys.items()}
        port, _pid = stack.enter_context(gunicorn("ocpizza.wsgi:from_environment()", environment))
        stack.enter_context(worker(environment))
        # The worker is there once the first mail is.
        before = last_mail(shop.engine)
        choose_and_order(Visitor(port), "cash", email=EMAIL)
        mail_delays(shop.engine, before)
        since, over = last_mail(shop.engine), Event()
        payers = CARD_PAYERS if stripe else 0
        paying = [Thread(target=keep_paying, args=[port, over], daemon=True) for _ in range(payers)]
        for thread in paying:
            thread.start()
        began = time.perf_counter()
        menus, orders = look_and_order(port)
        seconds = time.perf_counter() - began
        over.set()
        for thread in paying:
            thread.join(60)
        delays = mail_delays(shop.engine, since)
    return {
        "what": name,
        "orders a second": round(len(orders) / seconds, 1),
        "menu ms": round(statistics.median(menus), 1),
        "worst menu ms": round(max(menus), 1),
        "order ms": round(statistics.median(orders), 1),
        "worst order ms": round(max(orders), 1),
        "mails": len(delays),
        "mail s": round(statistics.median(delays), 1),
        "worst mail s": round(max(delays), 1),
    }


def report(rows: list[dict[str, object]]) -> None:
    first = rows[0]
    for row in rows:
        for key in ("menu ms", "order ms", "mail s"):
            row[f"{key}, times"] = round(row[key] / (first[key] or 0.1), 2)
    for row in rows:
        print("  ".join(f"{key}: {value}" for key, value in row.items()))
    write_results("stalled_stripe.json", rows)


def main() -> None:
    with shop() as prepared:
        report(
            [
                measure("nobody pays by card", prepared, None),
                measure("Stripe answers", prepared, answering_server),
                measure("Stripe hangs", prepared, stalled_server),
            ]
        )
        with Session(prepared.engine) as session:
            print("orders:", session.scalar(select(func.count(Order.id))))
        prepared.check()


if __name__ == "__main__":
    main()
