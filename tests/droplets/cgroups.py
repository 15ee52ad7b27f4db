"""A cgroup of a droplet's own, in each hierarchy that systemd uses."""

import os
import signal
from pathlib import Path

from droplets.waiting import wait_until


def hierarchies() -> list[Path]:
    """Where systemd's own hierarchy and that of version 2 are mounted; often they are one."""
    found: dict[str, Path] = {}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        place, _, filesystem = line.partition(" - ")
        kind, _, options = filesystem.split(" ", 2)
        if kind == "cgroup2" or (kind == "cgroup" and "name=systemd" in options):
            _, _, device, _, folder, *_ = place.split()
            # A root that shows the host's /sys has every hierarchy mounted once more.
            found.setdefault(device, Path(folder))
    return list(found.values())


class Cgroup:
    """`name` below the top of every hierarchy."""

    def __init__(self, name: str) -> None:
        self.folders = [hierarchy / name for hierarchy in hierarchies()]

    def make(self) -> None:
        """Make it, empty."""
        for folder in self.folders:
            folder.mkdir()

    def entering(self) -> list[str]:
        """The beginning of a command that enters it and then becomes the rest of the command."""
        script = 'for folder in $CGROUPS; do echo $$ > "$folder/cgroup.procs"; done; exec "$@"'
        folders = " ".join(map(str, self.folders))
        return ["env", f"CGROUPS={folders}", "sh", "-ec", script, "sh"]

    def remove(self) -> None:
        """End what still runs in it and remove it; nothing happens where there is none."""
        wait_until(self._removed, 60, f"removal of {self.folders}")

    def _removed(self) -> bool:
        for folder in self.folders:
            for pid in _processes(folder):
                _kill(pid)
            for inner in _innermost_first(folder):
                _remove_folder(inner)
        return not any(folder.exists() for folder in self.folders)


def _innermost_first(folder: Path) -> list[Path]:
    return [Path(name) for name, _, _ in os.walk(folder, topdown=False)]


def _processes(folder: Path) -> list[int]:
    lists = [inner / "cgroup.procs" for inner in _innermost_first(folder)]
    return [int(pid) for file in lists if file.exists() for pid in file.read_text().split()]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _remove_folder(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:  # somebody in it has not ended yet
        return
