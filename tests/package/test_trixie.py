"""The same source on Debian 13: Python 3.13, PostgreSQL 17, nginx 1.26."""

import json
import tarfile
from pathlib import Path

import pytest

from distribution.build import built_packages
from distribution.install import (
    DEMO,
    HOST,
    INI,
    WITH_SERVERS,
    installed,
    keeps_pages,
    offer,
    psql,
    version_of,
)
from distribution.shopping import SHOP, heading, order_a_pizza
from droplets import new_droplet
from droplets.waiting import wait_until
from views.pages import words
from views.website import Browser

RELEASE = "trixie"
BACKUPS = "/var/backups/ocpizza"
# Another role and another database than those of the shop that the archive is of.
ROLE = "CREATE ROLE chain LOGIN PASSWORD 'secret'"
DATABASE = "CREATE DATABASE pizzas OWNER chain ENCODING 'UTF8' TEMPLATE template0"
URL = "postgresql+psycopg://chain:secret@127.0.0.1/pizzas"


@pytest.fixture(scope="module")
def packages():
    return built_packages(RELEASE)


def saved(droplet, folder: Path) -> tuple[Path, dict]:
    """An archive that is made now, brought out of the droplet, and its manifest."""
    path = droplet.output("ocpizza", "backup").splitlines()[-1].split()[0]
    droplet.copy_out(BACKUPS, folder)
    archive = folder / Path(path).name
    with tarfile.open(archive) as tar:
        return archive, json.load(tar.extractfile("manifest.json"))


def moved_here(droplet, folder: Path) -> str:
    """A shop of bookworm's PostgreSQL goes on in this one's; the path of the page of its order.

    It is not taken back by the older one.
    """
    layers = (WITH_SERVERS, installed(built_packages("bookworm")), DEMO)
    with new_droplet("bookworm", *layers) as older:
        tracking = order_a_pizza(Browser(older.site(HOST)))
        archive, manifest = saved(older, folder / "older")
        droplet.copy_in(archive, "/srv/older.tar")
        for statement in (ROLE, DATABASE):
            psql(droplet, statement, "postgres")
        droplet.run("tee", "-a", INI, input=f"\n[database]\nurl = {URL}\n")
        assert "restored: " in droplet.output("ocpizza", "restore", "/srv/older.tar", "--stop")
        page = Browser(droplet.site(HOST)).get(tracking.request.path)
        assert heading(page) == heading(tracking)
        newer, found = saved(droplet, folder / "newer")
        assert [each["server"].split(".")[0] for each in (manifest, found)] == ["15", "17"]
        assert found["tables"] == manifest["tables"]
        older.copy_in(newer, "/srv/newer.tar")
        refused = older.run("ocpizza", "restore", "/srv/newer.tar", "--stop", check=False)
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
        assert "PostgreSQL 17" in refused.stderr
        assert heading(Browser(older.site(HOST)).get(tracking.request.path)) == heading(tracking)
    return tracking.request.path


def test_from_installation_to_purge(packages, tmp_path):
    with new_droplet(RELEASE, WITH_SERVERS) as droplet:
        offer(droplet, packages)
        droplet.apt("install", "ocpizza")
        droplet.run("ocpizza", "demo-data")
        browser = Browser(droplet.site(HOST))
        assert "Commande reçue" in words(order_a_pizza(browser))
        path = moved_here(droplet, tmp_path)
        browser = Browser(droplet.site(HOST))
        offer(droplet, packages, "next")
        droplet.apt("install", "ocpizza")
        assert version_of(droplet).startswith(packages.next)
        assert psql(droplet, "SELECT version_num FROM alembic_version", "pizzas") == "next"
        assert browser.get(path).status_int == 200
        wait_until(lambda: keeps_pages(droplet), 60, "a page that was kept")
        browser.add("regina", SHOP)
        assert browser.lines() == [("Regina", 1)]
        assert droplet.output("ocpizza", "check") == "everything adds up"
        assert "the database and the backups" in droplet.apt("purge", "ocpizza").stdout
        for gone in ("/etc/ocpizza", "/run/ocpizza-pages"):
            assert droplet.run("test", "-e", gone, check=False).returncode == 1
        assert psql(droplet, "SELECT count(*) FROM orders", "pizzas") == "1"
