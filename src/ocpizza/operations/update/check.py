"""Step 1: everything is looked at before anything changes."""

from collections.abc import Iterable

from sqlalchemy import select

from ocpizza.models.product import Product
from ocpizza.models.restaurant import Restaurant
from ocpizza.operations.update.content import check_content
from ocpizza.operations.update.controller import NAME, read_controller
from ocpizza.operations.update.errors import UpdateError, few
from ocpizza.operations.update.folder import read_folder
from ocpizza.operations.update.notes import notes
from ocpizza.operations.update.under_way import Update
from ocpizza.overlay.release import COMMON

PRODUCTS = select(Product.kind, Product.slug)


def folder_read(update: Update) -> None:
    """Root's own, and nothing but files."""
    update.files = read_folder(update.folder)


def controller_right(update: Update) -> str | None:
    """It says where each component belongs."""
    update.listed = read_controller(update.files[NAME])
    return _notes(each.warning for each in update.listed)


def components_complete(update: Update) -> str:
    """None is missing, none is there that nobody asked for."""
    listed, there = {each.source for each in update.listed}, {*update.files} - {NAME}
    if missing := sorted(listed - there):
        raise UpdateError(f"{NAME} lists {few(missing)}: not in {update.folder}")
    if unlisted := sorted(there - listed):
        odd = f"not listed in {NAME}: list them there, or remove them"
        raise UpdateError(f"{update.folder} holds {few(unlisted)}: {odd}")
    return f"{len(listed)} component{'s' if len(listed) > 1 else ''}"


def restaurants_known(update: Update) -> None:
    """Each place is a restaurant's code, or for all."""
    with update.database() as engine, engine.connect() as connection:
        codes = set(connection.scalars(select(Restaurant.code)))
        update.products = {(kind, slug) for kind, slug in connection.execute(PRODUCTS)}
    for each in update.listed:
        if each.place != COMMON and each.place not in codes:
            known = ", ".join(sorted(codes)) or "there is none yet"
            raise UpdateError(
                f"{NAME}, line {each.line}: no restaurant has the code {each.place} ({known})"
            )


def components_right(update: Update) -> str | None:
    """Each is what its extension says; what is odd is told."""
    for each in update.listed:
        check_content(each, update.files[each.source])
    return _notes(notes(update.listed, update.files, update.products))


def components_in_place(update: Update) -> None:
    """What is to be removed is there."""
    current = update.releases.link
    for target in update.removed:
        outside = target.is_absolute() or ".." in target.parts or len(target.parts) < 2
        with update.as_service():
            there = not outside and (current / target).is_file()
        if not there:
            raise UpdateError(f"{target} is no component in place; they are in {current}")


def _notes(warnings: Iterable[str | None]) -> str | None:
    return few([warning for warning in warnings if warning], "; ") or None


EVENTS = (
    folder_read,
    controller_right,
    components_complete,
    restaurants_known,
    components_right,
)
