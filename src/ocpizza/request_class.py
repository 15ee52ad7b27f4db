"""One class for all requests of an application, with what our rooms add to them.

Pyramid makes a class anew for each request, which costs more than many a view.
"""

from typing import Any

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated


def _add_for_good(event: ApplicationCreated) -> None:
    app: Any = event.app
    added = app.request_extensions.methods | app.request_extensions.descriptors
    app.request_factory = type("Request", (app.request_factory,), added)
    app.request_extensions = None


def includeme(config: Configurator) -> None:
    config.add_subscriber(_add_for_good, ApplicationCreated)
