"""« En continu »: all that PostgreSQL commits is archived, and comes back from there."""

from distribution.install import HOST, psql
from droplets import Droplet, wait_until
from handbook.steps import Steps
from handbook.visitors import visit
from handbook.walk import Here, Walk

at = Steps()
ENABLE = "sudo ocpizza backup --continuous enable"
STATUS = "sudo ocpizza backup --continuous status"
SHOWN = "2026-11-28 20:14"
SAID_BESIDE = "words of a sentence, which says of what"
at.exceptions = {
    "[global]": "the second repository is somebody else's object store",
    **dict.fromkeys(("sudo chown postgres", "sudo chmod 400", "sudo systemctl edit"), SAID_BESIDE),
}
PRICES = "SELECT sum(price_cents) FROM product_size"
DEARER = "UPDATE product_size SET price_cents = price_cents + 1"
# Not the clock of Paris, on which an hour of October is there twice.
NOW = "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS+00:00')"
NEXT_SECOND = "SELECT pg_sleep(1.1)"
WRITING = "SELECT pg_walfile_name(pg_current_wal_lsn())"
ARCHIVED = "SELECT last_archived_wal >= '{}' FROM pg_stat_archiver"


def a_moment(droplet: Droplet) -> tuple[str, str]:
    """A moment after which prices went up, and their sum at it."""
    psql(droplet, DEARER)
    prices = psql(droplet, PRICES)
    psql(droplet, NEXT_SECOND)
    moment = psql(droplet, NOW)
    psql(droplet, NEXT_SECOND)
    psql(droplet, DEARER)
    return moment, prices


@at(ENABLE)
def all_that_is_committed_is_kept(walk: Walk, here: Here) -> None:
    here.go()
    assert ", archived until" in walk.type(STATUS).text


@at("[backup]", "En continu")
def days_are_a_setting(walk: Walk, here: Here) -> None:
    """A passphrase is for the first time that it is enabled."""
    walk.set("[backup]\ncontinuous_days = 30\n")
    walk.type(ENABLE)
    kept = walk.droplet.output("grep", "repo1-retention-full=", "/etc/ocpizza/pgbackrest.conf")
    assert kept == "repo1-retention-full=30"


@at("sudo ocpizza backup --continuous disable")
def postgresql_has_its_settings_back(walk: Walk, here: Here) -> None:
    here.go()
    assert psql(walk.droplet, "SHOW archive_command") == "/bin/true"
    assert "off" in walk.type(STATUS).text
    walk.type(ENABLE)
    walk.moment, walk.prices = a_moment(walk.droplet)


@at(f"sudo ocpizza restore --at '{SHOWN}' --stop")
def what_was_there_then_is_back(walk: Walk, here: Here) -> None:
    here.text = here.text.replace(SHOWN, walk.moment)
    here.go()
    assert psql(walk.droplet, PRICES) == walk.prices
    assert visit(walk.droplet, "/", HOST).status == 200


@at("sudo pg_dropcluster --stop 15 main")
def the_database_is_lost(walk: Walk, here: Here) -> None:
    """Once what was committed last has been archived, by its clock alone."""
    walk.moment, walk.prices = a_moment(walk.droplet)
    archived = ARCHIVED.format(psql(walk.droplet, WRITING))
    wait_until(lambda: psql(walk.droplet, archived) == "t", 180, "the archive", every=1)
    here.go()


@at("sudo ocpizza deploy", "Revenir à un instant")
def a_shop_without_anything_in_it(walk: Walk, here: Here) -> None:
    here.go()
    assert psql(walk.droplet, "SELECT count(*) FROM orders") == "0"
