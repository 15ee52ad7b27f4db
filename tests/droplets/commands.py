"""Running commands in a droplet and moving files into and out of it."""

import subprocess
from pathlib import Path

from droplets.machine import Machine

LAST_LINES = 60
QUIET_APT = ("--yes", "--quiet=2", "--option=Dpkg::Use-Pty=0")


class CommandFailed(subprocess.CalledProcessError):
    """A command inside ended with another status than 0; the text has the end of its output."""

    def __str__(self) -> str:
        printed = [*self.stdout.splitlines()[-LAST_LINES:], *self.stderr.splitlines()[-LAST_LINES:]]
        return "\n".join([super().__str__(), *printed])


class Commands:
    """What root does at the droplet's console."""

    machine: Machine

    def run(
        self,
        *command: str,
        check: bool = True,
        input: str | None = None,
        env: dict[str, str] | None = None,
        timeout: float = 300,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, with `input` or nothing to read.

        Raises CommandFailed if it fails, unless `check` is false.
        """
        ran = subprocess.run(
            self.machine.command(command, env or {}),
            input=input or "",
            text=True,
            capture_output=True,
            timeout=timeout,
        )
        if check and ran.returncode:
            raise CommandFailed(ran.returncode, command, ran.stdout, ran.stderr)
        return ran

    def output(self, *command: str, **options) -> str:
        """What a command that must succeed prints to its standard output, stripped."""
        return self.run(*command, **options).stdout.strip()

    def shell(self, script: str, **options) -> subprocess.CompletedProcess[str]:
        """Run a shell script, ended by the first command that fails."""
        return self.run("sh", "-euc", script, **options)

    def spawn(self, *command: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a command and go on; its two outputs are one pipe. It ends with the droplet."""
        return subprocess.Popen(
            self.machine.command(command, env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def apt(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        """Run apt-get, saying yes, with nobody there to answer any other question."""
        env = {"DEBIAN_FRONTEND": "noninteractive"} | options.pop("env", {})
        return self.run("apt-get", *QUIET_APT, *arguments, env=env, **options)

    def read(self, path: str) -> str:
        """The text of a file."""
        return self.run("cat", path).stdout

    def write(self, path: str, text: str, mode: str = "644") -> None:
        """Make or replace a file of root's, and the folders that it needs."""
        self.run("install", "-D", "-m", mode, "/dev/stdin", path, input=text)

    def copy_in(self, source: Path, target: str) -> None:
        """Copy a file, or what a folder holds, from the host; all of it is then root's."""
        if source.is_dir():
            self.run("mkdir", "-p", target)
            pack = ["tar", "c", "-C", source, "."]
        else:
            self.run("mkdir", "-p", str(Path(target).parent))
            name = f"--transform=s|.*|{Path(target).name}|"
            pack = ["tar", "c", name, "-C", source.parent, source.name]
            target = str(Path(target).parent)
        unpack = self.machine.command(("tar", "x", "--no-same-owner", "-C", target), {})
        packed = subprocess.run(pack, check=True, capture_output=True).stdout
        subprocess.run(unpack, input=packed, check=True)

    def copy_out(self, folder: str, target: Path) -> None:
        """Copy what a folder holds into a folder of the host, which is made."""
        target.mkdir(parents=True)
        pack = self.machine.command(("tar", "c", "-C", folder, "."), {})
        packed = subprocess.run(pack, check=True, capture_output=True).stdout
        subprocess.run(["tar", "x", "--no-same-owner", "-C", target], input=packed, check=True)
