"""What Debian's own checkers say about the packages and the units."""

import re
import subprocess
from pathlib import Path

import pytest

from distribution.build import next_version, read_version
from distribution.install import offer
from droplets import Layer, new_droplet
from droplets.debian import debian_base
from droplets.layers import PACKAGES

REMARK = re.compile(r"^[EWP]: .*", re.M)
MAX_EXPOSED = 1.5
CHROOT = "/srv/clean"
WITH_LINTIAN = Layer("lintian", lambda droplet: droplet.apt("install", "lintian"))
WITH_PIUPARTS = Layer("piuparts", lambda droplet: droplet.apt("install", "piuparts"))


def units(droplet) -> list[str]:
    """Our units, by the files that the package brings."""
    listed = droplet.output("dpkg", "-L", "ocpizza").splitlines()
    return [path for path in listed if re.search(r"/systemd/system/ocpizza[^/]*$", path)]


def test_lintian_has_nothing_to_say(packages):
    with new_droplet("bookworm", WITH_LINTIAN) as droplet:
        droplet.copy_in(packages.deb("first"), "/srv/ocpizza.deb")
        said = droplet.run(
            "lintian", "--pedantic", "--allow-root", "--no-cfg", "/srv/ocpizza.deb", check=False
        )
        assert REMARK.findall(said.stdout) == []
        assert said.returncode == 0, said.stderr


def test_piuparts_installs_and_purges_without_a_trace(packages):
    with new_droplet("bookworm", WITH_PIUPARTS) as droplet:
        offer(droplet, packages)
        droplet.copy_in(packages.deb("first"), "/srv/ocpizza.deb")
        # With systemd, which leaves traces of its own were it installed only for ours.
        droplet.copy_in(debian_base("bookworm", PACKAGES), CHROOT)
        # In its own folder, because devices do not work in a container's /tmp.
        options = ("--existing-chroot", CHROOT, "--tmpdir", "/srv", "--no-eatmydata")
        droplet.run("piuparts", *options, "-d", "bookworm", "/srv/ocpizza.deb", timeout=600)


def test_the_units_are_without_fault(untouched):
    for unit in [*units(untouched), "gunicorn.service"]:
        said = untouched.run("systemd-analyze", "verify", "--man=no", unit)
        assert said.stdout + said.stderr == "", unit


def test_the_services_are_hardly_exposed(untouched):
    services = [path.rsplit("/")[-1] for path in units(untouched) if path.endswith(".service")]
    assert services != []
    for service in services:
        rated = untouched.output("systemd-analyze", "security", "--no-pager", service)
        assert float(re.search(r": (\d+\.\d) \S+ \S+$", rated)[1]) <= MAX_EXPOSED, rated


def unpacked(deb: Path, part: str) -> bytes:
    """A part of a package as it was before it was compressed."""
    return subprocess.run(["dpkg-deb", part, deb], check=True, capture_output=True).stdout


def heads(deb: Path) -> list[bytes]:
    """Of each part its age, owner and rights, as the archive notes them."""
    archive, at, found = deb.read_bytes(), 8, []
    while at < len(archive):
        head = archive[at : at + 60]
        found.append(head[16:48])
        size = int(head[48:58])
        at += 60 + size + size % 2
    return found


def test_the_same_source_gives_the_same_package(packages):
    """Byte for byte; the second is packed quickly, for xz takes as long as all else."""
    first, again = packages.deb("first"), packages.deb("again")
    for part in ("--fsys-tarfile", "--ctrl-tarfile"):
        assert unpacked(first, part) == unpacked(again, part)
    assert heads(first) == heads(again)
    assert len(heads(first)) == 3


def test_no_file_tells_where_it_was_built(untouched):
    told = untouched.run("grep", "-rlE", "/srv/build|/tmp/tmp\\.", "/usr/lib/ocpizza", check=False)
    assert told.stdout == ""


def test_the_package_is_small(packages, untouched):
    # Photos brought 2 MB (Pillow, what it decodes with), streams half a one (aiohttp).
    assert packages.deb("first").stat().st_size < 13_000_000
    installed = int(untouched.output("dpkg-query", "-W", "-f", "${Installed-Size}", "ocpizza"))
    assert installed < 70_000  # KiB


@pytest.mark.parametrize("repository", ["current", "next"])
def test_apt_refuses_a_repository_that_was_tampered_with(droplet, packages, repository):
    offer(droplet, packages, repository)
    version = {"current": read_version(), "next": next_version()}[repository]
    assert f"Candidate: {version}" in droplet.output("apt-cache", "policy", "ocpizza")
    droplet.shell("sed -i 's/^Version: .*/Version: 99/' /srv/apt/dists/*/main/*/Packages")
    droplet.shell("rm /srv/apt/dists/*/main/*/Packages.gz /var/lib/apt/lists/_srv_apt_*")
    refused = droplet.run("apt-get", "update", check=False)
    assert "Hash Sum mismatch" in refused.stderr or "unexpected size" in refused.stderr
    assert "Version: 99" not in droplet.run("apt-cache", "show", "ocpizza", check=False).stdout
