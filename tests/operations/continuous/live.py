"""A cluster as Debian keeps one, with a shop in it that sells; it may be lost and made anew."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from databases import MIGRATIONS
from ocpizza.db import make_engine
from ocpizza.operations.backup.clients import INSTALLED
from ocpizza.operations.backup.restore import Restored
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.continuous import archiving, repository
from ocpizza.operations.continuous import cluster as clusters
from ocpizza.operations.continuous.at import Moment, restore_at
from ocpizza.operations.continuous.cluster import Cluster, find
from ocpizza.operations.continuous.repository import Repository
from ocpizza.operations.migrate import migrate
from ocpizza.settings import Settings
from operations.backup.saved_shop import Shop

NEWEST = max(INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])).parent
NAME = "main"
# In memory: what pgbackrest writes it has the disk keep, file by file.
MEMORY = Path("/dev/shm")
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
max_connections = 30
shared_buffers = 32MB
include_dir = 'conf.d'
"""


@dataclass
class Live:
    """The cluster's folder, and how often it was started anew on demand."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp("", "ocp", MEMORY)))
    restarts: int = 0

    @property
    def data(self) -> Path:
        return self.folder / "etc" / NEWEST.parent.name / NAME

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/shop?host={self.folder}"

    def make(self) -> None:
        """A new one, which knows nothing; its shop is empty."""
        self.folder.chmod(0o755)
        self.data.parent.mkdir(parents=True, exist_ok=True)
        shutil.chown(self.data.parent, "postgres")
        shutil.chown(self.folder, "postgres")
        self.postgres(
            "initdb", "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8"
        )
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(SETTINGS.format(folder=self.folder))
        conf_d = self.data / "conf.d"
        conf_d.mkdir()
        shutil.chown(conf_d, "postgres")
        self.pg_ctl("start")
        self.sql("CREATE DATABASE shop")
        engine = make_engine(self.url)
        migrate(engine, MIGRATIONS)
        engine.dispose()

    def archive_as(self, command: str) -> None:
        """Have its conf.d what a cluster before it had there."""
        quoted = command.replace("'", "''")
        text = archiving.ON.format(command=quoted, seconds=archiving.SECONDS)
        (self.data / "conf.d" / archiving.FILE).write_text(text)
        self.pg_ctl("-m", "fast", "restart")

    def lose(self) -> None:
        """As a machine that is gone: what was not archived is lost with it."""
        self.pg_ctl("-m", "immediate", "stop")
        shutil.rmtree(self.data)

    def remove(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.pg_ctl("-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def restart(self) -> None:
        self.restarts += 1
        self.pg_ctl("-m", "fast", "restart")

    def pg_ctl(self, *arguments: str) -> None:
        self.postgres("pg_ctl", "-w", "-s", "-l", f"{self.folder}/log", *arguments)

    def postgres(self, program: str, *arguments: str) -> None:
        command = ["runuser", "-u", "postgres", "--", NEWEST / program, "-D", self.data, *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    def sql(self, statement: str, name: str = "postgres") -> list[tuple]:
        """What one statement gives, outside any transaction."""
        engine = make_engine(self.url.replace("/shop?", f"/{name}?"), 1)
        autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")
        with autocommit.connect() as connection:
            result = connection.exec_driver_sql(statement)
            rows = result.all() if result.returns_rows else []
        engine.dispose()
        return rows

    def clock(self) -> datetime:
        """What time it is by PostgreSQL, which dates what is committed."""
        ((now,),) = self.sql("SELECT clock_timestamp()")
        return now.astimezone(UTC)

    def use(self, patch) -> None:
        """Have the operations find it where Debian's clusters are."""
        patch.setattr(clusters, "CLUSTERS", self.folder / "etc")
        patch.setattr(repository, "CONFIGURATION", self.folder / "pgbackrest.conf")
        patch.setattr(Cluster, "restart", lambda _cluster: self.restart())


@dataclass
class Kept(Shop):
    """The shop of a cluster whose every moment is kept."""

    live: Live

    @property
    def repository(self) -> Repository:
        return Repository.of(self.settings)

    @property
    def cluster(self) -> Cluster:
        return find(self.settings)

    @property
    def archiving(self) -> list[str]:
        """How PostgreSQL archives: its mode and its command."""
        return self.cluster.ask(archiving.SAID)[:2]

    def restore_at(self, at: datetime, stages: Stages | None = None, **settings) -> Restored:
        self.engine.dispose()
        known = self.settings | settings
        wanted = Moment(at, known, self.config, datetime.now(UTC), stages or Stages())
        try:
            return restore_at(self.engine, wanted, None)
        finally:
            self.engine.dispose()

    def left_over(self) -> list[str]:
        """What restorations left beside what they should."""
        folders = [path.name for path in self.repository.folder.glob("restoring*")]
        running = subprocess.run(
            ["pgrep", "-f", str(self.repository.restoring)], capture_output=True, text=True
        ).stdout.split()
        return super().left_over() + folders + running


def kept_shop(live: Live, settings: Settings, engine: Engine, config: Path) -> Kept:
    """The shop of a live cluster, by settings of its own."""
    known = settings | {
        "database.url": live.url,
        "folders.continuous": live.folder / "continuous",
        "backup.continuous_days": 14,
    }
    return Kept(engine, known, config, live)
