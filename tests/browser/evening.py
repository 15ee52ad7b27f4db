"""What is ordered on one evening at three restaurants, and what it comes to by the menu's files.

Sums are worked out here anew, from what the demo's files say: nothing of the shop's own counting.
"""

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

CITIES = ("city_001", "city_002", "city_003")
WAVES = 2


@dataclass(frozen=True)
class Wanted:
    """An order: how it comes in, how it is eaten and paid for, and (product, size, how many)."""

    source: str
    mode: str
    means: str
    lines: tuple[tuple[str, str, int], ...]


# One wave at one restaurant.
ORDERS = (
    Wanted("web", "delivery", "cash", (("regina", "medium", 2), ("cola-33cl", "unique", 1))),
    Wanted("web", "delivery", "card_terminal", (("margherita", "family", 2),)),
    Wanted("web", "takeaway", "cash", (("napolitaine", "junior", 1),)),
    Wanted("phone", "delivery", "cash", (("vegetarienne", "family", 1), ("regina", "junior", 1))),
    Wanted("counter", "eat_in", "card_terminal", (("diavola", "medium", 1),)),
)


def count_orders() -> int:
    """Return how many orders the whole evening has."""
    return len(CITIES) * WAVES * len(ORDERS)


@cache
def demo(file: str, table: str, key: str) -> dict[str, dict[str, Any]]:
    """Return rows of one of the demo's files by this column."""
    text = (resources.files("ocpizza.demo") / f"{file}.toml").read_text(encoding="utf-8")
    return {row[key]: row for row in tomllib.loads(text)[table]}


def restaurant(city: str) -> dict[str, Any]:
    return demo("restaurants", "restaurant", "code")[city]


def size_of(slug: str, code: str) -> dict[str, Any]:
    sizes = demo("products", "product", "slug")[slug]["sizes"]
    return next(size for size in sizes if size["code"] == code)


def price(city: str, slug: str, size: str) -> int:
    """Return the price of one in cents: the restaurant's own, or the group's."""
    for own in restaurant(city).get("prices", []):
        if (own["product"], own["size"]) == (slug, size):
            return own["price_cents"]
    return size_of(slug, size)["price_cents"]


def total(city: str, wanted: Wanted) -> int:
    """Return what an order comes to, in cents, its delivery included."""
    goods = sum(price(city, slug, size) * count for slug, size, count in wanted.lines)
    fee = restaurant(city)["delivery_fee_cents"] if wanted.mode == "delivery" else 0
    return goods + fee


def takings(city: str, **like: str) -> int:
    """Return what a restaurant takes in the whole evening, of orders that are like this."""
    alike = [w for w in ORDERS if all(getattr(w, name) == value for name, value in like.items())]
    return WAVES * sum(total(city, wanted) for wanted in alike)


def used(city: str) -> Counter[str]:
    """Return how much of each ingredient a restaurant needs for the whole evening."""
    products = demo("products", "product", "slug")
    needs: Counter[str] = Counter()
    for wanted in ORDERS:
        for slug, size, count in wanted.lines:
            factor = size_of(slug, size)["factor_percent"]
            for part in products[slug]["composition"]:
                of_one = -(-part["quantity"] * factor // 100)
                needs[part["ingredient"]] += WAVES * count * of_one
    return needs
