"""`ocpizza restore --at`: the shop as it was at a moment, and nothing else of the cluster."""

import re
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from droplets import wait_until
from factories import make_account
from ocpizza.db import make_engine
from ocpizza.models.account import Account
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.restore import forget_previous
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.continuous import room
from ocpizza.operations.continuous.at import STAGES, Moment, choose, restore_at
from ocpizza.operations.continuous.repository import Saved
from ocpizza.operations.continuous.switch import disable, enable
from ocpizza.operations.continuous.when import moment
from ocpizza.operations.disks import Disk
from ocpizza.services.privacy.erase_account import erase_account
from operations.backup.saved_shop import Acting

pytestmark = pytest.mark.xdist_group("continuous")


def test_what_was_destroyed_comes_back_as_it_was_at_that_moment(kept, live, add_up):
    live.sql("CREATE TABLE of_others AS SELECT 1 AS before")
    kept.sell()
    with Session(kept.engine) as session, session.begin():
        account = make_account(session, email="goes@example.fr").id
    saved, at = kept.rows(), live.clock()
    with Session(kept.engine) as session, session.begin():
        erase_account(session, account, datetime.now(UTC))
    kept.sell()
    live.sql("UPDATE of_others SET before = 2")
    with kept.engine.begin() as connection:
        connection.execute(text("DROP TABLE order_line CASCADE"))
    seen = Acting(lambda stage: alone(kept, at) if stage == "dump the database" else None)
    restored = kept.restore_at(at, seen)
    assert seen.seen[: len(STAGES)] == list(STAGES)
    # Who was erased since is erased again, whatever the archive is made of.
    assert restored.erased == 1
    after = kept.rows()
    erased = ("account", "outgoing_mail", "consent", "sign_in_session", "account_token")
    for table in saved.keys() - set(erased):
        assert after[table] == saved[table], table
    with Session(kept.engine) as session:
        assert session.get(Account, account).erased_at is not None
    add_up(kept.engine)
    kept.engine.dispose()
    assert live.sql("SELECT before FROM of_others") == [(2,)]
    live.sql("DROP TABLE of_others")
    assert restored.manifest.made_at == at
    assert restored.previous.removeprefix("schema ") in kept.left_over()
    forget_previous(kept.engine, kept.settings)
    assert kept.left_over() == []


def alone(kept, at) -> None:
    """While one is at work there is no other, and the units leave its cluster alone."""
    subprocess.run(_sweep(kept), check=True)
    assert kept.repository.restoring.exists()
    with pytest.raises(BackupError, match="another restoration to a moment is at work"):
        kept.restore_at(at, **{"folders.backups": kept.archives.with_name("other")})


@pytest.mark.parametrize("stage", STAGES[1:])
def test_killed_at_any_stage_nothing_changes_and_no_cluster_stays(kept, live, stage):
    kept.sell()
    at = live.clock()
    kept.sell()
    lost = kept.rows()

    def act(shop, stages: Stages) -> None:
        wanted = Moment(at, kept.settings, kept.config, datetime.now(UTC), stages)
        restore_at(shop.engine, wanted, None)

    kept.dies(act, stage, "before")
    assert kept.rows() == lost
    # What is left is a folder; the cluster in it has ended with whoever began it.
    left = kept.left_over()
    assert left in ([], ["restoring"], [".archive.partial", "restoring"], [".archive.partial"])
    unit = subprocess.run(_sweep(kept), capture_output=True, text=True)
    assert (unit.returncode, unit.stderr) == (0, "")
    assert "restoring" not in kept.left_over()


def _sweep(kept) -> list[str]:
    """What the units do before a backup."""
    text = (Path(__file__).parents[3] / "systemd/ocpizza-continuous-diff.service").read_text()
    (line,) = [line for line in text.splitlines() if line.startswith("ExecStartPre=")]
    command = line.partition("=")[2].replace("${FOLDER}", str(kept.repository.folder))
    return ["runuser", "-u", "postgres", "--", *command.split()]


def test_out_of_range_is_one_line_that_names_the_range(kept, live):
    (first, *_) = kept.repository.backups()
    early = first.stopped_at - timedelta(days=1)
    with pytest.raises(BackupError, match=r"continuous backup begins at 20.* UTC\): nothing older"):
        kept.restore_at(early)
    # Named to the second, as it is asked for.
    now = r"now it is 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d C"
    with pytest.raises(BackupError, match=f"is yet to come: {now}"):
        kept.restore_at(datetime.now(UTC) + timedelta(days=1))
    assert kept.left_over() == []


def test_without_a_server_that_takes_it_nothing_is_tried(kept, live):
    at, seen = live.clock(), Acting(lambda _stage: None)
    kept.engine.dispose()
    live.pg_ctl("-m", "fast", "stop")
    try:
        with pytest.raises(BackupError, match=r"^psql: .*failed.*: sudo systemctl start"):
            kept.restore_at(at, seen)
    finally:
        live.pg_ctl("start")
    assert seen.seen == []
    assert kept.left_over() == []


