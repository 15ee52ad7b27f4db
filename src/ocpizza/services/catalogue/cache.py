"""What was read of the catalogue, kept in this process as long as the catalogue's token is current.

Prices, recipes and opening hours change a few times a day and are read by every page; the stock,
which changes with every order, is never kept.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ocpizza.db import Reader, execute_plain
from ocpizza.models.catalogue_state import CatalogueState

T = TypeVar("T")
MAX_ENTRIES = 500
READ_TOKEN = select(CatalogueState.token)
_cache: OrderedDict[tuple[str, Hashable], Any] = OrderedDict()


def catalogue_token(reader: Reader) -> str:
    """Return the catalogue's current token."""
    token: str = execute_plain(reader, READ_TOKEN).scalar_one()
    return token


def renew_token(session: Session) -> None:
    """Have what was read before be read again, for a change that no trigger sees.

    Whoever changes something takes `lock_catalogue` first.
    """
    session.execute(update(CatalogueState).values(token=str(uuid4())))


def cached(token: str, what: Hashable, read: Callable[[], T]) -> T:
    """Return what `read` gave under this token, or gives now; the oldest readings make room.

    Threads may read the same thing at once; they get equal values. A reading that is newer than
    its token does no harm: that token is no longer current.
    """
    key = (token, what)
    value: T | None = _cache.get(key)
    if value is None:
        value = _cache[key] = read()
        while len(_cache) > MAX_ENTRIES:
            _cache.popitem(last=False)
    return value
