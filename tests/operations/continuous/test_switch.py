"""`ocpizza backup --continuous enable` and `disable`: all of it, or PostgreSQL as it was."""

import errno
import os
import shutil
import stat
from dataclasses import replace
from unittest.mock import Mock

import pytest

from droplets import wait_until
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.restore import forget_previous
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.continuous import administrator, archiving, room, switch
from ocpizza.operations.continuous import repository as repositories
from ocpizza.operations.continuous.repository import NOT_SET_UP, Repository
from ocpizza.operations.continuous.switch import disable, enable
from ocpizza.operations.disks import Disk
from ocpizza.operations.undeploy import archiving_stopped
from operations.backup.saved_shop import Acting

pytestmark = pytest.mark.xdist_group("continuous")
IDLE = ["off", "(disabled)"]
FILE = f"conf.d/{archiving.FILE}"


@pytest.fixture
def off(shop, live):
    """As a cluster that never heard of it; what was saved before is there."""
    if shop.archiving[0] == "on":
        disable(shop.settings)
        live.restart()
    # What a restart has made needless is left to this.
    disable(shop.settings)
    assert not (live.data / FILE).exists()
    assert shop.archiving == IDLE
    live.restarts = 0
    return shop


def mode(path) -> tuple[str, int]:
    return path.owner(), stat.S_IMODE(path.stat().st_mode)


def test_it_is_set_up_whole_and_once(off, live):
    shop, seen = off, Acting(lambda _stage: None)
    live.sql("CREATE DATABASE another")
    done = enable(shop.settings, seen)
    live.sql("DROP DATABASE another")
    assert done.cluster.others == "another"
    assert any("start PostgreSQL" in stage and "main anew" in stage for stage in seen.seen)
    assert live.restarts == 1
    assert shop.archiving == ["on", shop.repository.archive_command]
    ((seconds,),) = live.sql("SELECT setting::int FROM pg_settings WHERE name = 'archive_timeout'")
    # And what is left of the minute to hand it over.
    assert 0 < seconds < 60
    assert shop.repository.backups()[-1].full
    folder = shop.repository.folder
    assert mode(folder / "repository") == ("postgres", 0o750)
    assert mode(folder / "info.json") == ("postgres", 0o644)
    assert stat.S_IMODE(shop.repository.configuration.stat().st_mode) == 0o640
    backups = shop.repository.backups()
    assert enable(shop.settings, Stages()).cluster == replace(done.cluster, others="")
    assert (live.restarts, shop.repository.backups()) == (1, backups)


def test_off_again_postgresql_waits_for_nobody_and_what_was_saved_stays(kept, live):
    backups = kept.repository.backups()
    disable(kept.settings)
    assert not kept.repository.mark.exists()
    # One that is to archive, and has no command, would keep all that it writes.
    assert kept.archiving == ["on", "/bin/true"]
    live.sql("SELECT pg_current_xact_id()")
    ((segment,),) = live.sql("SELECT pg_walfile_name(pg_switch_wal())")
    wait_until(lambda: archived(live) >= segment, 60, "it lets go")
    live.restart()
    assert kept.archiving == IDLE
    disable(kept.settings)
    assert not (live.data / FILE).exists()
    assert kept.repository.backups() == backups
    enable(kept.settings, Stages())
    assert len(kept.repository.backups()) == len(backups) + 1


def archived(live) -> str:
    ((name,),) = live.sql("SELECT last_archived_wal FROM pg_stat_archiver")
    return name or ""


@pytest.mark.parametrize("failing", ["backup", "restart"])
def test_whatever_fails_postgresql_does_not_wait_for_what_never_comes(
    off, live, failing, monkeypatch
):
    run, restart = Repository.run, type(off.cluster).restart

    def fail(repository, *arguments):
        if failing in arguments:
            raise BackupError("no space left")
        return run(repository, *arguments)

    def fail_once(cluster):
        monkeypatch.setattr(type(cluster), "restart", restart)
        live.pg_ctl("-m", "fast", "stop")
        raise BackupError("it did not start")

    monkeypatch.setattr(Repository, "run", fail)
    if failing == "restart":
        monkeypatch.setattr(type(off.cluster), "restart", fail_once)
    with pytest.raises(BackupError, match=r"no space left|it did not start"):
        enable(off.settings, Stages())
    assert off.archiving in (IDLE, ["on", "/bin/true"])
    assert not off.repository.mark.exists()
    assert not off.repository.note.exists()


