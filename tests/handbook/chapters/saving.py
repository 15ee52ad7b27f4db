"""« Sauvegarde et restauration »: archives, who can read them, where else they are, and back."""

import re

from distribution.install import DEPLOY_LOGS, HOST, INI, psql
from droplets import wait_until
from handbook.steps import Steps
from handbook.visitors import visit
from handbook.walk import Here, Walk

at = Steps()
BACKUPS, AWAY = "/var/backups/ocpizza", "/srv/away"
STATE = "/var/lib/ocpizza"
SHOWN = f"{BACKUPS}/ocpizza-2026-12-01_05-00-00-123Z.tar"
COPY = "/usr/local/bin/copy-backup"
PRICES = "SELECT sum(price_cents) FROM product_size"
# Another kind of place than Spaces, for the rest the same.
RCLONE = "[spaces]\ntype = alias\nremote = /var/lib/ocpizza/spaces\n"
at.statuses = {  # of jobs that are not at work
    "systemctl status ocpizza-backup": 3,
    "sudo systemctl status ocpizza-backup ocpizza-restore-drill ocpizza-cyclic-update": 3,
}
at.exceptions = {
    "sudo ocpizza restore ARCHIVE --stop": "it was run with the archive's own name",
    "make run": "it is for a checkout, not for a machine with the package: test_make_run.py",
}


def made(text: str) -> str:
    """The archive that `ocpizza backup` names."""
    return re.search(rf"^({BACKUPS}/\S+) \(", text, re.M)[1]


@at("sudo ocpizza backup", "Sauvegarder")
def an_archive_is_made(walk: Walk, here: Here) -> None:
    here.go()
    walk.blanks[SHOWN] = walk.blanks["ARCHIVE"] = made(walk.said.text)
    assert walk.droplet.output("stat", "-c", "%U %a", walk.blanks[SHOWN]) == "ocpizza 600"


@at("[folders]")
def archives_may_be_elsewhere(walk: Walk, here: Here) -> None:
    here.go()
    walk.type("sudo systemctl start ocpizza-backup")
    assert ".tar" in walk.droplet.output("ls", "/srv/sauvegardes")
    walk.set(f"[folders]\nbackups = {BACKUPS}\n")


@at("age-keygen -o ocpizza-backup.key")
def a_key_of_which_half_is_public(walk: Walk, here: Here) -> None:
    here.go()
    walk.blanks["age1…"] = re.search(r"\bage1\w+", walk.said.text)[0]


def is_copied(walk: Walk, script: str, place: str) -> None:
    """By the program as the manual has it."""
    walk.droplet.write(COPY, script, "755")
    archive = walk.blanks[SHOWN]
    walk.droplet.run("runuser", "-u", "ocpizza", "--", COPY, archive)
    name = archive.rpartition("/")[2]
    assert walk.droplet.run("cmp", archive, f"{place}/{name}").returncode == 0


@at("sudo apt install rclone")
def rclone_copies(walk: Walk, here: Here) -> None:
    here.go()
    walk.droplet.write("/etc/ocpizza/rclone.conf", RCLONE)
    is_copied(walk, walk.take("sh", "exec rclone"), "/var/lib/ocpizza/spaces/ocpizza-backups")


@at("ssh-keyscan elsewhere.example | sudo tee /etc/ocpizza/known_hosts")
def the_other_machine_is_known(walk: Walk, here: Here) -> None:
    walk.droplet.shell("echo '127.0.0.1 elsewhere.example' >> /etc/hosts")
    here.go()


@at("sudo chown ocpizza: /etc/ocpizza/backup_key")
def rsync_copies(walk: Walk, here: Here) -> None:
    here.go()
    home = "/home/backup"
    walk.droplet.shell(
        f"usermod -s /bin/sh -d {home} backup; install -d -o backup {home} {home}/.ssh;"
        f" install -o backup /etc/ocpizza/backup_key.pub {home}/.ssh/authorized_keys"
    )
    is_copied(walk, walk.take("sh", "exec rsync"), f"{home}/ocpizza")


