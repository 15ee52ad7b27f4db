"""Hosts that are not as one would wish: one is told why, and `ocpizza deploy` finishes."""

import re
from contextlib import contextmanager

import pytest

from distribution.install import (
    DEPLOY_LOGS,
    HOST,
    SAID,
    WITH_NGINX,
    WITH_SERVERS,
    lonely,
    offer,
    psql,
    version_of,
    waiting,
)
from droplets import CommandFailed, Layer, new_droplet

NO_DATABASE = 75
FULL = r"> ERROR(\n    .*)*No space left on device"
STATE, LOGS = "/var/lib/ocpizza", "/var/log/ocpizza"
POSTGRESQL = "/var/lib/postgresql"
OTHER_SITE = """
server {
    listen 80;
    server_name cinema.example;
    location / { return 200 "Ce soir, Playtime"; }
}
"""
WITH_APACHE = Layer("apache", lambda droplet: droplet.apt("install", "postgresql", "apache2"))


@pytest.fixture
def unfinished(packages):
    """A droplet with nginx and PostgreSQL, and the package: `ocpizza deploy` is next."""
    with new_droplet("bookworm", WITH_SERVERS, waiting(packages)) as droplet:
        yield droplet


def deploy(droplet):
    """Run `ocpizza deploy`, whatever its exit status."""
    return droplet.run("ocpizza", "deploy", check=False)


def finishes(droplet) -> bool:
    """Whether `ocpizza deploy` brings all to a good end, with nothing left to dpkg either."""
    done = deploy(droplet)
    droplet.run("dpkg", "--configure", "--pending")
    state = droplet.run("ocpizza", "status", check=False)
    return done.returncode == state.returncode == 0 and version_of(droplet) != ""


def errors(droplet) -> list[str]:
    """The events of the log that went wrong."""
    lines = droplet.read(DEPLOY_LOGS).splitlines()
    return [line.split(" : ")[1].removesuffix(" > ERROR") for line in lines if "> ERROR" in line]


def test_a_full_disk_and_then_who_holds_port_80_are_named(packages):
    with new_droplet("bookworm", WITH_APACHE) as droplet:
        offer(droplet, packages)
        droplet.run("mkdir", STATE)
        droplet.run("mount", "-t", "tmpfs", "-o", "size=64k", "small", STATE)
        with pytest.raises(CommandFailed, match=FULL):
            droplet.apt("install", "ocpizza")
        droplet.run("mount", "-o", "remount,size=100m", STATE)
        with pytest.raises(CommandFailed, match=r"port 80 is held by apache2"):
            droplet.apt("install", "ocpizza")
        assert droplet.http("/").headers["Server"].startswith("Apache")
        assert deploy(droplet).returncode == 1
        droplet.run("systemctl", "disable", "--now", "apache2")
        assert finishes(droplet)
        assert droplet.http("/health/ready", host=HOST).text == "ok\n"


def test_a_missing_database_is_no_failed_install_and_an_edited_default_site_stays(packages):
    with new_droplet("bookworm", WITH_NGINX, lonely(packages)) as droplet:
        assert "apt install postgresql, then: ocpizza deploy" in droplet.read(SAID)
        assert version_of(droplet) == packages.current
        droplet.shell("sed -i 's/try_files .*;/return 418;/' /etc/nginx/sites-available/default")
        droplet.reload_nginx()
        assert deploy(droplet).returncode == NO_DATABASE
        droplet.apt("install", "postgresql")
        assert finishes(droplet)
        assert droplet.http("/", host="unknown.example").status == 418
        assert droplet.http("/health/ready", host=HOST).text == "ok\n"


def test_whatever_is_in_the_way_is_named_and_deploying_finishes_without_it(packages, unfinished):
    # A database that is stopped is no failed install.
    assert "systemctl start postgresql, then: ocpizza deploy" in unfinished.read(SAID)
    assert version_of(unfinished) == packages.current
    known = errors(unfinished)
    for in_the_way, event, named in (
        (full_log, None, f"cannot write {DEPLOY_LOGS}: No space left on device"),
        (full_database, None, FULL),
        (broken_site, "Site-linked", r"Site-linked > ERROR(\n    .*)*broken\.conf"),
    ):
        with in_the_way(unfinished):
            refused = deploy(unfinished)
        assert refused.returncode == 1
        assert re.search(named, refused.stdout), named
        if event:
            assert errors(unfinished)[len(known) :] == [event]
        known = errors(unfinished)
    assert finishes(unfinished)
    assert unfinished.http("/health/ready", host=HOST).text == "ok\n"


@contextmanager
def small_disk(droplet, folder: str, size: str):
    """What a folder holds is on a disk of its own meanwhile, which one can fill."""
    droplet.run("mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "small", "/mnt")
    droplet.shell(f"cp -a {folder}/. /mnt/ && chown --reference={folder} /mnt")
    droplet.run("mount", "--bind", "/mnt", folder)
    yield
    droplet.run("umount", folder)
    droplet.shell(f"cp -a /mnt/. {folder}/")
    droplet.run("umount", "/mnt")


def fill(droplet, folder: str) -> None:
    droplet.run("dd", "if=/dev/zero", f"of={folder}/ballast", "bs=4k", check=False)


@contextmanager
def full_log(droplet):
    with small_disk(droplet, LOGS, "64k"):
        droplet.run("rm", DEPLOY_LOGS)  # whose last block has room
        fill(droplet, LOGS)
        yield
        droplet.run("rm", f"{LOGS}/ballast")


@contextmanager
def full_database(droplet):
    droplet.run("systemctl", "stop", "postgresql@*")
    with small_disk(droplet, POSTGRESQL, "150m"):
        droplet.run("systemctl", "start", "postgresql")
        psql(droplet, "SELECT 1", "postgres")  # writes what every connection needs
        fill(droplet, POSTGRESQL)
        yield
        droplet.run("rm", f"{POSTGRESQL}/ballast")
        droplet.run("systemctl", "stop", "postgresql@*")
    droplet.run("systemctl", "start", "postgresql")


@contextmanager
def broken_site(droplet):
    droplet.write("/etc/nginx/conf.d/broken.conf", "no directive;")
    yield
    droplet.run("rm", "/etc/nginx/conf.d/broken.conf")


def test_a_deployment_that_was_killed_is_finished_by_the_next_beside_other_sites(unfinished):
    unfinished.write("/etc/nginx/sites-enabled/cinema", OTHER_SITE)
    unfinished.reload_nginx()
    welcome = unfinished.http("/", host="unknown.example").body
    started = unfinished.spawn("ocpizza", "deploy")
    for line in started.stdout:
        if "Database-present" in line:
            break
    unfinished.run("pkill", "-KILL", "-f", "ocpizza deploy")
    started.wait(60)
    assert finishes(unfinished)
    assert unfinished.http("/", host="cinema.example").text == "Ce soir, Playtime"
    assert unfinished.http("/", host="unknown.example").body == welcome
    assert unfinished.http("/health/ready", host=HOST).text == "ok\n"
