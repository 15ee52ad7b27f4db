"""`make bench`: a catalogue page and a guest's whole order, beside a bare application.

Each load comes twice: one client at a time shows the cost, four show what the machine bears.
Everything runs under the same gunicorn on the same machine in the same run; PostgreSQL is a
private cluster with its usual durability. Prints a table and writes bench/results.json.
"""

import re
from pathlib import Path

from frame import Shop, shop, write_results
from load import Measure, Visitor, gunicorn, load

HERE = Path(__file__).resolve().parent
ORDERS, PAGES = 320, 1600
MENU = "/pizzeria/paris-republique"
PIZZAS = ("Margherita", "Regina")


def read_menu(visitor: Visitor) -> None:
    visitor.get(MENU)


def order(visitor: Visitor) -> None:
    """A guest's whole way on a phone: restaurants, menu, two pizzas, details, payment, summary."""
    tracking = choose_and_order(visitor, "cash")
    visitor.get(tracking)


def choose_and_order(visitor: Visitor, means: str, **more: str) -> str:
    """The same up to the order, with `more` details; gives the page that comes next."""
    visitor.get("/")
    menu = visitor.get(MENU)
    for name in PIZZAS:
        size = re.search(rf'value="(\d+)" aria-label="Ajouter {name}, Classique', menu)
        visitor.post_by_htmx(f"{MENU}/ajouter", size=size[1], quantity=1)
    visitor.get("/panier")
    visitor.get("/commande/coordonnees")
    payment = visitor.post(
        "/commande/coordonnees",
        mode="delivery",
        phone="06 39 98 12 34",
        **{"contact_name": "Julia Perret"} | more,
        street="12 rue des Lilas",
        postcode="75011",
        town="Paris",
    )
    page = visitor.get(payment)
    hidden = dict(re.findall(r'name="(key|total)" type="hidden" value="([^"]*)"', page))
    hidden |= dict(re.findall(r'type="hidden" name="(key|total)" value="([^"]*)"', page))
    following = visitor.post("/commande/paiement", means=means, accept="y", **hidden)
    if not following.startswith("/suivi/"):
        raise RuntimeError(f"the order was refused: {following}")
    return following


def measure_shop(shop: Shop) -> list[Measure]:
    with gunicorn("ocpizza.wsgi:from_environment()", shop.environment) as (port, pid):
        pids = (pid, shop.postmaster)
        load("warm up", port, pids, order, 16)
        return [
            load(f"{name}, {clients} at a time", port, pids, act, count // (5 - clients), clients)
            for name, act, count in (
                ("catalogue page", read_menu, PAGES),
                ("guest's whole order", order, ORDERS),
            )
            for clients in (1, 4)
        ]


def measure_bare() -> Measure:
    with gunicorn("bare", {"PYTHONPATH": str(HERE)}) as (port, pid):
        return load("bare application, a page", port, (pid, None), lambda v: v.get("/"), PAGES)


def report(measures: list[Measure]) -> None:
    bare = measures[0]
    bare_ms = bare.app_ms / bare.requests
    rows = []
    for measure in measures:
        cost = (measure.app_ms + measure.database_ms) / measure.requests
        rows.append(measure.row | {"times a bare request": round(cost / bare_ms, 1)})
    widths = [max(len(str(row[key])) for row in [*rows, {key: key}]) for key in rows[0]]
    for line in [dict(zip(rows[0], rows[0], strict=True)), *rows]:
        print("  ".join(str(v).ljust(w) for v, w in zip(line.values(), widths, strict=True)))
    write_results("results.json", rows)


def main() -> None:
    with shop() as prepared:
        report([measure_bare(), *measure_shop(prepared)])
        prepared.check()


if __name__ == "__main__":
    main()
