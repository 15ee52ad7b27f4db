"""Small steps that all of the refresh is made of."""

from collections.abc import Mapping
from typing import Any

from ocpizza.services.refresh.content import Values


class Unfit(ValueError):
    """What the other database says cannot be true here; the message says what."""


def put(row: Any, values: Values) -> bool:
    """Give a row these values; return whether any was another."""
    others = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in others.items():
        setattr(row, name, value)
    return bool(others)


def withdraw(row: Any, column: str) -> bool:
    """Sell it no more; it stays, for orders refer to it. Return whether it was sold."""
    return put(row, {column: False})


def put_links(links: list[Any], wanted: Mapping[int, Values], model: type[Any]) -> bool:
    """Make what a product is linked with be `wanted`, by ingredient; whether anything changed."""
    known = {link.ingredient_id: link for link in links}
    gone = [known[id] for id in known.keys() - wanted.keys()]
    for link in gone:
        links.remove(link)
    changed = bool(gone)
    for id, values in wanted.items():
        if id in known:
            changed |= put(known[id], values)
        else:
            links.append(model(ingredient_id=id, **values))
            changed = True
    return changed
