"""Which archives stay, and what is said of those that are there."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.operations.backup.folder import ENCRYPTED, PLAIN, BackupFolder, made_at
from ocpizza.operations.backup.looks import last_backup
from ocpizza.operations.status.saved import backup

NOW = datetime.now(UTC)


def name_of(at: datetime, suffix: str = "") -> str:
    return f"ocpizza-{at:%Y-%m-%d_%H-%M-%S}-000Z.tar{suffix}"


def says(tmp_path) -> tuple[bool, str]:
    return last_backup({"folders.backups": tmp_path}, lambda _question: None)


def test_the_one_just_made_stays_whatever_a_wrong_clock_once_made(tmp_path):
    future, made, old = (tmp_path / name_of(NOW + timedelta(days=d)) for d in (3650, 0, -40))
    for path in (future, made, old):
        path.touch()
    assert BackupFolder(tmp_path).forget_older(1, made) == [old]
    assert BackupFolder(tmp_path).archives() == [future, made]


@pytest.mark.parametrize("suffix", ["", ".age"])
def test_updates_tried_again_and_again_push_out_none_that_is_made_each_month(tmp_path, suffix):
    folder = BackupFolder(tmp_path)

    def made(days: int, kind: str = ""):
        at, name = NOW + timedelta(days=days), ENCRYPTED if suffix else PLAIN
        with folder.partial(name) as file:
            path = folder.put_in_place(file, at, name, kind)
        assert abs(made_at(path) - at) < timedelta(milliseconds=1)
        return path, folder.forget_older(3, path)

    monthly = [made(30 * month)[0] for month in range(3)]
    tried = [made(70 + each, "update") for each in range(5)]
    assert [gone for _, gone in tried] == [[], [], [], [tried[0][0]], [tried[1][0]]]
    assert tried[0][0].name.endswith(f"Z-update.tar{suffix}")
    assert set(folder.archives()) == {*monthly, *(path for path, _ in tried[2:])}
    # The newest is the newest, whatever it was made for.
    assert folder.archives()[0] == tried[-1][0]
    assert made(90)[1] == [monthly[0]]


def test_one_from_the_future_is_not_well(tmp_path):
    (tmp_path / name_of(NOW + timedelta(days=3650))).touch()
    well, words = says(tmp_path)
    assert not well
    assert "from the future: check the clock" in words


@pytest.mark.parametrize("content", [b"", b"age-encryption", b"something else altogether"])
def test_an_encrypted_one_that_age_did_not_write_is_not_well(tmp_path, content):
    (tmp_path / name_of(NOW, ".age")).write_bytes(content)
    well, words = says(tmp_path)
    assert not well
    assert "not what age writes" in words


def test_root_opens_neither_links_nor_pipes_there(tmp_path):
    archive = tmp_path / name_of(NOW)
    os.mkfifo(archive)
    assert says(tmp_path)[0] is False
    archive.unlink()
    archive.symlink_to("/etc/passwd")
    row = backup({"folders.backups": tmp_path, "system.user": ""})
    assert row.well is False
    assert "/etc/passwd" not in row.says
