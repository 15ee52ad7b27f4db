"""Broken states, really made, and the machine's programs where they cannot be."""

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from ocpizza.operations import systemd

Disk = Callable[..., AbstractContextManager[Path]]


@pytest.fixture
def disk(tmp_path) -> Disk:
    """A disk of its own for a while: `with disk("log") as folder`, full or only read."""

    @contextmanager
    def mounted(name: str, *, size="1m", full=False, locked=False, below=tmp_path):
        folder = below / name
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
        try:
            if full:
                fill(folder)
            if locked:
                subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
            yield folder
        finally:
            subprocess.run(["umount", "-l", folder], check=True)
            folder.rmdir()

    return mounted


def fill(folder: Path) -> None:
    """Write until there is no room left."""
    with (folder / "filling").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(2**16))
        except OSError:
            pass


@pytest.fixture
def systemctl(tmp_path, monkeypatch) -> Path:
    """Where systemd runs, with programs that say what is in files of this folder.

    `systemctl show … UNIT` says what is in the file UNIT, and the others what is in theirs.
    """
    folder = tmp_path / "machine"
    folder.mkdir()
    for name, words in {
        "systemctl": 'for unit; do :; done; cat "$unit" 2>/dev/null || echo ActiveState=active',
        "timedatectl": "cat clock",
        "systemd-detect-virt": "cat container 2>/dev/null || echo none",
    }.items():
        (folder / name).write_text(f"#!/bin/sh\ncd {folder}\n{words}\n")
        (folder / name).chmod(0o755)
    (folder / "clock").write_text("yes\n")
    monkeypatch.setenv("PATH", f"{folder}:/usr/sbin:/usr/bin:/sbin:/bin")
    monkeypatch.setattr(systemd, "RUNNING", folder)
    return folder
