"""The cluster of PostgreSQL that holds the shop's database, as Debian keeps it."""

from dataclasses import dataclass
from pathlib import Path

from ocpizza.operations import systemd
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.continuous.administrator import run_as_postgres
from ocpizza.operations.local_postgresql import Local, local
from ocpizza.settings import Settings

CLUSTERS = Path("/etc/postgresql")
ELSEWHERE = (
    "continuous backup is for a PostgreSQL of this machine, reached by its socket: a database on "
    "another host is backed up there, SQLite’s by `ocpizza backup`"
)
NO_CONNECTION = "connection to server"
START = "sudo systemctl start postgresql; sudo journalctl -u 'postgresql@*' -n 50"
ASK = """
SELECT current_setting('config_file');
SELECT current_setting('data_directory');
SELECT current_setting('wal_level');
SELECT string_agg(datname, ', ' ORDER BY datname) FROM pg_database
 WHERE NOT datistemplate AND datname NOT IN ('postgres', :'name');
"""


@dataclass(frozen=True)
class Cluster:
    """A cluster that runs; `others` are the databases in it that are not the shop's."""

    here: Local
    version: str
    name: str
    data: Path
    wal_level: str
    others: str

    @property
    def conf_d(self) -> Path:
        """The folder of settings that are read after postgresql.conf."""
        return CLUSTERS / self.version / self.name / "conf.d"

    def __str__(self) -> str:
        return f"{self.version}/{self.name}"

    @property
    def size(self) -> int:
        """How many bytes all of its databases take."""
        (size,) = self.ask("SELECT sum(pg_database_size(oid)) FROM pg_database;")
        return int(size)

    def ask(self, statements: str) -> list[str]:
        """Return the lines that statements give, values only."""
        return run_as_postgres(self.here.psql(), statements).splitlines()

    def reload(self) -> None:
        """Have it read its settings."""
        self.ask("SELECT pg_reload_conf();")

    def restart(self) -> None:
        """Start it anew, and wait until it answers. Raises BackupError."""
        if not systemd.is_running():
            run_as_postgres(["pg_ctlcluster", "-m", "fast", self.version, self.name, "restart"])
            return
        try:
            systemd.tell("restart", f"postgresql@{self.version}-{self.name}.service")
        except systemd.UnitError as error:
            raise BackupError(str(error)) from error


def find(settings: Settings) -> Cluster:
    """Return the cluster that the settings lead to. Raises BackupError where there is none."""
    try:
        here = local(settings["database.url"], settings["system.user"])
    except ValueError as error:
        raise BackupError(str(error)) from error
    if here is None:
        raise BackupError(ELSEWHERE)
    try:
        config, data, wal_level, *others = run_as_postgres(here.psql(), ASK).splitlines()
    except BackupError as error:
        # Nothing else is asked that could be refused.
        do = f": {START}" if NO_CONNECTION in str(error) else ""
        raise BackupError(f"{error}{do}") from error
    folder = Path(config).parent
    if folder.parent.parent != CLUSTERS:
        raise BackupError(f"{config} is no cluster of Debian’s, as pg_createcluster makes one")
    return Cluster(here, folder.parent.name, folder.name, Path(data), wal_level, "".join(others))
