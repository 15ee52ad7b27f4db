"""Step 2: the database. One on this machine is made; one elsewhere is only tried."""

import functools
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ocpizza.db import make_engine, reason
from ocpizza.operations.deploy.host import Event, Failed, Host, Waiting
from ocpizza.operations.local_postgresql import Local, local, server_installed
from ocpizza.operations.privileges import run_as
from ocpizza.settings import SettingError

ELSEWHERE = "the database is not on this machine"
INSTALL = (
    "there is no PostgreSQL server here: apt install postgresql, then: ocpizza deploy",
    "(or name a database elsewhere: url of [database] in /etc/ocpizza/ocpizza.ini)",
)
START = "PostgreSQL does not run: systemctl start postgresql, then: ocpizza deploy"
MAKE_ROLE = r"""
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SELECT rolsuper FROM pg_roles WHERE rolname = :'role';
"""
MAKE_DATABASE = r"""
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'''
              ' LC_COLLATE ''C.UTF-8'' LC_CTYPE ''C.UTF-8''', :'name', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
"""
SET_DEFAULTS = """
ALTER DATABASE :"name" SET default_transaction_isolation TO 'read committed';
ALTER DATABASE :"name" SET timezone TO 'UTC';
ALTER ROLE :"role" IN DATABASE :"name" SET default_transaction_isolation TO 'read committed';
ALTER ROLE :"role" IN DATABASE :"name" SET timezone TO 'UTC';
ALTER ROLE :"role" IN DATABASE :"name" SET log_error_verbosity TO 'terse';
"""
ASK = "SELECT current_setting('server_encoding'), current_setting('server_version')"


def on_this_machine(event: Callable[[Host, Local], str | None]) -> Event:
    """An event for a database that is here; one elsewhere is somebody else's affair."""

    @functools.wraps(event)
    def where_it_is(host: Host) -> str | None:
        here = _local(host)
        return event(host, here) if here else ELSEWHERE

    return where_it_is


@on_this_machine
def server_running(host: Host, here: Local) -> None:
    """A PostgreSQL server that answers its administrator."""
    try:
        _psql(host, here, "SELECT 1;")
    except Failed as failure:
        if not server_installed():
            raise Waiting(*INSTALL) from failure
        if any("No such file" in str(line) for line in failure.args):
            raise Waiting(*_where(here)) from failure
        raise


@on_this_machine
def role_present(host: Host, here: Local) -> None:
    """The role of the service, without any power over others."""
    if _psql(host, here, MAKE_ROLE).strip() == "t":
        raise Failed(f"the role {here.role} is a superuser: ALTER ROLE {here.role} NOSUPERUSER")


@on_this_machine
def database_present(host: Host, here: Local) -> None:
    """The database of the service, in UTF-8."""
    _psql(host, here, MAKE_DATABASE)


@on_this_machine
def database_defaults(host: Host, here: Local) -> None:
    """Isolation read committed, times in UTC; no rows in the server's log."""
    _psql(host, here, SET_DEFAULTS)


def database_answers(host: Host) -> str:
    """The database, asked by the service's user as the site will ask it."""
    encoding, version = run_as(host.user, _ask, host.settings["database.url"])
    if encoding != "UTF8":
        raise Failed(f"the database is encoded in {encoding}: it must be UTF8; create it anew")
    return f"PostgreSQL {version}"


def _where(here: Local) -> tuple[str, ...]:
    """What to do where nothing answers on the port of the settings."""
    others = [port for port in here.ports() if port != here.port]
    if not others:
        return (START,)
    return (
        f"PostgreSQL does not listen on port {here.port}, but on {', '.join(others)}: set "
        f"port={others[0]} in url of [database], such as …&port={others[0]},",
        "in /etc/ocpizza/ocpizza.ini (copy it from /usr/share/ocpizza/ocpizza.ini), "
        "then: ocpizza deploy",
    )


def _local(host: Host) -> Local | None:
    """The database of the settings if it is reached by a socket, None for one elsewhere."""
    try:
        return local(host.settings["database.url"], host.user)
    except ValueError as error:
        raise Failed(str(error)) from None


def _psql(host: Host, here: Local, sql: str) -> str:
    """What these statements print, as PostgreSQL's own administrator."""
    return host.run("runuser", "-u", "postgres", "--", *here.psql(), stdin=sql)


def _ask(url: str) -> tuple[str, str]:
    """(encoding, version); plain Failed, without the URL, when there is no answer."""
    try:
        engine = make_engine(url, 1, hurried=True)
        with engine.connect() as connection:
            if engine.dialect.name != "postgresql":
                return "UTF8", f"(not: {engine.dialect.name})"
            encoding, version = connection.execute(text(ASK)).one()
    except SettingError as error:
        raise Failed(str(error)) from None
    except SQLAlchemyError as error:
        raise Failed(f"the database answers: {reason(error)}", "see url of [database]") from None
    return encoding, version


EVENTS: tuple[Event, ...] = (
    server_running,
    role_present,
    database_present,
    database_defaults,
    database_answers,
)
