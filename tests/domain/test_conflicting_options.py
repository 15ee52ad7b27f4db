"""An ingredient cannot be left out and added at the same time."""

import pytest

from factories import make_pizzeria
from ocpizza.domain.item import ConflictingOptions, resolve
from ocpizza.domain.selection import Selection
from ocpizza.services.catalogue.menu import read_menu


@pytest.mark.parametrize("backend", ["sqlite"])
def test_an_ingredient_left_out_and_added_is_no_item(session, backend):
    pizzeria = make_pizzeria(session)
    menu = read_menu(session, pizzeria.restaurant.id)
    both = [
        (product, {c.ingredient.id for c in product.composition if c.removable})
        for product in menu.products
    ]
    product, shared = next(
        (product, ids & {extra.ingredient.id for extra in product.extras})
        for product, ids in both
        if ids & {extra.ingredient.id for extra in product.extras}
    )
    with pytest.raises(ConflictingOptions) as found:
        resolve(Selection.of(product.default_size.id, without=shared, extras=shared), menu)
    assert found.value.ingredient_ids == sorted(shared)
