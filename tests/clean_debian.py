"""A clean Debian root with python3, venv and make, to run things in as root or as a user."""

import os
import shutil
import subprocess
from pathlib import Path

SOURCES = Path("/etc/apt/sources.list.d/debian.sources")
CA_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", "/var/cache")) / "ocpizza-tests"
WANTED = "python3,python3-venv,make,ca-certificates"
MOUNTS = ("proc", "sys", "dev")


def base_archive() -> Path:
    """The root as an archive, made once a machine and kept outside the clone."""
    archive = CACHE / "bookworm-python.tar"
    if not archive.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = archive.with_suffix(f".{os.getpid()}.tar")
        command = ["mmdebstrap", "--quiet", "--variant=minbase", "--mode=root"]
        command += [f"--include={WANTED}", "--dpkgopt=force-unsafe-io", "bookworm", str(fresh)]
        if SOURCES.exists():
            command.append(str(SOURCES))
        subprocess.run(command, check=True)
        fresh.rename(archive)
    return archive


class CleanDebian:
    """A root unpacked at `root`; what runs in it sees the host's network and package registry."""

    def __init__(self, root: Path):
        self.root = root
        subprocess.run(["tar", "xf", base_archive(), "-C", root], check=True)
        for name in MOUNTS:
            subprocess.run(["mount", "--rbind", f"/{name}", root / name], check=True)
            subprocess.run(["mount", "--make-rslave", root / name], check=True)
        for file in (
            Path("/etc/resolv.conf"),
            Path("/etc/hosts"),
            Path("/etc/pip.conf"),
            CA_BUNDLE,
        ):
            if file.exists():
                shutil.copy(file.resolve(), root / file.relative_to("/"))
        self.inside("useradd", "--create-home", "someone")

    def inside(self, *command: str, user: str = "root", **options) -> subprocess.Popen | str:
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

    def remove(self) -> None:
        """Unmount and delete."""
        for name in MOUNTS:
            subprocess.run(["umount", "--recursive", "--lazy", self.root / name], check=True)
        shutil.rmtree(self.root)

    def _chroot(self, user: str, command: tuple[str, ...]) -> list[str]:
        home = "/root" if user == "root" else f"/home/{user}"
        passed = {key: value for key, value in os.environ.items() if key.startswith("PIP_")}
        passed |= {"HOME": home, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        variables = [f"{key}={value}" for key, value in passed.items()]
        return ["env", "-i", *variables, "chroot", f"--userspec={user}", self.root, *command]
