"""PostgreSQL as Debian installs it."""

from pathlib import Path

SERVERS = Path("/usr/lib/postgresql")


def server_installed(servers: Path = SERVERS) -> bool:
    """Whether there is a server on this machine, running or not."""
    return any(servers.glob("*/bin/postgres"))
