"""Only so many of the site's threads wait for a password to be hashed: the others serve the shop.

A hash takes a fifth of a second, and one is made at a time (`domain/passwords`). Whoever finds all
places taken is asked to try again in a moment, before anything is counted or changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator

    from ocpizza.request import Request

RETRY_SECONDS = 2


class HashingBusy(Exception):
    """As many as may wait do."""


@contextmanager
def hashing_place(request: "Request") -> Iterator[None]:
    """Have a place for what hashes a password meanwhile. Raises HashingBusy."""
    places = request.registry["hashing_places"]
    if not places.acquire(blocking=False):
        raise HashingBusy
    try:
        yield
    finally:
        places.release()


def includeme(config: "Configurator") -> None:
    """Half of the threads of a process, however few."""
    threads = config.registry.settings["server.threads"]
    config.registry["hashing_places"] = BoundedSemaphore(max(1, threads // 2))
    config.add_request_method(hashing_place)
