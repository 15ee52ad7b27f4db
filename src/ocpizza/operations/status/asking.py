"""The database asked as the service asks it, and what to do when it does not answer."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from ocpizza.db import make_engine, read_only, reason
from ocpizza.settings import SettingError, Settings

T = TypeVar("T")
HERE = (
    "sudo systemctl start postgresql; sudo journalctl -u 'postgresql@*' -n 50; sudo ocpizza deploy"
)
ELSEWHERE = "see to that server, or mend [database] url in ocpizza.ini"
# To deploy over what was lost makes an empty shop of it.
LOST = (
    "if it held a shop: sudo ocpizza restore ARCHIVE --stop (or --at a moment of continuous "
    "backup); if it never did: sudo ocpizza deploy"
)
LOST_TABLES = ("42P01", "no such table")
GONE = "sudo ocpizza restore ARCHIVE, or: sudo ocpizza migrate"
FILE = "df -h and ls -l say whether it may be written to; if so: sudo ocpizza restore ARCHIVE"


class DatabaseSilent(Exception):
    """The database does not answer; the message says why, and what to do."""


def ask(settings: Settings, question: Callable[[Connection], T]) -> T:
    """Return what the database answers, within seconds. Raises DatabaseSilent."""
    return _ask(settings, question, writes=False)


def ask_writing(settings: Settings, question: Callable[[Connection], T]) -> T:
    """The same in a transaction that is rolled back."""
    return _ask(settings, question, writes=True)


def _ask(settings: Settings, question: Callable[[Connection], T], *, writes: bool) -> T:
    url: str = settings["database.url"]
    if (file := database_file(url)) and not file.exists():
        raise DatabaseSilent(f"{file} is gone: {GONE}")
    try:
        engine = make_engine(url, 1, hurried=True)
    except SettingError as error:
        raise DatabaseSilent(f"{error}: mend [database] url in ocpizza.ini") from error
    try:
        with (engine if writes else read_only(engine)).connect() as connection:
            return question(connection)
    except SQLAlchemyError as error:
        says = reason(error)
        lost = getattr(getattr(error, "orig", None), "sqlstate", None) in LOST_TABLES
        do = LOST if lost or says.startswith(LOST_TABLES) else what_to_do(url)
        raise DatabaseSilent(f"{says}: {do}") from None
    finally:
        engine.dispose()


def what_to_do(url: str) -> str:
    """Return where to look when a database fails: at our own server, or at somebody else's."""
    if database_file(url):
        return FILE
    address = make_url(url)
    host = address.query.get("host") or address.host or "/"
    return HERE if str(host).startswith("/") or host == "localhost" else ELSEWHERE


def database_file(url: str) -> Path | None:
    """Return SQLite's file, None where the database is a server's."""
    try:
        address = make_url(url)
    except ArgumentError:
        return None
    is_file = address.get_backend_name() == "sqlite" and address.database
    return Path(address.database or "") if is_file else None
