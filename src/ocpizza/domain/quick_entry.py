"""UC1.2 at the counter: products by a few letters, « re », « 2 reg », « marg fam »."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocpizza.domain.menu import MenuProduct, Size
from ocpizza.domain.sorting import reading_order
from ocpizza.models.basket import MAX_QUANTITY

NUMBER = re.compile(r"([0-9]{1,2})[x×]?")


@dataclass(frozen=True, slots=True)
class Found:
    """What was typed may mean this product; a size only if one was typed."""

    product: MenuProduct
    size: Size | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """How many are wanted, of which one of these."""

    quantity: int
    found: tuple[Found, ...]


def read_entry(typed: str, products: Sequence[MenuProduct]) -> Entry:
    """Return what somebody means who types beginnings of words of a product's name.

    A number before them is how many, unless a product is called so; the beginning of a size's
    name may follow. Of several products, those whose name begins so are meant first.
    """
    words = _words(typed)
    found = _find(words, products)
    if found or not words:
        return Entry(1, found)
    number = NUMBER.fullmatch(words[0])
    if number is None or not 1 <= int(number[1]) <= MAX_QUANTITY:
        return Entry(1, ())
    return Entry(int(number[1]), _find(words[1:], products))


def _find(words: Sequence[str], products: Sequence[MenuProduct]) -> tuple[Found, ...]:
    if not words:
        return ()
    named = [product for product in products if _begin(words, product.name)]
    if named:
        first = [one for one in named if _words(one.name)[0].startswith(words[0])]
        return tuple(Found(product) for product in first or named)
    if len(words) == 1:
        return ()
    *rest, last = words
    return tuple(
        Found(product, size)
        for product in products
        if _begin(rest, product.name)
        for size in product.sizes
        if any(word.startswith(last) for word in _words(size.name))
    )


def _begin(typed: Sequence[str], name: str) -> bool:
    """Return whether each typed word begins a word of the name, in their order."""
    words = iter(_words(name))
    return all(any(word.startswith(each) for word in words) for each in typed)


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s'-]+", reading_order(text)[0]) if word]
