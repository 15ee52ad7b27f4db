"""The cards of the menu: rendered once for what they show, not once a visitor."""

from typing import NamedTuple

from markupsafe import Markup
from pyramid.config import Configurator
from pyramid.renderers import render

from ocpizza.domain.menu import Menu, MenuProduct
from ocpizza.request import Request

TEMPLATE = "catalogue/card.jinja2"
MAX_CARDS = 5000


class Card(NamedTuple):
    """Everything that a card shows, and nothing else: it is the key of the kept cards."""

    language: str
    menu_path: str
    product: MenuProduct
    left: int | None
    possible: tuple[bool, ...]
    # In sight as soon as the menu is: its picture is not put off.
    first: bool = False

    @property
    def orderable(self) -> bool:
        return any(self.possible)

    @property
    def path(self) -> str:
        return f"{self.menu_path}/{self.product.slug}"


def menu_card(
    request: Request, menu_path: str, menu: Menu, product: MenuProduct, *, first: bool = False
) -> Markup:
    """Return the card of a product on the menu at `menu_path`."""
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
    config.registry["menu_cards"] = {}
    config.add_request_method(menu_card)
