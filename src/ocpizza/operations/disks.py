"""The disks that the shop is written on, and the room that is left there."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Where Debian's is, if it is on this machine; and the system's logs.
POSTGRESQL = Path("/var/lib/postgresql")
MOUNTS = Path("/proc/self/mountinfo")
OTHERS = (POSTGRESQL, Path("/var/log"))
MIN_FREE_PERCENT = 5
GIB = 2**30


@dataclass(frozen=True)
class Disk:
    """One file system by a folder that is on it; what is left of it, in bytes and in percent."""

    folder: Path
    free: int
    total: int
    # The lesser one of room and of names for files: either can run out.
    free_percent: int
    # Not even root can write there, as after an error of the device.
    read_only: bool = False

    @property
    def well(self) -> bool:
        """Whether there is room for another while."""
        return self.free_percent >= MIN_FREE_PERCENT and not self.read_only

    def __str__(self) -> str:
        free, total = self.free / GIB, self.total / GIB
        return f"{self.folder}: {free:.1f} GiB free of {total:.1f} ({self.free_percent} %)"


def disks(folders: Iterable[Path]) -> list[Disk]:
    """Return each file system that these folders, or the next above them that exist, are on."""
    found: dict[int, Disk] = {}
    for disk in map(look, folders):
        found.setdefault(device_of(disk.folder), disk)
    return list(found.values())


def look(folder: Path) -> Disk:
    """Return the file system that a folder, or the next above it that exists, is on."""
    folder = _existing(folder)
    stat = os.statvfs(folder)
    free, total = stat.f_bavail * stat.f_frsize, stat.f_blocks * stat.f_frsize
    percents = [100 * free // total if total else 0]
    # Some file systems have as many as they like, and say none.
    if stat.f_files:
        percents.append(100 * stat.f_favail // stat.f_files)
    return Disk(folder, free, total, min(percents), _is_read_only(folder))


def device_of(folder: Path) -> int:
    """Return what tells one file system from another."""
    return folder.stat().st_dev


def _is_read_only(folder: Path) -> bool:
    """Whether the file system is, for everybody: a service may be kept from one that is not."""
    device = device_of(folder)
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in MOUNTS.read_text(errors="surrogateescape").splitlines():
        mount, _, system = line.partition(" - ")
        if mount.split()[2] == number:
            return "ro" in system.split()[-1].split(",")
    return False


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
