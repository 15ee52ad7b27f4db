"""Releases on disk: staged whole, switched by one rename, gone back from, forgotten in the end."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

import pytest

from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.releases import KEPT, Releases, Switch

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def releases(tmp_path) -> Releases:
    return Releases(tmp_path / "overlay")


def put(releases: Releases, at: datetime = NOW, **files: str) -> str:
    """Put a release in place, with these files in `common`."""
    brought = {
        PurePosixPath("common", f"{name}.txt"): text.encode() for name, text in files.items()
    }
    release = releases.stage(at, "1.0", brought)
    switch = Switch(release, releases.current)
    releases.begin(switch)
    releases.switch(release)
    releases.end()
    return release


def files_in(folder: Path) -> dict[str, str]:
    found = sorted(folder.rglob("*.txt"))
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def test_what_is_staged_is_nothing_yet(releases):
    release = releases.stage(NOW, "1.0", {PurePosixPath("common/a.txt"): b"1"})
    assert (releases.current, releases.all()) == (None, [])
    releases.unstage()
    assert not releases.staging(release).exists()


def test_a_release_is_the_one_before_with_what_it_brings_over_it(releases):
    first = put(releases, a="1", b="1")
    second = put(releases, NOW + A_MINUTE, b="2", c="2")
    assert releases.current == second
    assert files_in(releases.path(second)) == {
        "common/a.txt": "1",
        "common/b.txt": "2",
        "common/c.txt": "2",
    }
    assert files_in(releases.path(first)) == {"common/a.txt": "1", "common/b.txt": "1"}
    assert releases.note(second).before == first
    assert releases.note(second).brought == ["common/b.txt", "common/c.txt"]
    assert releases.all() == [second, first]


def test_everybody_may_read_it_and_nobody_else_write(releases):
    old = os.umask(0o077)
    try:
        release = put(releases, a="1")
    finally:
        os.umask(old)
    folder = releases.path(release)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))}
    assert modes == {release: 0o755, "common": 0o755, "a.txt": 0o644, "update.json": 0o644}


def test_the_link_leads_nowhere_but_into_the_overlay(releases):
    release = put(releases, a="1")
    assert releases.link.readlink() == Path("releases", release)
    releases.overlay.rename(releases.overlay.with_name("moved"))
    moved = Releases(releases.overlay.with_name("moved"))
    assert files_in(moved.link.resolve()) == {"common/a.txt": "1"}


def test_one_goes_back_to_the_programs_own(releases):
    put(releases, a="1")
    releases.switch(None)
    assert releases.current is None


def test_a_switch_is_known_until_it_is_proved(releases):
    assert releases.unproved is None
    release = releases.stage(NOW, "1.0", {PurePosixPath("common/a.txt"): b"1"})
    switch = Switch(release, None, stopped=True)
    releases.begin(switch)
    assert releases.unproved == switch
    assert releases.current is None
    assert releases.brings(switch)
    releases.end()
    assert releases.unproved is None


def test_going_back_brings_no_release(releases):
    first, second = put(releases, a="1"), put(releases, NOW + A_MINUTE, a="2")
    assert not releases.brings(Switch(first, second))
    assert not releases.brings(Switch(None, second))


def test_the_oldest_go_and_never_the_one_in_place(releases):
    made = [put(releases, NOW + minute * A_MINUTE, a=str(minute)) for minute in range(KEPT + 2)]
    releases.switch(made[0])
    assert releases.forget_old() == [made[1]]
    assert releases.all() == [*reversed(made[2:]), made[0]]
    assert releases.forget_old() == []


def test_the_one_in_place_is_not_forgotten(releases):
    release = put(releases, a="1")
    releases.forget(release)
    assert releases.all() == [release]


def test_a_note_that_is_damaged_is_one_line(releases):
    release = put(releases, a="1")
    (releases.path(release) / "update.json").write_text("{")
    with pytest.raises(UpdateError, match=r"update\.json cannot be read"):
        releases.note(release)


def test_a_disk_that_refuses_is_one_line(releases):
    releases.overlay.write_text("not a folder")
    with pytest.raises(UpdateError, match=r"cannot write .*: Not a directory"):
        releases.stage(NOW, "1.0", {PurePosixPath("common/a.txt"): b"1"})
