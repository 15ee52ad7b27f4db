"""systemd-nspawn: systemd as PID 1 of a root, without a systemd on the host."""

import os
import signal
import subprocess
from pathlib import Path

from droplets.cgroups import Cgroup
from droplets.network import Network
from droplets.waiting import wait_until

SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SHUT_DOWN = signal.SIGRTMIN + 4
BOOT_SECONDS = 60
BOOTED = ("running", "degraded", "maintenance")


class BootFailed(Exception):
    """systemd did not come up, or units of it did not; the text names them."""


class Machine:
    """One boot after another of the system in `root`; what PID 1 says goes to `log`."""

    def __init__(self, name: str, root: Path, network: Network, cgroup: Cgroup, log: Path):
        self.name, self.root, self.log = name, root, log
        self.network, self.cgroup = network, cgroup
        self.leader = 0
        self._nspawn: subprocess.Popen | None = None

    def boot(self) -> None:
        """Start it and wait until every unit is up.

        Raises BootFailed with the failed units' names.
        """
        with self.log.open("ab") as log:
            self._nspawn = subprocess.Popen(
                [*self.cgroup.entering(), *self._command()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.leader = wait_until(self._find_leader, 60, "systemd as PID 1")
        state = wait_until(self._state, BOOT_SECONDS, "end of the boot")
        if state != "running":
            failed = self._inside("systemctl", "--failed", "--plain", "--no-legend")
            raise BootFailed(f"{self.name} is {state}: {failed}")

    def reboot(self) -> None:
        """Shut it down in good order and boot it again."""
        self.power_off()
        self.boot()

    def power_off(self) -> None:
        """Shut it down in good order."""
        os.kill(self.leader, SHUT_DOWN)
        self._ended(60)

    def kill(self) -> None:
        """End it at once, as a power cut does; nothing happens to one that is off."""
        if self._nspawn is None:
            return
        if self._nspawn.poll() is None:
            # PID 1 takes everything inside along; nspawn then cleans up after itself.
            os.kill(self._find_leader() or self._nspawn.pid, signal.SIGKILL)
        self._ended(20)

    def command(self, command: tuple[str, ...], env: dict[str, str]) -> list[str]:
        """The command that runs `command` inside, as root, with a bare environment and `env`."""
        variables = {"PATH": SEARCH_PATH, "LANG": "C.UTF-8", "HOME": "/root"} | env
        settings = [f"{key}={value}" for key, value in variables.items()]
        return ["nsenter", "-t", str(self.leader), "-a", "env", "-i", *settings, *command]

    def _ended(self, seconds: float) -> None:
        self._nspawn.wait(seconds)
        self._nspawn, self.leader = None, 0

    def _command(self) -> list[str]:
        settings = {
            "PATH": SEARCH_PATH,
            "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1",
            "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "network",
        }
        environment = ["env", "-i", *(f"{key}={value}" for key, value in settings.items())]
        own = [f"--machine={self.name}", f"--network-namespace-path={self.network.path}"]
        # Nobody to register with where the host's PID 1 is not systemd.
        alone = ["--register=no", "--keep-unit", "--resolv-conf=off", "--timezone=off"]
        options = [
            "--quiet",
            "--boot",
            "--console=pipe",
            "--capability=CAP_NET_ADMIN",
            *own,
            *alone,
        ]
        return [*environment, "systemd-nspawn", "-D", str(self.root), *options]

    def _find_leader(self) -> int:
        """The host's number of PID 1 inside, or 0 until it is systemd."""
        self._must_run()
        parent = self._nspawn.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return next((int(pid) for pid in children if _is_systemd(pid)), 0)

    def _state(self) -> str:
        self._must_run()
        state = self._inside("systemctl", "is-system-running", "--wait")
        return state if state in BOOTED else ""

    def _must_run(self) -> None:
        if self._nspawn.poll() is not None:
            raise BootFailed(f"{self.name} ended: {self.log.read_text(errors='replace')}")

    def _inside(self, *command: str) -> str:
        ran = subprocess.run(
            self.command(command, {}), text=True, capture_output=True, timeout=BOOT_SECONDS
        )
        return ran.stdout.strip()


def _is_systemd(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/exe").readlink().name == "systemd"
    except OSError:  # not there any more, or not yet
        return False
