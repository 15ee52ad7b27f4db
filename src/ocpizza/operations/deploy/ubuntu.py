"""Step 1: the system underneath, be it Ubuntu or Debian."""

import grp
import os
import pwd
import shutil
from pathlib import Path

from ocpizza.operations.deploy.host import Event, Failed, Host
from ocpizza.operations.privileges import is_root

# Program → Debian package.
NEEDED = {"nginx": "nginx", "runuser": "util-linux", "ss": "iproute2"}
FIREWALL_PROFILE = "ocpizza"


def system_user_present(host: Host) -> None:
    """The user that the service runs as."""
    if not host.user:
        return
    try:
        pwd.getpwnam(host.user)
    except KeyError:
        raise Failed(
            f"there is no user {host.user}; apt install --reinstall ocpizza makes it"
        ) from None


def packages_present(host: Host) -> None:
    """The programs that the other steps call."""
    missing = [
        package for name, package in NEEDED.items() if not shutil.which(name, path=host.path)
    ]
    if missing:
        raise Failed(f"missing packages: apt install {' '.join(missing)}")


def folders_present(host: Host) -> None:
    """The folders of the service; others may pass through its state, to reach static files."""
    folders = host.settings
    _folder(folders["folders.state"], host.user, host.user, 0o751)
    _folder(folders["folders.static"], host.user, host.user, 0o755)
    _folder(folders["folders.logs"], "root", "adm", 0o750)


def settings_private(host: Host) -> None:
    """Settings may hold a password: for root, and for the service to read."""
    if host.user:
        _own(host.config, "root", host.user, 0o640)


def firewall_open(host: Host) -> str | None:
    """Where ufw is active it lets visitors in; it is never switched on."""
    if not shutil.which("ufw", path=host.path):
        return "ufw is not installed"
    if "Status: active" not in host.run("ufw", "status"):
        return "ufw is not active"
    host.run("ufw", "allow", FIREWALL_PROFILE)
    return None


def _folder(path: Path, user: str, group: str, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    _own(path, user, group, mode)


def _own(path: Path, user: str, group: str, mode: int) -> None:
    # By descriptor: a link that the service's user put in its place is not followed.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        if user and is_root():
            os.fchown(descriptor, pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid)
        os.fchmod(descriptor, mode)
    finally:
        os.close(descriptor)


EVENTS: tuple[Event, ...] = (
    system_user_present,
    packages_present,
    folders_present,
    settings_private,
    firewall_open,
)
