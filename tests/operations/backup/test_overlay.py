"""An overlay takes another's place, on any file system, whenever it is killed."""

import errno
import shutil
from pathlib import Path

import pytest

from ocpizza.operations.backup.overlay import forget_previous, settle, swap

STAMP = "20260304_050600_000000"


@pytest.fixture
def overlay(tmp_path) -> Path:
    """One in place, and a restored one beside it."""
    for name, release in (("overlay", "1"), (f"overlay.restoring-{STAMP}", "2")):
        folder = tmp_path / name
        (folder / "releases" / release).mkdir(parents=True)
        (folder / "releases" / release / "page.html").write_text(release)
        (folder / "current").symlink_to(f"releases/{release}")
    return tmp_path / "overlay"


@pytest.fixture
def layered(monkeypatch):
    """What overlayfs does with a folder that a lower layer brings."""
    rename = Path.rename

    def refuse(self, target):
        if self.name == "overlay":
            raise OSError(errno.EXDEV, "Invalid cross-device link", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)


def in_place(folder: Path) -> str:
    return (folder / "current" / "page.html").read_text()


def beside(overlay: Path) -> list[str]:
    return sorted(path.name for path in overlay.parent.iterdir() if path != overlay)


def check(overlay: Path) -> None:
    kept = f"overlay.previous-{STAMP}"
    assert beside(overlay) == [kept]
    assert in_place(overlay) == "2"
    assert in_place(overlay.with_name(kept)) == "1"
    forget_previous(overlay)
    assert beside(overlay) == []


def test_the_restored_one_takes_its_place_and_it_is_kept(overlay):
    swap(overlay, STAMP)
    check(overlay)


def test_so_it_does_in_a_container(overlay, layered):
    swap(overlay, STAMP)
    check(overlay)


@pytest.mark.parametrize("dies_at", range(4))
def test_killed_meanwhile_it_is_finished_by_whoever_comes_next(
    overlay, layered, monkeypatch, dies_at
):
    left = dies_at

    def dying(act):
        def acts(*arguments, **options):
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return act(*arguments, **options)

        return acts

    with monkeypatch.context() as patch:
        for name in ("copytree", "rmtree"):
            patch.setattr(shutil, name, dying(getattr(shutil, name)))
        patch.setattr(Path, "rename", dying(Path.rename))
        with pytest.raises(KeyboardInterrupt):
            swap(overlay, STAMP)
    settle(overlay, lambda stamp: stamp == STAMP)
    check(overlay)
