"""What is odd about a component, and no reason to refuse it: nobody sees it, or not well."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches

from ocpizza.operations.update.controller import Component
from ocpizza.operations.update.pictures import check_picture
from ocpizza.overlay.photos import names, product_name
from ocpizza.overlay.release import STATIC, TEMPLATES
from ocpizza.overlay.templates import bare
from ocpizza.rendering import template_names

# Pixels of a side on a product's page, and bytes that are plenty for them on any screen.
SHOWN, PLENTY = 320, 500_000
# How alike two names are of which one is a slip.
ALIKE = 0.85

Product = tuple[str, str]


def notes(
    listed: Sequence[Component], files: Mapping[str, bytes], products: Collection[Product]
) -> Iterator[str]:
    """Give a line for each oddity; products are kinds with slugs."""
    called = {name for product in products for name in names(*product)}
    ours = {f"{bare(name)}.html" for name in template_names()}
    for each in listed:
        folder, name = each.target.parts[1], product_name(each.target.name)
        if folder == STATIC and name:
            yield from _of_picture(each, files[each.source], name in called)
        elif folder == TEMPLATES:
            yield from _of_template(each, ours)


def _of_picture(component: Component, content: bytes, is_of_product: bool) -> Iterator[str]:
    source = component.source
    if not is_of_product:
        yield f"{source}: no product has this name, so it is shown where a template names it"
        return
    width, height = check_picture(component.extension, content)
    if min(width, height) < SHOWN:
        yield f"{source}: {width} × {height} pixels look blurred at {SHOWN} × {SHOWN}"
    if len(content) > PLENTY:
        size = f"{len(content) / 1e6:.1f} MB"
        yield f"{source}: {size} for each visitor of the menu, {PLENTY / 1e6} MB are plenty"


def _of_template(component: Component, ours: Collection[str]) -> Iterator[str]:
    name = "/".join(component.target.parts[2:])
    if name not in ours and (meant := get_close_matches(name, ours, 1, ALIKE)):
        yield f"{component.target} replaces none of ours: is it {meant[0]}?"
