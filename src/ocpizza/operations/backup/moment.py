"""A database as of one moment, whatever kind it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection


@dataclass(frozen=True)
class Moment:
    """`connection` sees it; `chunks` are the file that holds all of it."""

    connection: Connection
    at: datetime
    server: str
    schema: str
    chunks: Iterator[bytes]
