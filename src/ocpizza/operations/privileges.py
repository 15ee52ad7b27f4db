"""Root's rights: asked for where they are needed, given up everywhere else."""

import os
import pwd
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ocpizza.settings import SettingError

Result = TypeVar("Result")
Process = subprocess.Popen[bytes]


class NotRoot(RuntimeError):
    """A command that only root can do; the message says how to."""


def is_root() -> bool:
    return os.geteuid() == 0


def require_root(command: str) -> None:
    """Raises NotRoot for anybody else."""
    if not is_root():
        raise NotRoot(f"only root can do this: sudo ocpizza {command}")


def require_user(user: str) -> None:
    """Raises SettingError when there is no such user; an empty one is whoever asks."""
    if user:
        _entry(user)


def become(user: str) -> None:
    """Root becomes this system user for good; nothing where `user` is empty or we are not root.

    Raises SettingError when there is no such user.
    """
    if not user or 0 not in (os.getuid(), os.geteuid()):
        return
    # Who only acts as somebody could be root again: that ends here, too.
    os.seteuid(0)
    entry = _entry(user)
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ.update(HOME=entry.pw_dir, USER=user, LOGNAME=user)
    # The folder where root was may be closed to that user.
    os.chdir("/")


def run_as(user: str, function: Callable[..., Result], *arguments: object) -> Result:
    """Return what `function` gives when that user runs it, in a process of its own.

    Raises SettingError when there is no such user, and what `function` raises.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    require_user(user)
    with ProcessPoolExecutor(1, get_context("fork"), become, (user,)) as process:
        return process.submit(function, *arguments).result()


@contextmanager
def acting_as(user: str) -> Iterator[None]:
    """Root acts as this user meanwhile, and may be `root_again` in between; others stay themselves.

    Raises SettingError when there is no such user.
    """
    if not user or not is_root():
        yield
        return
    entry, home = _entry(user), os.environ.get("HOME", "/root")
    # Whoever acts as one of two in turn is in the groups of the first again afterwards.
    group, groups = os.getegid(), os.getgroups()
    os.environ["HOME"] = entry.pw_dir
    os.initgroups(user, entry.pw_gid)
    os.setegid(entry.pw_gid)
    os.seteuid(entry.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)
        os.environ["HOME"] = home


@contextmanager
def root_again() -> Iterator[None]:
    """Whoever acts as somebody is themselves meanwhile."""
    user, home = os.geteuid(), os.environ.get("HOME")
    os.seteuid(os.getuid())
    if os.getuid() != user:
        # What lies below the other's is not ours to obey.
        os.environ["HOME"] = pwd.getpwuid(os.getuid()).pw_dir
    try:
        yield
    finally:
        os.seteuid(user)
        if home is not None:
            os.environ["HOME"] = home


def start(command: Sequence[str | Path], **options: Any) -> Process:
    """Start a program of somebody's, who can never be more than we are now."""
    process: Process = subprocess.Popen(command, **options, **_for_good())  # noqa: S603  (no shell)
    return process


def run(command: Sequence[str | Path], **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run such a program to its end; what it says is text."""
    options |= {"capture_output": True, "text": True} | _for_good()
    done: subprocess.CompletedProcess[str]
    done = subprocess.run(command, **options)  # noqa: S603  (no shell)
    return done


def _for_good() -> dict[str, Any]:
    """Whom a program becomes: one that acts as somebody, as we may, could be root again.

    Shells even are at once, by themselves. Its groups it has from us: they are the user's already,
    and only root could set them.
    """
    if os.getuid() == os.geteuid():
        # Nobody else, and a unit of systemd may not even ask.
        return {}
    return {"user": os.geteuid(), "group": os.getegid()}


def _entry(user: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(user)
    except KeyError:
        raise SettingError(f"system.user = {user!r}: there is no such user here") from None