@at("sudo ocpizza backup", "Copier ailleurs")
def archives_are_encrypted_and_copied(walk: Walk, here: Here) -> None:
    here.go()
    walk.encrypted = made(walk.said.text)
    assert walk.droplet.run("grep", "-q", "^age-encryption.org", walk.encrypted).returncode == 0
    assert walk.encrypted.rpartition("/")[2] in walk.droplet.output("ls", "/home/backup/ocpizza")


@at(f"sudo ocpizza restore {SHOWN} --stop")
def what_was_saved_is_back(walk: Walk, here: Here) -> None:
    saved = psql(walk.droplet, PRICES)
    psql(walk.droplet, "UPDATE product_size SET price_cents = price_cents + 1")
    assert "the site is running" in walk.type(here.text.removesuffix(" --stop"), status=1).text
    here.go()
    assert psql(walk.droplet, PRICES) == saved
    assert visit(walk.droplet, "/", HOST).status == 200


@at("sudo ocpizza restore ARCHIVE --stop --erasures FICHIER")
def who_was_erased_since_is_erased_again(walk: Walk, here: Here) -> None:
    walk.blanks["FICHIER"] = "erasures"
    walk.type(f"sudo cp {STATE}/erasures erasures")
    here.text = walk.fill(here.text)
    here.go()
    assert visit(walk.droplet, "/", HOST).status == 200


@at("sudo age -d -i CLÉ ARCHIVE | tar -xO settings/ocpizza.ini")
def settings_are_read_from_an_encrypted_archive(walk: Walk, here: Here) -> None:
    here.text = here.piece.text.replace("CLÉ", "ocpizza-backup.key")
    here.text = here.text.replace("ARCHIVE", walk.encrypted)
    here.go()
    assert "[backup]" in walk.said.text


@at("sudo ocpizza restore --drill")
def the_newest_archive_is_tried(walk: Walk, here: Here) -> None:
    """Which must not be an encrypted one."""
    assert "encrypted" in walk.type(here.text, status=1).text
    walk.droplet.run("mkdir", AWAY)
    walk.droplet.run("mv", walk.encrypted, AWAY)
    here.go()
    walk.droplet.shell(f"mv {AWAY}/* {BACKUPS}/")


@at("sudo systemctl disable --now ocpizza-restore-drill.timer")
def all_is_well_again(walk: Walk, here: Here) -> None:
    here.go()
    walk.type("sudo systemctl enable --now ocpizza-restore-drill.timer")
    walk.type("sudo ocpizza status")
    walk.type("sudo ocpizza check")


@at("sudo apt remove ocpizza")
def remove_keeps_what_is_the_owners(walk: Walk, here: Here) -> None:
    kept = (INI, f"{STATE}/session.key", walk.blanks[SHOWN])
    before = [walk.droplet.output("sha256sum", path) for path in kept]
    here.go()
    assert [walk.droplet.output("sha256sum", path) for path in kept] == before
    assert "Welcome to nginx" in walk.droplet.http("/", host=HOST).text
    assert walk.droplet.run("systemctl", "status", "ocpizza", check=False).returncode == 4
    assert psql(walk.droplet, "SELECT count(*) FROM restaurant") == "5"
    # Its words right after it in the manual: installed again, it goes on where it was.
    walk.type("sudo apt install ocpizza")
    wait_until(lambda: visit(walk.droplet, "/").status == 200, 60, "the site")
    walk.type("sudo ocpizza check")


@at("sudo apt purge ocpizza")
def purge_leaves_the_database_and_the_backups(walk: Walk, here: Here) -> None:
    here.go()
    assert "the database and the backups" in walk.said.text
    walk.droplet.run("test", "-e", walk.blanks[SHOWN])
    for gone in (INI, STATE, DEPLOY_LOGS):
        assert walk.droplet.run("test", "-e", gone, check=False).returncode, gone
    assert psql(walk.droplet, "SELECT count(*) FROM restaurant") == "5"