def test_a_cluster_that_others_archive_is_theirs(off, live):
    live.sql("ALTER SYSTEM SET archive_mode = on")
    live.sql("ALTER SYSTEM SET archive_command = 'cp %%p /srv/elsewhere'")
    live.restart()
    try:
        with pytest.raises(BackupError, match="is archived already by cp %p /srv/elsewhere: take"):
            enable(off.settings, Stages())
        live.sql("ALTER SYSTEM RESET archive_command")
        live.sql("SELECT pg_reload_conf()")
        with pytest.raises(
            BackupError, match=r"archive_mode in .*auto\.conf wins .* RESET archive"
        ):
            enable(off.settings, Stages())
        assert off.archiving[1] == "/bin/true"
        assert not off.repository.mark.exists()
    finally:
        live.sql("ALTER SYSTEM RESET ALL")
        live.restart()
        disable(off.settings)


def test_what_others_archive_goes_on_when_ours_is_turned_off(off, live):
    """As it may be by somebody who looks whether it is on."""
    live.sql("ALTER SYSTEM SET archive_mode = on")
    live.sql("ALTER SYSTEM SET archive_command = 'test -n %%p'")
    live.restart()
    live.sql("ALTER SYSTEM RESET ALL")
    # Where administrators have theirs, and ours would win.
    theirs = live.data / "conf.d" / "archive.conf"
    theirs.write_text("archive_mode = on\narchive_command = 'test -n %p'\n")
    try:
        disable(off.settings)
        live.sql("SELECT pg_reload_conf()")
        assert off.archiving == ["on", "test -n %p"]
        assert not (live.data / FILE).exists()
    finally:
        theirs.unlink()
        live.restart()


def test_where_it_could_fill_a_disk_nothing_is_begun(off, live, monkeypatch):
    disk = Disk(live.folder, 2**20, 2**40, 1)
    monkeypatch.setattr(room, "disks", lambda _folders: [disk])
    with pytest.raises(BackupError, match=r"too little to keep all .* GiB needed"):
        enable(off.settings, Stages())
    assert (off.archiving, live.restarts) == (IDLE, 0)


def full(*_args, **_options):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_on_a_disk_that_is_full_it_is_turned_off(kept, monkeypatch):
    """Which is what it is turned off for."""
    monkeypatch.setattr(administrator, "NamedTemporaryFile", full)
    disable(kept.settings)
    assert kept.archiving == ["on", "/bin/true"]


def test_where_postgresql_cannot_be_told_it_is_not_said_to_be_off(kept, monkeypatch):
    monkeypatch.setattr(administrator, "NamedTemporaryFile", full)
    monkeypatch.setattr(administrator.os, "pwrite", full)
    with pytest.raises(BackupError, match=r"cannot write .*: No space left on device"):
        disable(kept.settings)
    assert kept.repository.mark.exists()
    assert "archives as before: cannot write" in archiving_stopped(Mock())


def test_a_cluster_that_settings_lead_to_no_more_is_told_too(kept, live, monkeypatch):
    """As when its database has moved to another host."""
    told = []
    monkeypatch.setattr(switch, "run_as_postgres", told.append)
    disable(kept.settings | {"database.url": "postgresql+psycopg://ocpizza@db.example.net/shop"})
    assert "/bin/true" in (live.data / FILE).read_text()
    assert told == [["pg_ctlcluster", live.data.parent.name, live.data.name, "reload"]]
    kept.cluster.reload()


