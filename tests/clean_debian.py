"""A clean Debian root with python3, venv and make, to run things in as root or as a user."""

import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from droplets.debian import debian_base, pip_environment, reach_pypi
from droplets.overlay import Overlay
from droplets.running import running_folder

WANTED = "python3,python3-venv,make,ca-certificates"
MOUNTS = ("proc", "sys", "dev")
NETWORK = ("etc/resolv.conf", "etc/hosts")


class CleanDebian:
    """What runs in it sees the host's processes, network and package registry.

    A context manager: leaving it removes everything written.
    """

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            folder = stack.enter_context(running_folder())
            overlay = Overlay(folder, [debian_base("bookworm", WANTED)])
            overlay.mount()
            self.root = overlay.root
            for name in MOUNTS:
                subprocess.run(["mount", "--rbind", f"/{name}", self.root / name], check=True)
                subprocess.run(["mount", "--make-rslave", self.root / name], check=True)
            for name in NETWORK:
                shutil.copy(Path("/", name).resolve(), self.root / name)
            reach_pypi(self.root)
            self.inside("useradd", "--create-home", "someone")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_) -> None:
        self._stack.close()

    def inside(self, *command: str, user: str = "root", **options) -> str:
        """Run a command to its end and give what it printed."""
        return subprocess.run(
            self._chroot(user, command), check=True, text=True, capture_output=True, **options
        ).stdout

    def start(self, *command: str, user: str = "root", output) -> subprocess.Popen:
        """Start a command in a process group of its own."""
        return subprocess.Popen(
            self._chroot(user, command),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _chroot(self, user: str, command: tuple[str, ...]) -> list[str]:
        home = "/root" if user == "root" else f"/home/{user}"
        own = {"HOME": home, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        variables = [f"{key}={value}" for key, value in (pip_environment() | own).items()]
        return ["env", "-i", *variables, "chroot", f"--userspec={user}", self.root, *command]
