"""« Retirer » can be undone: what was removed travels in the address of the next page."""

from typing import TYPE_CHECKING, Any, NamedTuple

from webob.multidict import MultiDict

from ocpizza.domain.item import Item, UnknownItem, resolve
from ocpizza.domain.selection import Chosen, Selection
from ocpizza.forms.base import FormData
from ocpizza.forms.choice import AddForm
from ocpizza.services.catalogue.menu import read_menu

if TYPE_CHECKING:
    from ocpizza.request import Request


class Removed(NamedTuple):
    """A line that was taken out, to be put back."""

    item: Item
    form: AddForm


def chosen_in(form: AddForm) -> Chosen:
    """Return what a valid form chooses."""
    selection = Selection.of(form.size.data, form.without.data, form.extra.data)
    return Chosen(selection, form.quantity.data)


def removed_query(selection: str, quantity: int) -> list[tuple[str, Any]]:
    """Return a removed line as the fields of a form.

    Nothing for two halves, which no form can choose.
    """
    parts = Selection.parse(selection).parts
    if len(parts) != 1:
        return []
    without = [("without", id) for id in parts[0].without]
    extras = [("extra", id) for id in parts[0].extras]
    return [("size", parts[0].size_id), ("quantity", quantity), *without, *extras]


def removed_line(request: "Request", known: FormData) -> Removed | None:
    """Return the line that these fields tell of, unless it is in the basket or nobody sells it."""
    basket = request.basket
    if basket is None or basket.restaurant_id is None or "size" not in known:
        return None
    form = AddForm(known)
    if not form.validate():
        return None
    selection = chosen_in(form).selection
    if any(line.selection == selection.text for line in basket.lines):
        return None
    try:
        return Removed(resolve(selection, read_menu(request.db, basket.restaurant_id)), form)
    except UnknownItem:
        return None


def as_fields(query: list[tuple[str, Any]]) -> FormData:
    """Return the same as a form would send it."""
    return MultiDict((name, str(value)) for name, value in query)
