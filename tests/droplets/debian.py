"""Debian roots made by mmdebstrap, with this host's mirrors and its way to reach them."""

import inspect
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from droplets.cache import cached_tree

SOURCES = Path("/etc/apt/sources.list.d/debian.sources")
CA_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
PIP_SETTINGS = Path("/etc/pip.conf")
# How apt reaches its mirrors; the rest of the host's settings is its own affair.
TRANSPORT = re.compile(r"Acquire::(https?::|Check-|Retries).* \".+\";")
SUITE = re.compile(r"\b(bookworm|trixie)\b")


def debian_base(release: str, packages: str) -> Path:
    """The root of a Debian `release` with `packages` (separated by commas), from the cache."""
    options = ["--variant=minbase", "--mode=root", "--dpkgopt=force-unsafe-io"]
    options += [f"--include={packages}"]
    made_of = [release, *options, _transport(), _sources(release), _code()]

    def make(root: Path) -> None:
        settings = root.with_suffix(".apt")
        settings.write_text(_transport())
        command = ["mmdebstrap", "--quiet", *options, f"--aptopt={settings}", release, root, "-"]
        subprocess.run(command, input=_sources(release), text=True, check=True)
        settings.unlink()

    return cached_tree(f"debian-{release}", "\n".join(made_of), make)


def reach_pypi(root: Path) -> None:
    """Let pip inside `root` find PyPI as the host's does."""
    for file in (PIP_SETTINGS, CA_BUNDLE):
        if file.exists():
            inside = root / file.relative_to("/")
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, inside)


def pip_environment() -> dict[str, str]:
    """The variables by which the host's pip finds PyPI, less those that name its own folders."""
    local = ("PIP_FIND_LINKS", "PIP_CONSTRAINT", "PIP_CONFIG_FILE", "PIP_CACHE_DIR")
    return {k: v for k, v in os.environ.items() if k.startswith("PIP_") and k not in local}


def _sources(release: str) -> str:
    """This host's mirrors, for another release; Debian's own where the host has no such file."""
    if SOURCES.exists():
        return SUITE.sub(release, SOURCES.read_text())
    signed = "Components: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
    main = f"URIs: http://deb.debian.org/debian\nSuites: {release} {release}-updates\n"
    security = f"URIs: http://deb.debian.org/debian-security\nSuites: {release}-security\n"
    return f"Types: deb\n{main}{signed}\nTypes: deb\n{security}{signed}"


def _transport() -> str:
    dump = subprocess.run(["apt-config", "dump"], check=True, text=True, capture_output=True)
    return "".join(f"{line}\n" for line in dump.stdout.splitlines() if TRANSPORT.match(line))


def _code() -> str:
    return inspect.getsource(sys.modules[__name__])
