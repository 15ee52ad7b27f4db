"""`apt remove` keeps what is the owner's, `apt purge` leaves the database and the backups alone."""

import pytest

from distribution.install import (
    DEMO,
    DEPLOY_LOGS,
    HOST,
    INI,
    WITH_SERVERS,
    installed,
    psql,
    version_of,
)
from distribution.shopping import heading, order_a_pizza
from droplets import new_droplet
from views.pages import words
from views.website import Browser

pytestmark = pytest.mark.xdist_group("remove_purge")  # in one droplet
BACKUPS = "/var/backups/ocpizza"
PLACES = ("/etc", "/usr", "/var", "/run", "/srv", "/opt", "/lib")
# apt's and systemd's own notes of what once was there.
NOTES = (
    "/var/lib/apt/",
    "/var/cache/apt/",
    "/etc/apt/",
    "/srv/apt",
    "/var/lib/systemd/deb-systemd-helper-",
)


@pytest.fixture(scope="module")
def one_for_all(packages):
    with new_droplet("bookworm", WITH_SERVERS, installed(packages), DEMO) as droplet:
        yield droplet


@pytest.fixture
def shop(one_for_all):
    """A droplet whose shop answers, though another test purged it."""
    if not version_of(one_for_all):
        one_for_all.apt("install", "ocpizza")
    return one_for_all


def exists(droplet, path: str) -> bool:
    return droplet.run("test", "-e", path, check=False).returncode == 0


def left_behind(droplet) -> list[str]:
    """Files and folders with our name, but for what notes say."""
    found = droplet.output("find", *PLACES, "-xdev", "-name", "*ocpizza*").splitlines()
    return [path for path in found if not path.startswith(NOTES)]


def test_remove_keeps_what_is_the_owners_and_installed_again_the_shop_goes_on(shop):
    browser = Browser(shop.site(HOST))
    tracking = order_a_pizza(browser)
    shop.run("install", "-D", "/dev/null", f"{BACKUPS}/kept")
    ini, log = shop.read(INI), shop.read(DEPLOY_LOGS)
    shop.apt("remove", "ocpizza")
    assert version_of(shop) == ""
    assert "Welcome to nginx" in shop.http("/", host=HOST).text
    assert shop.run("systemctl", "status", "ocpizza", check=False).returncode == 4  # unknown
    assert shop.output("systemctl", "is-system-running") == "running"
    assert psql(shop, "SELECT count(*) FROM restaurant") == "5"
    assert shop.read(INI) == ini
    assert shop.read(DEPLOY_LOGS).startswith(log)
    for path in ("/var/lib/ocpizza/session.key", f"{BACKUPS}/kept"):
        assert exists(shop, path), path
    shop.run("nginx", "-t")
    shop.apt("install", "ocpizza")
    again = browser.get(tracking.request.path)
    assert heading(again) == heading(tracking)
    assert "Commande reçue" in words(again)
    assert shop.output("ocpizza", "check") == "everything adds up"


def test_purge_leaves_the_database_and_the_backups_and_says_so(shop):
    shop.run("install", "-D", "/dev/null", f"{BACKUPS}/kept")
    said = shop.apt("purge", "ocpizza").stdout
    assert "the database and the backups" in said
    assert left_behind(shop) == [BACKUPS]
    assert exists(shop, f"{BACKUPS}/kept")
    assert psql(shop, "SELECT count(*) FROM restaurant") == "5"
    assert "Welcome to nginx" in shop.http("/", host=HOST).text
    shop.reboot()


def test_it_can_be_removed_while_the_database_is_down_and_the_settings_are_wrong(site):
    site.http("/", host=HOST)
    site.run("systemctl", "stop", "postgresql@*")
    site.run("tee", INI, input="no settings at all")
    site.apt("purge", "ocpizza")
    assert left_behind(site) == []
