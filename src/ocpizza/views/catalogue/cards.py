"""The cards of the menu: rendered once for what they show, not once a visitor.

A shelf of them is one text, as long as what is short stays as it is.
"""

from typing import NamedTuple

from markupsafe import Markup
from pyramid.config import Configurator
from pyramid.renderers import render

from ocpizza.domain.menu import Assortment, Menu, MenuIngredient, MenuProduct
from ocpizza.domain.wishes import Marks, Wish, marks_on, traits_of
from ocpizza.models.product import Kind
from ocpizza.request import Request
from ocpizza.views.catalogue.finding import Found

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
    # Not what is looked for; it stays on the page for whoever looks for something else.
    hidden: bool = False
    # Without these it is what is looked for.
    leave_out: tuple[MenuIngredient, ...] = ()
    # Why nobody may order it now, whatever the stock.
    refused: str = ""
    marks: tuple[Wish, ...] = ()

    @property
    def orderable(self) -> bool:
        return any(self.possible) and not self.refused

    @property
    def path(self) -> str:
        return f"{self.menu_path}/{self.product.slug}"

    @property
    def traits(self) -> list[Wish]:
        """What it says of itself, as it comes or as it is looked for."""
        return [*self.marks, *traits_of(self.product, self.leave_out)]

    def ids(self, *, removable: bool) -> str:
        """Return the ids of what may be left out, or of what may not, as its page says them."""
        composition = self.product.composition
        return " ".join(str(one.ingredient.id) for one in composition if one.removable == removable)


class Shelf(NamedTuple):
    """The key of a kept shelf: of the stock, only what is short is in it."""

    language: str
    menu_path: str
    kind: Kind
    assortment: Assortment
    short: frozenset[tuple[int, int]]
    marks: tuple[tuple[Wish, frozenset[int]], ...]
    first: bool
    no_alcohol: str | None


def menu_shelf(
    request: Request,
    menu_path: str,
    menu: Menu,
    kind: Kind,
    *,
    first: bool,
    marks: Marks,
    found: Found | None = None,
    no_alcohol: str | None = None,
) -> Markup:
    """Return the cards of the products of a kind on the menu at `menu_path`.

    `first` is the shelf that one sees first; `found`, what is looked for if anything is;
    `no_alcohol` says why none is sold now.
    """
    if found is not None:
        return _cards(request, menu_path, menu, kind, first, marks, found, no_alcohol)
    known = tuple(marks.items())
    language, short = request.locale_name, menu.short
    shelf = Shelf(language, menu_path, kind, menu.assortment, short, known, first, no_alcohol)
    kept: dict[Shelf, Markup] = request.registry["menu_shelves"]
    # Other threads may throw all of it away at any moment.
    drawn = kept.get(shelf)
    if drawn is None:
        if len(kept) >= MAX_SHELVES:
            kept.clear()
        drawn = _cards(request, menu_path, menu, kind, first, marks, None, no_alcohol)
        kept[shelf] = drawn
    return drawn


def _cards(
    request: Request,
    menu_path: str,
    menu: Menu,
    kind: Kind,
    first: bool,
    marks: Marks,
    found: Found | None,
    no_alcohol: str | None,
) -> Markup:
    cards = [
        _card(
            request,
            menu_path,
            menu,
            product,
            first and place < IN_SIGHT,
            marks,
            found,
            (no_alcohol or "") if product.alcohol else "",
        )
        for place, product in enumerate(menu.of_kind(kind))
    ]
    return Markup().join(cards)


def _card(
    request: Request,
    menu_path: str,
    menu: Menu,
    product: MenuProduct,
    first: bool,
    marks: Marks,
    found: Found | None,
    refused: str,
) -> Markup:
    leave_out = () if found is None else found.get(product.id)
    left = menu.left(product) if menu.nearly_gone(product) else None
    possible = tuple(menu.feasible(product, size) > 0 for size in product.sizes)
    card = Card(
        request.locale_name,
        menu_path,
        product,
        left,
        possible,
        first,
        hidden=leave_out is None,
        leave_out=leave_out or (),
        refused=refused,
        marks=marks_on(product, marks),
    )
    kept: dict[Card, Markup] = request.registry["menu_cards"]
    drawn = kept.get(card)
    if drawn is None:
        if len(kept) >= MAX_CARDS:
            kept.clear()
        drawn = kept[card] = Markup(render(TEMPLATE, {"card": card}, request))  # noqa: S704
    return drawn


def includeme(config: Configurator) -> None:
    config.registry["menu_cards"], config.registry["menu_shelves"] = {}, {}
    config.add_request_method(menu_shelf)
