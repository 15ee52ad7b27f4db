"""A menu looked through: what was asked for in the address, and what of the menu it is."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from pyramid.config import Configurator

from ocpizza.domain.menu import Assortment, Menu, MenuIngredient, MenuProduct
from ocpizza.domain.plain_text import one_line
from ocpizza.domain.search import found_by, words_of
from ocpizza.domain.wishes import (
    Marks,
    Wanted,
    Wish,
    is_marked,
    marks_on,
    to_leave_out,
    traits_of,
    unfit_for,
)
from ocpizza.i18n.localizer import localizer
from ocpizza.labels import label
from ocpizza.models.ingredient import Allergen
from ocpizza.rendering import everyday_name, written_in
from ocpizza.request import Request
from ocpizza.views.catalogue.structured_data import ESCAPES

WORDS, WISHES, AVOIDED = "recherche", "filtre", "sans"
MAX_LENGTH = 60
# Menus looked through for more than so much at once, or for words, are kept for nobody.
KEPT_WISHES = 2
# What a product is found with: the ingredients to leave out, by its id.
Found = Mapping[int, tuple[MenuIngredient, ...]]


def wanted_of(request: Request) -> Wanted:
    """Return what an address asks for; what nobody knows in it is as if it were not there."""
    given = request.GET
    # What a browser without an account keeps, it alone knows.
    wishes = [wish for wish in Wish if wish is not Wish.FAVOURITE or request.signed_in]
    return Wanted(
        one_line(given.get(WORDS, ""))[:MAX_LENGTH],
        frozenset(wish for wish in wishes if wish in given.getall(WISHES)),
        frozenset(one for one in Allergen if one in given.getall(AVOIDED)),
    )


def asked_of(request: Request) -> list[tuple[str, str]]:
    """Return what of an address says what is looked for in a menu."""
    return [(name, text) for name, text in request.GET.items() if name in (WORDS, WISHES, AVOIDED)]


def may_be_kept(request: Request, wanted: Wanted) -> bool:
    """Return whether this is one of the few addresses that are worth keeping a page for.

    Of those there are some hundred; anybody can invent as many others as they like.
    """
    wishes = [(WISHES, str(wish)) for wish in Wish if wish in wanted.wishes]
    pairs = wishes + [(AVOIDED, str(one)) for one in Allergen if one in wanted.avoided]
    if wanted.words or len(pairs) > KEPT_WISHES:
        return False
    # As scripts write it, and as the form sends it.
    return request.query_string in (urlencode(pairs), urlencode([(WORDS, ""), *pairs]))


def found_in(menu: Menu, wanted: Wanted, marks: Marks, language: str) -> Found | None:
    """Return what of a menu is wanted; None where nothing in particular is."""
    if not wanted:
        return None
    texts = [_words(product, marks_on(product, marks), language) for product in menu.products]
    spelt = zip(menu.products, found_by(wanted.words, texts), strict=True)
    fits = {
        product.id: to_leave_out(product, wanted)
        for product, there in spelt
        if there and is_marked(product, wanted, marks)
    }
    return {id: out for id, out in fits.items() if out is not None}


@lru_cache(maxsize=5000)
def _words(product: MenuProduct, marks: tuple[Wish, ...], language: str) -> frozenset[str]:
    """Return what a product is found by: the words of its card and of its ingredients."""
    ingredients = [component.ingredient for component in product.composition]
    said = (product.kind, *marks, *traits_of(product))
    texts = [
        product.name,
        written_in(language, product, "description"),
        *(localizer(language).translate(label(each)) for each in said),
        *(name for one in ingredients for name in _names(one, language)),
    ]
    return frozenset(words_of(" ".join(texts)))


def _names(ingredient: MenuIngredient, language: str) -> tuple[str, str]:
    return everyday_name(language, ingredient), written_in(language, ingredient, "name")


def menu_ingredients(request: Request, assortment: Assortment) -> Markup:
    """Return the content of an `application/json` script: what `menu.js` must know of ingredients.

    By id: what it is called day by day and in full, what it is left out for, whether it is spicy.
    """
    return _written(request.locale_name, assortment)


@lru_cache(maxsize=200)
def _written(language: str, assortment: Assortment) -> Markup:
    known: dict[int, list[Any]] = {}
    for product in assortment.products:
        for one in (component.ingredient for component in product.composition):
            known[one.id] = [*_names(one, language), unfit_for(one), int(one.spicy)]
    text = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(ESCAPES))  # noqa: S704


def includeme(config: Configurator) -> None:
    config.add_request_method(menu_ingredients)
