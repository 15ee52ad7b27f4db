"""This version of the package and the next one, each in a signed repository, from the cache."""

import inspect
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from distribution.repack import REPACK, repack
from distribution.source import REPOSITORY, copy_source, source_digest
from distribution.tools import FROM_WHEELS, build_tools, wheels
from droplets import Droplet, new_droplet
from droplets.cache import cached_tree, digest

SOURCE, AGAIN = "/srv/build/ocpizza", "/var/tmp/elsewhere/again"
LATER = "/srv/build/later"
INSIDE = "/srv/apt"
# As Debian packs them takes longer than all else of a build: once is enough to weigh it.
QUICKLY = {"DPKG_DEB_COMPRESSOR_TYPE": "zstd", "DPKG_DEB_COMPRESSOR_LEVEL": "1"}
NEXT_MIGRATION = '''
"""A table of the next version, which tests upgrade to."""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade():
    op.create_table("of_the_next_version", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("of_the_next_version")
'''


@dataclass(frozen=True)
class Packages:
    """What was built: `first/` and, of the same source, `again/`; `current/` and `next/` are
    repositories, the latter with both versions."""

    tree: Path

    @property
    def current(self) -> str:
        """The version of this source."""
        return read_version()

    @property
    def next(self) -> str:
        """The version after it, with one more migration."""
        return next_version()

    def deb(self, folder: str) -> Path:
        """The only package in a folder of the tree."""
        (deb,) = (self.tree / folder).glob("ocpizza_*.deb")
        return deb


def built_packages(release: str) -> Packages:
    """Build for a release what was not built of this very source before."""
    made_by = (inspect.getsource(sys.modules[__name__]), REPACK)
    made_of = digest(source_digest(), *made_by)
    return Packages(cached_tree(f"packages-{release}", made_of, lambda tree: _build(release, tree)))


def read_version() -> str:
    """The version at the top of the changelog."""
    changelog = (REPOSITORY / "debian/changelog").read_text()
    return re.match(r"ocpizza \((\S+)\)", changelog)[1]


def next_version() -> str:
    """The one after it."""
    *first, last = read_version().split(".")
    return ".".join([*first, str(int(last) + 1)])


def head_revision() -> str:
    """The newest migration of this source."""
    return max(file.name[:4] for file in (REPOSITORY / "alembic/versions").glob("[0-9]*.py"))


def _build(release: str, tree: Path) -> None:
    """Build what differs, and make the other version of it: bookworm's next, trixie's current."""
    bookworm = release == "bookworm"
    places = {SOURCE: _make, AGAIN: _make_again} if bookworm else {SOURCE: _make_next}
    versions = (read_version(), next_version()) if bookworm else (next_version(), read_version())
    of_next = {"schema": "next", "migration": _next_migration()}
    other = of_next if bookworm else {"schema": head_revision()}
    with new_droplet(release, build_tools(), wheels()) as droplet:
        with ThreadPoolExecutor() as pool:
            for made in [pool.submit(make, droplet, place) for place, make in places.items()]:
                made.result()
        for place, folder in ((SOURCE, "first"), (AGAIN, "again")):
            if bookworm:
                droplet.copy_out(f"{place}/dist", tree / folder)
        repack(droplet, SOURCE, *versions, **other)
        # The repository with both comes last: apt takes none that is older than what it knows.
        droplet.shell(f"mkdir {LATER}; mv {SOURCE}/dist/ocpizza_{next_version()}* {LATER}")
        _make_repository(droplet, tree / "current")
        droplet.shell(f"mv {LATER}/* {SOURCE}/dist")
        _make_repository(droplet, tree / "next")


def _make(droplet: Droplet, place: str) -> None:
    _bring_source(droplet, place)
    _run_make(droplet, place, "deb")


def _make_again(droplet: Droplet, place: str) -> None:
    _bring_source(droplet, place)
    _run_make(droplet, place, "deb", env=QUICKLY)


def _make_next(droplet: Droplet, place: str) -> None:
    _bring_source(droplet, place)
    droplet.write(f"{place}/alembic/versions/next.py", _next_migration())
    _run_make(droplet, place, "deb", f"VERSION={next_version()}", env=QUICKLY)


def _next_migration() -> str:
    return NEXT_MIGRATION.format(head=head_revision()).lstrip()


def _bring_source(droplet: Droplet, place: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy_source(Path(folder))
        droplet.copy_in(Path(folder), place)


def _make_repository(droplet: Droplet, target: Path) -> None:
    _run_make(droplet, SOURCE, "apt-repo")
    droplet.copy_out(f"{SOURCE}/dist/apt", target)


def _run_make(
    droplet: Droplet, place: str, *arguments: str, env: dict[str, str] | None = None
) -> None:
    variables = {"APT_URL": f"file:{INSIDE}/"} | FROM_WHEELS | (env or {})
    droplet.run("make", "-C", place, *arguments, env=variables, timeout=900)