def test_root_who_keeps_files_to_themselves_does_not_keep_it_from_postgres(off, live):
    known = off.settings | {"folders.continuous": live.folder / "closed" / "continuous"}
    configuration = Repository.of(known).configuration
    shutil.rmtree(configuration.with_suffix(".d"), ignore_errors=True)
    usual = os.umask(0o077)
    try:
        live.folder.joinpath("closed").mkdir()
        live.folder.joinpath("closed").chmod(0o755)
        enable(known, Stages())
    finally:
        os.umask(usual)
    assert stat.S_IMODE(Repository.of(known).folder.stat().st_mode) == 0o755
    disable(known)
    enable(off.settings, Stages())


def test_one_that_could_not_be_set_up_was_not_set_up(off, monkeypatch, live):
    monkeypatch.setattr(repositories, "CONFIGURATION", live.folder / "first.conf")
    monkeypatch.setattr(Repository, "run", Mock(side_effect=BackupError("no")))
    with pytest.raises(BackupError, match="no"):
        enable(off.settings, Stages())
    assert not (live.folder / "first.conf").exists()


def test_one_that_writes_too_little_is_told(shop):
    cluster = replace(shop.cluster, wal_level="minimal")
    with pytest.raises(BackupError, match="has wal_level = minimal: set it to replica first"):
        archiving.refuse_others(cluster, shop.repository.archive_command)


@pytest.mark.parametrize(
    "url", ["sqlite:///shop.sqlite", "postgresql+psycopg://ocpizza@db.example.net/shop"]
)
def test_a_database_elsewhere_or_in_a_file_is_refused(shop, url):
    with pytest.raises(BackupError, match="is for a PostgreSQL of this machine") as caught:
        enable(shop.settings | {"database.url": url}, Stages())
    assert "\n" not in str(caught.value)


def test_without_pgbackrest_nothing_is_begun(off, monkeypatch):
    monkeypatch.setattr(repositories.shutil, "which", lambda *_args, **_options: None)
    with pytest.raises(BackupError, match=r"^pgbackrest is missing: sudo apt install pgbackrest$"):
        enable(off.settings, Stages())
    assert not off.repository.mark.exists()


def test_a_moment_is_asked_for_where_nothing_was_ever_kept(shop, live, monkeypatch):
    monkeypatch.setattr(repositories, "CONFIGURATION", live.folder / "nothing.conf")
    with pytest.raises(BackupError) as caught:
        shop.restore_at(live.clock())
    assert str(caught.value) == NOT_SET_UP


def test_a_passphrase_encrypts_and_another_one_changes_nothing(off, live):
    secret = "a secret of theirs"
    known = off.settings | {"backup.passphrase": secret}
    known |= {"folders.continuous": live.folder / "encrypted"}
    configuration = Repository.of(known).configuration
    # As the manual says of a copy elsewhere.
    elsewhere = configuration.with_suffix(".d") / "elsewhere.conf"
    elsewhere.parent.mkdir(exist_ok=True)
    elsewhere.write_text(f"[global]\nrepo2-path={live.folder}/elsewhere\nrepo2-retention-full=2\n")
    enable(known, Stages())
    before = configuration.read_text()
    assert f"repo1-cipher-pass={secret}\n" in before
    with pytest.raises(BackupError) as caught:
        enable(known | {"backup.passphrase": "another one"}, Stages())
    assert str(caught.value).startswith(f"{live.folder}/encrypted cannot be read with this ")
    assert configuration.read_text() == before
    repository = Repository.of(known)
    repository.run("check")
    repository.run("--repo=2", "--type=full", "backup")
    assert len(repository.backups()) == 1
    replace(off, settings=known).restore_at(live.clock())
    forget_previous(off.engine, known)
    elsewhere.unlink()
    disable(known)
    enable(off.settings, Stages())


def test_without_a_package_postgresql_archives_no_more(kept, live, monkeypatch):
    """Settings or a server are not needed for that."""
    told = []

    class Host:
        def attempt(self, *command):
            told.append(command)

    assert "continuous backup is off" in archiving_stopped(Host())
    assert told == [("pg_ctlcluster", live.data.parent.name, live.data.name, "reload")]
    assert "/bin/true" in (live.data / FILE).read_text()
    kept.cluster.reload()
    enable(kept.settings, Stages())
    assert switch.find(kept.settings).ask(archiving.SAID)[1] == kept.repository.archive_command
