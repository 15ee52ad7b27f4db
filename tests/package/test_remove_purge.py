"""`apt remove` keeps what is the owner's, `apt purge` leaves the database and the backups alone."""

from distribution.install import DEPLOY_LOGS, HOST, INI, psql, version_of
from distribution.shopping import heading, order_a_pizza
from views.pages import words
from views.website import Browser

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


def exists(droplet, path: str) -> bool:
    return droplet.run("test", "-e", path, check=False).returncode == 0


def left_behind(droplet) -> list[str]:
    """Files and folders with our name, but for what notes say."""
    found = droplet.output("find", *PLACES, "-xdev", "-name", "*ocpizza*").splitlines()
    return [path for path in found if not path.startswith(NOTES)]


def test_remove_takes_the_site_away_and_keeps_what_is_the_owners(site):
    site.run("ocpizza", "demo-data")
    site.run("install", "-D", "/dev/null", f"{BACKUPS}/kept")
    ini, log = site.read(INI), site.read(DEPLOY_LOGS)
    site.apt("remove", "ocpizza")
    assert version_of(site) == ""
    assert "Welcome to nginx" in site.http("/", host=HOST).text
    assert site.run("systemctl", "status", "ocpizza", check=False).returncode == 4  # unknown
    assert site.output("systemctl", "is-system-running") == "running"
    assert psql(site, "SELECT count(*) FROM restaurant") == "5"
    assert site.read(INI) == ini
    assert site.read(DEPLOY_LOGS).startswith(log)
    for path in ("/var/lib/ocpizza/session.key", f"{BACKUPS}/kept"):
        assert exists(site, path), path
    site.run("nginx", "-t")


def test_installed_again_the_shop_goes_on_where_it_was(site):
    site.run("ocpizza", "demo-data")
    browser = Browser(site.site(HOST))
    tracking = order_a_pizza(browser)
    site.apt("remove", "ocpizza")
    site.apt("install", "ocpizza")
    again = browser.get(tracking.request.path)
    assert heading(again) == heading(tracking)
    assert "Commande à réaliser" in words(again)
    assert site.output("ocpizza", "check") == "everything adds up"


def test_purge_leaves_the_database_and_the_backups_and_says_so(site):
    site.run("ocpizza", "demo-data")
    site.run("install", "-D", "/dev/null", f"{BACKUPS}/kept")
    said = site.apt("purge", "ocpizza").stdout
    assert "the database and the backups" in said
    assert left_behind(site) == [BACKUPS]
    assert exists(site, f"{BACKUPS}/kept")
    assert psql(site, "SELECT count(*) FROM restaurant") == "5"
    assert "Welcome to nginx" in site.http("/", host=HOST).text
    site.reboot()


def test_purge_leaves_no_file_where_there_were_no_backups(site):
    site.http("/", host=HOST)
    site.apt("purge", "ocpizza")
    assert left_behind(site) == []


def test_it_can_be_removed_while_the_database_is_down_and_the_settings_are_wrong(site):
    site.run("systemctl", "stop", "postgresql")
    site.run("tee", INI, input="no settings at all")
    site.apt("purge", "ocpizza")
    assert left_behind(site) == []
