"""Whether PostgreSQL hands over what it writes: a file in its conf.d, and nothing else of its own.

The whole cluster is archived; PostgreSQL knows no other way.
"""

from pathlib import Path

from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.continuous import cluster as clusters
from ocpizza.operations.continuous.administrator import (
    being_postgres,
    write_as_postgres,
    write_over_as_postgres,
)
from ocpizza.operations.continuous.cluster import Cluster

FILE = "ocpizza-continuous.conf"
# What is committed has left within a minute: it may take the rest of it to be archived.
SECONDS = 45
ON = """\
# Written by `ocpizza backup --continuous enable`, taken back by `… disable`.
archive_mode = on
archive_command = '{command}'
archive_timeout = {seconds}
"""
# Without a command, one that is to archive until it is restarted would keep all for ever.
OFF = """\
# Written by `ocpizza backup --continuous disable`; it may go when PostgreSQL was restarted.
archive_mode = off
archive_command = '/bin/true'
"""
NAMES = ("archive_mode", "archive_command", "archive_timeout")
IDLE = ("", "(disabled)", "/bin/true")
SAID = """
SELECT current_setting('archive_mode');
SELECT current_setting('archive_command');
SELECT coalesce(current_setting('archive_library', true), '');
"""
# What is read last wins, and ALTER SYSTEM is read after any file.
WINS = """
SELECT DISTINCT ON (name) name, sourcefile FROM pg_file_settings
 WHERE name LIKE 'archive\\_%' ORDER BY name, seqno DESC;
"""


def is_on(cluster: Cluster, command: str) -> bool:
    """Whether it archives by this command."""
    return cluster.ask(SAID)[:2] == ["on", command]


def refuse_others(cluster: Cluster, command: str) -> None:
    """Raises BackupError where somebody archives the cluster already, or it writes too little."""
    mode, used, library = (*cluster.ask(SAID), "")[:3]
    if library or (mode != "off" and used not in (*IDLE, command)):
        raise BackupError(
            f"cluster {cluster} is archived already by {library or used}: take that back first"
        )
    if cluster.wal_level == "minimal":
        raise BackupError(f"cluster {cluster} has wal_level = minimal: set it to replica first")


def turn_on(cluster: Cluster, command: str, stages: Stages) -> None:
    """Have it archive; it is started anew where it must be. Raises BackupError.

    What it is left with when this fails is for `turn_off`.
    """
    quoted = command.replace("'", "''")
    file = cluster.conf_d / FILE
    write_as_postgres(file, ON.format(command=quoted, seconds=SECONDS))
    _refuse_what_wins(cluster, file)
    if cluster.ask(SAID)[0] == "off":
        # It alone makes PostgreSQL's archiver, which only a start can.
        with stages.stage(f"start PostgreSQL {cluster} anew, seconds for all of its databases"):
            cluster.restart()
    else:
        cluster.reload()


def _refuse_what_wins(cluster: Cluster, file: Path) -> None:
    read = dict(line.split("|", 1) for line in cluster.ask(WINS))
    for name in NAMES:
        if name not in read:
            raise BackupError(f"{file} is not read: add include_dir = 'conf.d' to postgresql.conf")
        if read[name] != str(file):
            raise BackupError(
                f"{name} in {read[name]} wins over {file}: take it out there first "
                f"(postgresql.auto.conf: ALTER SYSTEM RESET {name})"
            )


def turn_off(cluster: Cluster, command: str) -> None:
    """Have it archive no more; what it was to archive until it is started anew goes nowhere.

    One that archives otherwise than by us goes on.
    """
    file = cluster.conf_d / FILE
    if not (file.exists() or is_on(cluster, command)):
        return
    _write_off(file)
    cluster.reload()
    if cluster.ask(SAID)[0] == "off":
        with being_postgres():
            file.unlink()


def turn_off_everywhere() -> list[Path]:
    """The same for every cluster, without asking: no settings may lead to it, or it is down.

    Return the files; whoever runs has to be told to read them. Raises BackupError where it cannot.
    """
    found = files()
    for file in found:
        _write_off(file)
    return found


def is_wanted() -> bool:
    """Whether a cluster of this machine is to archive, as its file says. Raises OSError."""
    return any("\narchive_mode = on\n" in file.read_text() for file in files())


def files() -> list[Path]:
    """Return what `turn_on` and `turn_off` wrote, for whichever cluster."""
    return sorted(clusters.CLUSTERS.glob(f"*/*/conf.d/{FILE}"))


def _write_off(file: Path) -> None:
    try:
        write_as_postgres(file, OFF)
    except BackupError:
        # What it is to be turned off for, more often than not: a disk that is full.
        write_over_as_postgres(file, OFF)
