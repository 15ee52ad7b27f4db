"""Layers with everything that building the package needs."""

from distribution.source import REPOSITORY
from droplets import Droplet, Layer
from droplets.debian import pip_environment

TOOLS = ("make", "dpkg-dev", "gpg", "gpg-agent", "apt-utils")
WHEELS = "/srv/wheels"
FETCH = f"""
python3 -m venv --clear /tmp/fetch
/tmp/fetch/bin/pip download --quiet --no-deps --require-hashes --only-binary :all: \
    --dest {WHEELS} --requirement /dev/stdin
rm -r /tmp/fetch
"""
# A build on top of both layers takes every wheel from there; hashes are checked as ever.
FROM_WHEELS = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": WHEELS}


def build_tools() -> Layer:
    """The Debian packages that building needs."""
    control = (REPOSITORY / "debian/control").read_text()

    def prepare(droplet: Droplet) -> None:
        droplet.write("/srv/tools/debian/control", control)
        droplet.apt("install", "--no-install-recommends", *TOOLS)
        droplet.apt("build-dep", "--no-install-recommends", "/srv/tools")

    return Layer("build-tools", prepare, control + str(TOOLS))


def wheels() -> Layer:
    """What the shop needs of PyPI, as locked: fetched once, not for every change of ours."""
    locked = (REPOSITORY / "requirements/run.txt").read_text()

    def prepare(droplet: Droplet) -> None:
        droplet.shell(FETCH, input=locked, env=pip_environment())

    return Layer("wheels", prepare, locked + FETCH)
