"""The cards of the menu: rendered once for what they show, not once a visitor.

While nothing is short, which is nearly always, a shelf of them is one text.
"""

from typing import NamedTuple

from markupsafe import Markup
from pyramid.config import Configurator
from pyramid.renderers import render

from ocpizza.domain.menu import Assortment, Menu, MenuProduct
from ocpizza.models.product import Kind
from ocpizza.request import Request

TEMPLATE = "catalogue/card.jinja2"
# Whose picture is not put off.
IN_SIGHT = 3
# A shelf is some 30 kB.
MAX_CARDS, MAX_SHELVES = 5000, 100


class Card(NamedTuple):
    """Everything that a card shows, and nothing else: it is the key of the kept cards."""

    language: str
    menu_path: str
    product: MenuProduct
    left: int | None
    possible: tuple[bool, ...]
    # In sight as soon as the menu is: its picture is not put off.
    first: bool

    @property
    def orderable(self) -> bool:
        return any(self.possible)

    @property
    def path(self) -> str:
        return f"{self.menu_path}/{self.product.slug}"


class Shelf(NamedTuple):
    """The key of a kept shelf: of what is on it there is plenty, so no stock is in it."""

    language: str
    menu_path: str
    kind: Kind
    assortment: Assortment
    first: bool


def menu_shelf(request: Request, menu_path: str, menu: Menu, kind: Kind, *, first: bool) -> Markup:
    """Return the cards of the products of a kind on the menu at `menu_path`.

    `first` is the shelf that one sees first.
    """
    if not menu.plentiful:
        return _cards(request, menu_path, menu, kind, first)
    shelf = Shelf(request.locale_name, menu_path, kind, menu.assortment, first)
    kept: dict[Shelf, Markup] = request.registry["menu_shelves"]
    if shelf not in kept:
        if len(kept) >= MAX_SHELVES:
            kept.clear()
        kept[shelf] = _cards(request, menu_path, menu, kind, first)
    return kept[shelf]


def _cards(request: Request, menu_path: str, menu: Menu, kind: Kind, first: bool) -> Markup:
    cards = [
        _card(request, menu_path, menu, product, first and place < IN_SIGHT)
        for place, product in enumerate(menu.of_kind(kind))
    ]
    return Markup().join(cards)


def _card(
    request: Request, menu_path: str, menu: Menu, product: MenuProduct, first: bool
) -> Markup:
    left = menu.left(product) if menu.nearly_gone(product) else None
    possible = tuple(menu.feasible(product, size) > 0 for size in product.sizes)
    card = Card(request.locale_name, menu_path, product, left, possible, first)
    kept: dict[Card, Markup] = request.registry["menu_cards"]
    if card not in kept:
        if len(kept) >= MAX_CARDS:
            kept.clear()
        kept[card] = Markup(render(TEMPLATE, {"card": card}, request))  # noqa: S704
    return kept[card]


def includeme(config: Configurator) -> None:
    config.registry["menu_cards"], config.registry["menu_shelves"] = {}, {}
    config.add_request_method(menu_shelf)
