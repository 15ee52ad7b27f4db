"""PostgreSQL as Debian installs it."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

SERVERS = Path("/usr/lib/postgresql")
SOCKETS = ".s.PGSQL."
DEFAULT_SOCKET = "/var/run/postgresql"
# A server that hangs, or somebody who holds what is to be changed, is not waited for without end.
CONNECT_SECONDS = 10
LIMITS = "-c lock_timeout=10s -c statement_timeout=5min"
NO_URL = "database.url is no SQLAlchemy URL"


@dataclass(frozen=True)
class Local:
    """A database reached by the socket of a PostgreSQL on this machine."""

    name: str
    role: str
    socket: str
    port: str

    def ports(self) -> list[str]:
        """Those that servers on this machine have a socket for."""
        sockets = sorted(Path(self.socket).glob(f"{SOCKETS}*"))
        return [path.suffix[1:] for path in sockets if path.suffix[1:].isdecimal()]

    def psql(self) -> list[str]:
        """The command that reads statements, for PostgreSQL's own administrator."""
        variables = ["-v", "ON_ERROR_STOP=1", "-v", f"name={self.name}", "-v", f"role={self.role}"]
        limits = f"connect_timeout={CONNECT_SECONDS} options='{LIMITS}'"
        where = ["-h", self.socket, "-p", self.port, "-d", f"dbname=postgres {limits}"]
        return ["psql", "-X", "-q", "-A", "-t", *variables, *where, "-f", "-"]


def server_installed(servers: Path = SERVERS) -> bool:
    """Whether there is a server on this machine, running or not."""
    return any(servers.glob("*/bin/postgres"))


def local(database_url: str, user: str) -> Local | None:
    """Return the database of a URL if it is reached by a socket, None for one elsewhere.

    Raises ValueError for what is no URL, without saying it: it may hold a password.
    """
    try:
        url: URL = make_url(database_url)
    except (ArgumentError, ValueError):
        raise ValueError(NO_URL) from None
    where = url.query.get("host") or url.host or DEFAULT_SOCKET
    if url.get_backend_name() != "postgresql" or not str(where).startswith("/"):
        return None
    port = url.query.get("port") or url.port or 5432
    return Local(url.database or user, url.username or user, str(where), str(port))
