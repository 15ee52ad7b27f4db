"""The machine that is deployed to: its settings, its folders, its programs."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

from ocpizza.operations.privileges import run
from ocpizza.settings import Settings

LATER = "left for later, systemd is not running: ocpizza deploy, once the system has started"
# No step is waited for without end: systemd itself gives a service up long before.
PATIENCE = 600  # seconds
# Debian's programs in English, wherever root's PATH leads.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}

# Nothing but the virtual environment: no module from the current folder or of root's own.
PYTHON = (sys.executable, "-I")


class Failed(Exception):
    """An event that did not succeed; the arguments are the lines that say why and what to do."""


class Waiting(Failed):
    """There is no database yet: what is missing is not ours to install."""


@dataclass(frozen=True)
class Host:
    """What events work on. The folders are Debian's; tests have their own."""

    settings: Settings
    config: Path
    nginx: Path = Path("/etc/nginx")
    systemd: Path = Path("/run/systemd/system")
    path: str = ENVIRONMENT["PATH"]

    @property
    def user(self) -> str:
        """The service's user, empty where everything runs as whoever runs it."""
        user: str = self.settings["system.user"]
        return user

    @property
    def runs_systemd(self) -> bool:
        """Whether units can be started: not in a chroot or while an image is built."""
        return self.systemd.is_dir()

    def remembers(self, what: str) -> bool:
        """Whether an earlier deployment did this, which is done once."""
        return self._mark(what).exists()

    def remember(self, what: str) -> None:
        """Note that this was done, so that whoever undoes it by hand is obeyed from now on."""
        # Exclusive creation follows no link: the folder belongs to the service's user.
        self._mark(what).touch(0o644, exist_ok=False)

    def forget(self, what: str) -> None:
        """The next deployment does it anew."""
        self._mark(what).unlink(missing_ok=True)

    def _mark(self, what: str) -> Path:
        folder: Path = self.settings["folders.state"]
        return folder / f".{what}"

    def run(self, *command: str, stdin: str = "") -> str:
        """What a program printed. Raises Failed with what it complained about."""
        result = self.attempt(*command, stdin=stdin)
        if result.returncode:
            said = (result.stderr or result.stdout).strip().splitlines()
            raise Failed(f"{command[0]} ended with status {result.returncode}", *said[-12:])
        return result.stdout

    def attempt(
        self, *command: str, stdin: str = "", timeout: float | None = PATIENCE
    ) -> CompletedProcess[str]:
        """Run a program that may fail. Raises Failed where it is not installed, or never ends.

        Without a `timeout` it is waited for as long as it takes.
        """
        ours = {name: value for name, value in os.environ.items() if name.startswith("OCPIZZA_")}
        environment = ENVIRONMENT | {"PATH": self.path} | ours
        try:
            return run(command, input=stdin, env=environment, cwd="/", timeout=timeout)
        except FileNotFoundError as error:
            raise Failed(f"{command[0]} is not installed") from error
        except TimeoutExpired as error:
            raise Failed(f"it did not end within {timeout:.0f} seconds") from error

    def ocpizza(self, *arguments: str, timeout: float | None = PATIENCE) -> str:
        """What a command of ours printed; it becomes the service's user by itself."""
        command = (*PYTHON, "-m", "ocpizza.cli", "--config", str(self.config), *arguments)
        result = self.attempt(*command, timeout=timeout)
        if result.returncode:
            said = result.stderr.strip().removeprefix("Error: ").splitlines()
            ended = _how_it_ended(result.returncode)
            raise Failed(f"ocpizza {' '.join(arguments)}", *(said[-12:] or [ended]))
        return result.stdout


def _how_it_ended(status: int) -> str:
    """Return what there is to say of a program that said nothing itself."""
    if status == -signal.SIGKILL:
        return "it was killed: journalctl -k says whether memory ran out"
    return f"it was ended by signal {-status}" if status < 0 else f"it ended with status {status}"


Event = Callable[[Host], str | None]
