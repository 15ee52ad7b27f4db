"""`ocpizza backup --continuous enable` and `disable`."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from ocpizza.operations import systemd
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.continuous import archiving
from ocpizza.operations.continuous.administrator import (
    being_postgres,
    run_as_postgres,
    write_as_postgres,
)
from ocpizza.operations.continuous.cluster import Cluster, find
from ocpizza.operations.continuous.repository import Repository
from ocpizza.operations.continuous.room import refuse_little_room
from ocpizza.operations.deploy.gunicorn import CONTINUOUS
from ocpizza.settings import Settings

WITHOUT_SYSTEMD = "systemd is not running: have its timers’ work done otherwise"


@dataclass(frozen=True)
class Enabled:
    """What is backed up, where to, and what is left to say."""

    cluster: Cluster
    repository: Repository
    note: str


def enable(settings: Settings, stages: Stages) -> Enabled:
    """Have all that PostgreSQL commits kept within a minute. Raises BackupError.

    Done again, it does what is missing. Where it fails, PostgreSQL archives as it did before.
    """
    cluster, repository = find(settings), Repository.of(settings)
    command = repository.archive_command
    archiving.refuse_others(cluster, command)
    if not (archiving.is_on(cluster, command) and repository.note.exists()):
        # Compressed it is less, and some weeks of it are as much again.
        refuse_little_room(repository.folder, cluster.size, "keep all that PostgreSQL commits")
    with stages.stage("set up pgbackrest"):
        repository.set_up(cluster)
    was_on = archiving.is_on(cluster, command)
    try:
        with stages.stage("have PostgreSQL archive"):
            write_as_postgres(repository.mark, "")
            archiving.turn_on(cluster, command, stages)
        with stages.stage("try the archive"):
            repository.run("check")
        if not (was_on and repository.note.exists()):
            with stages.stage("make a full backup"):
                repository.back_up("full")
        note = _start_timers()
    except BaseException:
        # One that always fails would fill the disk with what it waits for.
        if not was_on:
            _take_back(cluster, repository)
        raise
    return Enabled(cluster, repository, note)


def disable(settings: Settings) -> Repository:
    """Take all of it back, and keep what is saved. A server that is down is told by its file.

    Raises BackupError where PostgreSQL cannot be told: it is on then, as it was.
    """
    repository = Repository.of(settings)
    with suppress(BackupError):
        archiving.turn_off(find(settings), repository.archive_command)
    # And one that the settings led to before, or that nobody can ask.
    for file in archiving.turn_off_everywhere():
        with suppress(BackupError):
            run_as_postgres(["pg_ctlcluster", *file.parts[-4:-2], "reload"])
    _forget(repository)
    if systemd.is_running():
        with _one_kind_of_error():
            systemd.tell("disable", "--now", *CONTINUOUS)
    return repository


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    try:
        yield
    except systemd.UnitError as error:
        raise BackupError(str(error)) from error


def _start_timers() -> str:
    if not systemd.is_running():
        return WITHOUT_SYSTEMD
    with _one_kind_of_error():
        systemd.tell("enable", "--now", *CONTINUOUS)
    return ""


def _take_back(cluster: Cluster, repository: Repository) -> None:
    try:
        archiving.turn_off(cluster, repository.archive_command)
    except BackupError:
        # It may be what cannot start with the file: now it can.
        with suppress(BackupError):
            archiving.turn_off_everywhere()
            cluster.restart()
    _forget(repository)


def _forget(repository: Repository) -> None:
    """Nobody expects anything of it any more."""
    repository.forget_note()
    with being_postgres():
        repository.mark.unlink(missing_ok=True)
