"""Root's rights: asked for where they are needed, given up everywhere else."""

import os
import pwd
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ocpizza.settings import SettingError

Result = TypeVar("Result")


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
    if not user or not is_root():
        return
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
    entry, groups, home = _entry(user), os.getgroups(), os.environ.get("HOME", "/root")
    os.environ["HOME"] = entry.pw_dir
    os.initgroups(user, entry.pw_gid)
    os.setegid(entry.pw_gid)
    os.seteuid(entry.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)
        os.environ["HOME"] = home


@contextmanager
def root_again() -> Iterator[None]:
    """Whoever acts as somebody is themselves meanwhile."""
    user = os.geteuid()
    os.seteuid(os.getuid())
    try:
        yield
    finally:
        os.seteuid(user)


def _entry(user: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(user)
    except KeyError:
        raise SettingError(f"system.user = {user!r}: there is no such user here") from None
