"""The same source on Debian 13: Python 3.13, PostgreSQL 17, nginx 1.26."""

import pytest

from distribution.build import built_packages
from distribution.install import HOST, WITH_SERVERS, offer, psql, version_of
from distribution.shopping import SHOP, order_a_pizza
from droplets import new_droplet
from views.pages import words
from views.website import Browser

RELEASE = "trixie"


@pytest.fixture(scope="module")
def packages():
    return built_packages(RELEASE)


def test_from_installation_to_purge(packages):
    with new_droplet(RELEASE, WITH_SERVERS) as droplet:
        offer(droplet, packages)
        droplet.apt("install", "ocpizza")
        droplet.run("ocpizza", "demo-data")
        browser = Browser(droplet.site(HOST))
        assert "Commande reçue" in words(order_a_pizza(browser))
        offer(droplet, packages, "next")
        droplet.apt("install", "ocpizza")
        assert version_of(droplet).startswith(packages.next)
        assert psql(droplet, "SELECT version_num FROM alembic_version") == "next"
        browser.add("regina", SHOP)
        assert browser.lines() == [("Regina", 1)]
        assert droplet.output("ocpizza", "check") == "everything adds up"
        assert "the database and the backups" in droplet.apt("purge", "ocpizza").stdout
        assert droplet.run("test", "-e", "/etc/ocpizza", check=False).returncode == 1
        assert psql(droplet, "SELECT count(*) FROM orders") == "1"
