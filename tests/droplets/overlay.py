"""A writable view of folders that stay as they are."""

import shutil
import subprocess
from pathlib import Path

from droplets.waiting import wait_until


class Overlay:
    """`root` shows `lowers` (topmost first); what is written lands in `upper`. All in `folder`."""

    def __init__(self, folder: Path, lowers: list[Path]) -> None:
        self.folder, self.lowers = folder, lowers
        self.root, self.upper, self._work = (folder / name for name in ("root", "upper", "work"))
        for made in (self.root, self.upper, self._work):
            made.mkdir()

    def mount(self) -> None:
        """Show it; a droplet does not outlive a power cut, so nothing waits for the disk."""
        lowers = ":".join(map(str, self.lowers))
        layers = f"lowerdir={lowers},upperdir={self.upper},workdir={self._work}"
        command = ["mount", "-t", "overlay", "-o", f"{layers},volatile", "overlay", self.root]
        subprocess.run(command, check=True)


def unmount_below(folder: Path) -> None:
    """Unmount everything mounted in `folder`, innermost first."""

    def unmounted() -> bool:
        for point in reversed(mounts_below(folder)):
            subprocess.run(["umount", point], check=False, capture_output=True)
        return not mounts_below(folder)

    wait_until(unmounted, 60, f"nothing mounted below {folder}")


def remove_mounted(folder: Path) -> None:
    """Unmount what is in `folder` and delete it."""
    unmount_below(folder)
    shutil.rmtree(folder)


def mounts_below(folder: Path) -> list[Path]:
    """Mount points in `folder`, in the order of mounting."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    points = (Path(line.split()[4]) for line in lines)
    return [point for point in points if point.is_relative_to(folder)]
