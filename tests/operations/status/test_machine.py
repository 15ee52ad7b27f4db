"""Disks that are full, nearly so, only read or dead: each is told, and hides no other."""

import os
import signal

import pytest

from ocpizza.operations.status import machine
from ocpizza.operations.status.machine import MAKE_ROOM, OURS, WRITABLE

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


@pytest.mark.parametrize(
    ("room", "names", "well"), [(50, 50, True), (5, 5, True), (4, 50, False), (50, 4, False)]
)
def test_a_disk_is_well_until_its_room_or_its_names_are_nearly_used_up(
    settings, monkeypatch, room, names, well
):
    def statvfs(_folder):
        return os.statvfs_result((1, 2**30, 100, room, room, 100, names, names, 0, 255))

    monkeypatch.setattr("ocpizza.operations.disks.os.statvfs", statvfs)
    row = machine.disk(settings)
    assert row.well is well
    assert f"{room}.0 GiB free of 100.0 ({min(room, names)} %)" in row.says
    assert row.says.endswith(f": {MAKE_ROOM}") is not well


@only_root
@pytest.mark.parametrize("name", [f"folders.{name}" for name in OURS])
def test_a_full_disk_of_ours_is_told_though_the_others_have_room(settings, disk, name):
    with disk("full", full=True) as full:
        row = machine.disk(settings | {name: full / "ocpizza"})
    assert not row.well
    assert row.says == f"{full}: 0.0 GiB free of 0.0 (0 %): {MAKE_ROOM}"


@only_root
def test_so_is_a_full_disk_of_the_database(settings, disk, monkeypatch):
    with disk("full", full=True) as full:
        of_sqlite = machine.disk(settings | {"database.url": f"sqlite:///{full}/shop.sqlite"})
        monkeypatch.setattr(machine, "OTHERS", (full,))
        of_postgresql = machine.disk(settings)
    assert of_sqlite == of_postgresql
    assert of_sqlite.says == f"{full}: 0.0 GiB free of 0.0 (0 %): {MAKE_ROOM}"


@only_root
def test_and_one_of_its_log(settings, disk, monkeypatch):
    with disk("cluster") as cluster, disk("wal", full=True) as wal:
        (cluster / "15/main").mkdir(parents=True)
        (cluster / "15/main/pg_wal").symlink_to(wal)
        monkeypatch.setattr(machine, "POSTGRESQL", cluster)
        row = machine.disk(settings)
    assert not row.well
    assert row.says.startswith(f"{cluster}/15/main/pg_wal: 0.0 GiB free")


@only_root
def test_the_root_is_looked_at_too(settings, disk, monkeypatch):
    with disk("full", full=True) as full:
        monkeypatch.setattr(machine, "ROOT", full)
        assert not machine.disk(settings).well


@only_root
def test_a_disk_that_is_only_read_is_told(settings, disk):
    with disk("locked", locked=True) as locked:
        row = machine.disk(settings | {"folders.logs": locked})
    assert not row.well
    assert row.says == f"{locked}: only read: {WRITABLE}"


@only_root
def test_a_mount_that_is_dead_hides_no_full_disk(settings, disk, monkeypatch, tmp_path):
    dead, statvfs = tmp_path / "dead", os.statvfs
    dead.mkdir()

    def ask(folder):
        return signal.pause() if folder == dead else statvfs(folder)

    monkeypatch.setattr("ocpizza.operations.disks.os.statvfs", ask)
    monkeypatch.setattr(machine, "SECONDS", 0.5)
    with disk("full", full=True) as full:
        row = machine.disk(settings | {"folders.logs": full, "folders.backups": dead})
    assert not row.well
    assert f"{dead}: no answer within 0.5 s: df -h {dead}; sudo umount" in row.says
    assert f"{full}: 0.0 GiB free of 0.0 (0 %): {MAKE_ROOM}" in row.says


def test_each_disk_is_said_once(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "OTHERS", (tmp_path, tmp_path / "nowhere"))
    assert machine.disk(settings).says.count("GiB free of") == len(
        {path.stat().st_dev for path in (tmp_path, settings["folders.state"].parent, machine.ROOT)}
    )
