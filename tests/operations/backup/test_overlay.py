"""An overlay takes another's place, whenever it is killed, and only one that was restored."""

import errno
import shutil
from pathlib import Path

import pytest

from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.overlay import Overlays, links

STAMP = "20260304_050600_000000"
KEPT = f"overlay.previous-{STAMP}"
# Each removal, copy and change of name of a swap.
STEPS = 15


@pytest.fixture
def overlays(tmp_path) -> Overlays:
    """One in place, and a restored one that waits among the archives."""
    made = Overlays(tmp_path / "state" / "overlay", tmp_path / "archives")
    fill(made.live, "1")
    fill(made.archives / f".overlay.restoring-{STAMP}", "2")
    return made


def fill(folder: Path, release: str) -> None:
    (folder / "releases" / release).mkdir(parents=True)
    (folder / "releases" / release / "page.html").write_text(release)
    (folder / "current").symlink_to(f"releases/{release}")


@pytest.fixture
def layered(monkeypatch):
    """What overlayfs does with a folder that a lower layer brings."""
    rename = Path.rename

    def refuse(self, target):
        if self.name == "overlay":
            raise OSError(errno.EXDEV, "Invalid cross-device link", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)


def beside(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def shows(folder: Path, release: str) -> None:
    there = ["current", "releases", f"releases/{release}", f"releases/{release}/page.html"]
    assert everything(folder) == there
    assert (folder / "current" / "page.html").read_text() == release


def check(overlays: Overlays) -> None:
    assert beside(overlays.archives) == [KEPT]
    assert beside(overlays.live.parent) == ["overlay"]
    shows(overlays.live, "2")
    shows(overlays.archives / KEPT, "1")
    overlays.forget_previous()
    assert beside(overlays.archives) == []


def test_the_restored_one_takes_its_place_and_it_is_kept(overlays):
    # A service that runs sees it by a mount of this very folder, which only reads.
    folder = overlays.live.stat().st_ino
    overlays.swap(STAMP)
    assert overlays.live.stat().st_ino == folder
    check(overlays)


def test_so_it_does_in_a_container(overlays, layered):
    overlays.swap(STAMP)
    check(overlays)


def dying(monkeypatch, left: int):
    """Have whatever changes a disk die, once it has done so as often; gives what is left."""
    counted = [left]

    def wrapped(act):
        def acts(*arguments, **options):
            counted[0] -= 1
            if counted[0] < 0:
                raise KeyboardInterrupt
            return act(*arguments, **options)

        return acts

    for name in ("copytree", "rmtree", "copy2"):
        monkeypatch.setattr(shutil, name, wrapped(getattr(shutil, name)))
    for name in ("rename", "rmdir", "unlink"):
        monkeypatch.setattr(Path, name, wrapped(getattr(Path, name)))
    return counted


@pytest.mark.parametrize("dies_at", range(STEPS))
def test_killed_meanwhile_it_is_finished_by_whoever_comes_next(
    overlays, layered, monkeypatch, dies_at
):
    with monkeypatch.context() as patch:
        dying(patch, dies_at)
        with pytest.raises(KeyboardInterrupt):
            overlays.swap(STAMP)
    # What lies half done is nothing of the shop's meanwhile.
    assert all(target.startswith("releases/") for target in links(overlays.live).values())
    overlays.settle(lambda stamp: stamp == STAMP)
    check(overlays)


def test_each_step_of_it_is_tried(overlays, monkeypatch):
    with monkeypatch.context() as patch:
        left = dying(patch, 1000)
        overlays.swap(STAMP)
    assert 1000 - left[0] == STEPS


def test_a_disk_that_is_full_leaves_the_one_in_place(overlays, monkeypatch):
    full = shutil.Error([("from", "to", "[Errno 28] No space left on device")])

    def refuse(*_, **__):
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copytree", refuse)
        with pytest.raises(BackupError, match=r"cannot write .*overlay: .*No space left"):
            overlays.swap(STAMP)
    shows(overlays.live, "1")
    overlays.settle(lambda _stamp: True)
    check(overlays)


@pytest.mark.parametrize("planted", ["overlay.restoring-", "overlay.previous-", "overlay."])
def test_what_the_service_could_put_beside_it_is_never_looked_at(overlays, planted):
    """It may write that folder, and make the database say that any restoration took over."""
    beside = overlays.live.with_name(f"{planted}{STAMP}")
    fill(beside, "evil")
    shutil.rmtree(overlays.archives / f".overlay.restoring-{STAMP}")
    overlays.settle(lambda _stamp: True)
    shows(overlays.live, "1")
    assert beside.exists()
    overlays.swap(STAMP)
    shows(overlays.live, "1")
