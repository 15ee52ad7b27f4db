"""Saved on the first of the month, tried on the second, and brought back: in a booted system."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from distribution.install import HOST
from distribution.shopping import heading, order_a_pizza
from droplets import wait_until
from views.website import Browser

BACKUPS = "/var/backups/ocpizza"
BACKUP, DRILL = "ocpizza-backup", "ocpizza-restore-drill"
CYCLIC = "ocpizza-cyclic-update"
DAYS = {BACKUP: 1, DRILL: 2}
STAMP = "/var/lib/systemd/timers/stamp-{}.timer"
PARIS = ZoneInfo("Europe/Paris")


def archives(droplet) -> list[str]:
    return droplet.output("find", BACKUPS, "-name", "*.tar").splitlines()


def due(droplet, job: str) -> datetime:
    """When a timer goes off next, in Paris."""
    said = droplet.output("systemctl", "show", "-P", "NextElapseUSecRealtime", f"{job}.timer")
    at = datetime.strptime(f"{said}+0000", "%a %Y-%m-%d %H:%M:%S UTC%z")
    return at.astimezone(PARIS)


def was_off_when_due(droplet, job: str) -> None:
    """Have a timer begin as one does whose machine was off at its hour."""
    droplet.run("systemctl", "stop", f"{job}.timer")
    droplet.run("touch", "-d", "2 months ago", STAMP.format(job))
    droplet.run("systemctl", "start", f"{job}.timer")
    wait_until(lambda: result(droplet, job) != "activating", 120, job)
    assert result(droplet, job) == "success", droplet.output("journalctl", "-u", job)


def result(droplet, job: str) -> str:
    """How a job's last run ended; `activating` before it has."""
    asked = ("-p", "ActiveState", "-p", "Result", "-p", "ExecMainExitTimestampMonotonic")
    shown = droplet.output("systemctl", "show", *asked, f"{job}.service")
    facts = dict(line.split("=", 1) for line in shown.splitlines())
    ended = facts["ActiveState"] in ("inactive", "failed")
    ended = ended and facts["ExecMainExitTimestampMonotonic"] != "0"
    return facts["Result"] if ended else "activating"


def status_of(droplet, part: str) -> str:
    said = droplet.run("ocpizza", "status", check=False).stdout
    (line,) = [line for line in said.splitlines() if re.match(rf"\S*\s*{part}\b", line)]
    return line


def test_each_has_its_day_in_paris_whatever_the_zone_of_the_host(untouched):
    for job, day in DAYS.items():
        assert untouched.output("systemctl", "is-enabled", f"{job}.timer") == "enabled"
        at = due(untouched, job)
        assert (at.day, at.hour, at.minute) == (day, 6, 0)
    assert untouched.output("systemctl", "is-enabled", f"{CYCLIC}.timer") == "enabled"
    at = due(untouched, CYCLIC)
    assert at - datetime.now(PARIS) < timedelta(days=1)
    assert (at.hour, at.minute) == (6, 0)


def does_what_is_due(droplet) -> None:
    """The cyclic update, of all, of one restaurant, and of one that there is not."""
    was_off_when_due(droplet, CYCLIC)
    assert "forgetting: " in droplet.output("journalctl", "-o", "cat", "-u", CYCLIC)
    assert re.match(r"ok +cyclic +ran on 20", status_of(droplet, "cyclic"))
    alone = f"{CYCLIC}@city_002"
    droplet.run("systemctl", "enable", "--now", f"{alone}.timer")
    assert due(droplet, alone).hour == 6
    droplet.run("systemctl", "start", alone)
    assert "price changes: " in droplet.output("journalctl", "-o", "cat", "-u", alone)
    droplet.run("systemctl", "disable", "--now", f"{alone}.timer")
    wrong = f"{CYCLIC}@nowhere.service"
    assert droplet.run("systemctl", "start", wrong, check=False).returncode
    told = ("journalctl", "-o", "cat", "-u", f"ocpizza-failed@{wrong}.service")
    wait_until(lambda: f"{wrong} failed: " in droplet.output(*told), 60, "its failure told")


def test_what_was_missed_is_caught_up_and_what_was_saved_comes_back(shop):
    browser = Browser(shop.site(HOST))
    saved = order_a_pizza(browser)
    assert "none yet" in status_of(shop, "backup")
    was_off_when_due(shop, BACKUP)
    (archive,) = archives(shop)
    assert shop.output("stat", "-c", "%U:%G %a", archive) == "ocpizza:ocpizza 600"
    was_off_when_due(shop, DRILL)
    assert "held on" in status_of(shop, "restoration")
    does_what_is_due(shop)

    lost = order_a_pizza(browser)
    refused = shop.run("ocpizza", "restore", archive, check=False)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "the site is running" in refused.stderr
    shop.shell(f"head -c -20000 {archive} > /srv/cut.tar")
    refused = shop.run("ocpizza", "restore", "/srv/cut.tar", "--stop", check=False)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert heading(browser.get(lost.request.path)) == heading(lost)

    said = shop.output("ocpizza", "restore", archive, "--stop")
    assert "restored: " in said
    assert shop.output("systemctl", "is-active", "ocpizza") == "active"
    assert heading(browser.get(saved.request.path)) == heading(saved)
    assert browser.get(lost.request.path, status=404)
    assert shop.output("ocpizza", "check") == "everything adds up"
    assert "ocpizza_previous_" in shop.output("ocpizza", "restore", "--forget-previous")
    assert heading(order_a_pizza(browser)) != heading(saved)
