"""The cards of the menu: rendered once for what they show, not once a visitor."""

from typing import NamedTuple

from markupsafe import Markup
from pyramid.renderers import render

from ocpizza.domain.menu import MenuProduct
from ocpizza.models.ingredient import Allergen
from ocpizza.models.product import Kind

TEMPLATE = "ocpizza:templates/shop/card.jinja2"
MOST_KEPT = 5000


class CardSize(NamedTuple):
    id: int
    name: str
    price_cents: int
    possible: bool


class Card(NamedTuple):
    """Everything that a card shows, and nothing else: it is the key of the kept cards."""

    language: str
    path: str
    slug: str
    kind: Kind
    name: str
    description: str
    picture: str
    allergens: tuple[Allergen, ...]
    left: int | None
    sizes: tuple[CardSize, ...]

    @property
    def orderable(self) -> bool:
        return any(size.possible for size in self.sizes)


def menu_card(request, menu_path: str, product: MenuProduct) -> Markup:
    """The card of a product on the menu at `menu_path`."""
    card = _card(request, menu_path, product)
    kept = request.registry["menu_cards"]
    if card not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[card] = Markup(render(TEMPLATE, {"card": card}, request))  # noqa: S704
    return kept[card]


def _card(request, menu_path: str, product: MenuProduct) -> Card:
    return Card(
        language=request.locale_name,
        path=f"{menu_path}/{product.slug}",
        slug=product.slug,
        kind=product.kind,
        name=product.name,
        description=product.description,
        picture=request.picture_path(product.kind, product.picture_codes),
        allergens=tuple(product.allergens),
        left=product.left if product.nearly_gone else None,
        sizes=tuple(
            CardSize(size.id, size.name, size.price_cents, product.feasible(size) > 0)
            for size in product.sizes
        ),
    )


def includeme(config):
    config.registry["menu_cards"] = {}
    config.add_request_method(menu_card)
