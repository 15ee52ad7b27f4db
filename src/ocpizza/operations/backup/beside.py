"""A database restored beside the live one, whatever kind it is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True)
class Beside:
    """`restored` sees what was restored; nobody else does before `swap`.

    What is left without a swap leaves nothing behind. `replaced` gives looks at what the swap would
    replace, None where there is nothing, and then at all that was replaced before and is still
    kept. `refuse_users` raises BackupError while somebody uses it.
    """

    restored: Connection
    replaced: Callable[[], Iterator[AbstractContextManager[Connection | None]]]
    refuse_users: Callable[[], None]
    swap: Callable[[], str]