def test_the_newest_backup_before_it_is_taken():
    at = datetime(2026, 11, 28, 20, 14, tzinfo=UTC)
    ends = [at - timedelta(days=2), at - timedelta(seconds=1), at, at + timedelta(hours=1)]
    backups = [Saved(str(n), n == 0, end, 1, "15") for n, end in enumerate(ends)]
    assert choose(backups, at, at).label == "1"
    with pytest.raises(BackupError, match="there is no continuous backup yet: sudo ocpizza backup"):
        choose([], at, at)


@pytest.mark.parametrize("full", ["continuous", "main"])
def test_where_it_could_fill_a_disk_nothing_is_tried(kept, live, full, monkeypatch):
    """That of the repository, or of the database, which it is loaded into."""

    def little(folders):
        (folder,) = folders
        return [Disk(folder, 2**20 if folder.name == full else 2**40, 2**40, 1)]

    monkeypatch.setattr(room, "disks", little)
    kept.sell()
    at, lost = live.clock(), kept.rows()
    with pytest.raises(BackupError, match=r"too little to restore beside .* GiB needed"):
        kept.restore_at(at)
    assert kept.rows() == lost
    assert kept.left_over() == []


@contextmanager
def unreadable(path: Path):
    """As a file of the repository that was damaged."""
    content = path.read_bytes()
    path.write_bytes(b"damaged")
    try:
        yield
    finally:
        path.write_bytes(content)


def test_a_damaged_repository_is_one_line_and_changes_nothing(kept, live):
    kept.sell()
    at, lost = live.clock(), kept.rows()
    live.sql("SELECT pg_switch_wal()")
    newest = kept.repository.backups()[-1]
    label = kept.repository.folder / "repository/backup/ocpizza" / newest.label
    (manifest,) = label.glob("backup.manifest")
    (copy,) = label.glob("backup.manifest.copy")
    with unreadable(manifest), unreadable(copy), pytest.raises(BackupError) as caught:
        kept.restore_at(at)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("pgbackrest: ")
    assert kept.rows() == lost
    assert kept.left_over() == []


def test_a_server_that_nobody_has_deployed_to_is_told_before_anything_is_recovered(kept, live):
    kept.sell()
    at = live.clock()
    nobody = make_engine(live.url.replace("/shop?", "/nothing?"), 1)
    stages = Acting(lambda _stage: None)
    with pytest.raises(OperationalError):
        restore_at(nobody, Moment(at, kept.settings, kept.config, datetime.now(UTC), stages), None)
    assert stages.seen == []
    nobody.dispose()


def test_a_moment_at_which_it_was_off_is_told_with_what_is_around_it(kept, live):
    kept.sell()
    disable(kept.settings)
    live.sql("SELECT pg_current_xact_id()")
    ((segment,),) = live.sql("SELECT pg_walfile_name(pg_switch_wal())")
    gone = f"SELECT last_archived_wal >= '{segment}' FROM pg_stat_archiver"
    wait_until(lambda: live.sql(gone) == [(True,)], 60, "what goes nowhere")
    at = live.clock() + timedelta(seconds=1)
    wait_until(lambda: live.clock() > at, 60, "a second later")
    enable(kept.settings, Stages())
    with pytest.raises(BackupError) as caught:
        kept.restore_at(at)
    hour = r"20\S+ \S+ C\S+ \(\S+ UTC\)"
    said = rf"the archive ends at {hour} and goes on at {hour}: nothing between"
    assert re.fullmatch(said, str(caught.value))


def test_what_was_archived_of_a_cluster_that_is_lost_comes_back_to_a_new_one(kept, live):
    """Another system, with an empty shop: the same command, once it is enabled there."""
    kept.sell()
    saved = kept.rows()
    committed = live.clock()
    ((segment,),) = live.sql("SELECT pg_walfile_name(pg_switch_wal())")
    archived = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
    wait_until(lambda: live.sql(archived.replace("%s", f"'{segment}'")) == [(True,)], 60, "it")
    kept.sell()
    kept.engine.dispose()
    live.lose()
    live.make()
    # A moment is named to the second, and a cluster is made in less.
    lost_at = max(datetime.now(UTC), committed + timedelta(seconds=1))
    # As pg_dropcluster leaves it: the new one archives already, to where it is not known.
    live.archive_as(kept.repository.archive_command)
    before = kept.repository.backups()
    enable(kept.settings, Stages())
    assert len(kept.repository.backups()) == len(before) + 1
    assert not kept.rows()["orders"]
    # Nobody knows what came after the last that was archived.
    with pytest.raises(BackupError, match=r"the archive ends at .* nothing between$") as caught:
        kept.restore_at(lost_at)
    end = moment(re.search(r"ends at (\S+ \S+) ", str(caught.value))[1])
    assert committed - timedelta(seconds=5) < end < committed + timedelta(seconds=1)
    kept.restore_at(end)
    assert kept.rows() == saved
    forget_previous(kept.engine, kept.settings)
    assert kept.left_over() == []
