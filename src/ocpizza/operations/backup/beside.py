"""A database restored beside the live one, whatever kind it is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True)
class Beside:
    """`restored` sees what was restored; nobody else does before `swap`.

    What is left without a swap leaves nothing behind. `live` gives a look at what the swap would
    replace, None where there is nothing, `kept` at that and at all that was replaced before and is
    still kept. `refuse_users` raises BackupError while somebody uses it.
    """

    restored: Connection
    live: Callable[[], AbstractContextManager[Connection | None]]
    kept: Callable[[], Iterator[Connection]]
    refuse_users: Callable[[], None]
    swap: Callable[[], str]
