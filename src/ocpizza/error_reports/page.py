"""What a page is about, noted for what is reported of it: its route, and its restaurant."""

from typing import TYPE_CHECKING

from pyramid.events import BeforeTraversal, ContextFound, NewRequest

from ocpizza.contexts import restaurant_code
from ocpizza.error_reports.event import about

if TYPE_CHECKING:
    from pyramid.config import Configurator


def _forget(_event: NewRequest) -> None:
    # A thread answers one request after the other, and the last may still be sent.
    about.set({})


def _note_route(event: BeforeTraversal) -> None:
    if route := getattr(event.request, "matched_route", None):
        about.set({"route": route.name})


def _note_restaurant(event: ContextFound) -> None:
    """Now: after an error its row cannot be read any more."""
    if code := restaurant_code(event.request.context):
        about.set({**about.get(), "restaurant": code})


def includeme(config: "Configurator") -> None:
    config.add_subscriber(_forget, NewRequest)
    config.add_subscriber(_note_route, BeforeTraversal)
    config.add_subscriber(_note_restaurant, ContextFound)
