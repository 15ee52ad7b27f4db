"""Start, stop, restart, reload and state, as the manual says them, and what visitors see of it."""

import os
import signal

import pytest

from distribution.install import HOST, INI, SOCKET
from distribution.shopping import SHOP
from distribution.visitors import visitors
from droplets import wait_until

WORKER = "ocpizza-worker.service"
NAMES = pytest.mark.parametrize("name", ["ocpizza", "gunicorn"])


def main_pid(droplet) -> str:
    return droplet.output("systemctl", "show", "-P", "MainPID", "ocpizza")


def is_active(droplet, unit: str = "ocpizza") -> bool:
    return droplet.run("systemctl", "is-active", "--quiet", unit, check=False).returncode == 0


@NAMES
def test_a_stopped_site_shows_the_maintenance_page_and_stays_stopped(site, name):
    site.run("systemctl", "stop", name)
    for _ in range(20):
        page = site.http("/", host=HOST)
        assert page.status == 503
    assert '<html lang="fr">' in page.text
    assert "appelez votre restaurant" in page.text
    assert int(page.headers["Retry-After"]) > 0
    assert "no-store" in page.headers["Cache-Control"]
    assert not is_active(site)
    assert not is_active(site, "ocpizza.socket")
    assert site.run("test", "-e", SOCKET, check=False).returncode != 0


def test_a_started_site_answers_at_once(site):
    for stopped_as, started_as in (("ocpizza", "gunicorn"), ("gunicorn", "ocpizza")):
        site.run("systemctl", "stop", stopped_as)
        site.run("systemctl", "start", started_as)
        assert site.http("/health/ready", host=HOST).status == 200


def test_the_state_says_whether_it_runs(site):
    assert site.run("systemctl", "status", "ocpizza").returncode == 0
    assert site.run("systemctl", "status", "gunicorn").returncode == 0
    site.run("systemctl", "stop", "ocpizza")
    assert site.run("systemctl", "status", "ocpizza", check=False).returncode == 3
    told = site.run("ocpizza", "status", check=False)
    assert told.returncode == 3
    assert "BAD  service" in told.stdout
    assert "BAD  website" in told.stdout
    assert "ok   database" in told.stdout


def test_a_reload_takes_new_settings_and_keeps_the_process(shop):
    before = main_pid(shop)
    assert "manager.republique" not in shop.http("/connexion", host=HOST).text
    shop.write("/srv/more.ini", shop.read(INI) + "\n[demo]\nstaff_page = yes\n")
    shop.run("cp", "/srv/more.ini", INI)
    shop.run("systemctl", "reload", "ocpizza")
    wait_until(
        lambda: "manager.republique" in shop.http("/connexion", host=HOST).text, 20, "new settings"
    )
    assert main_pid(shop) == before


def test_settings_that_are_wrong_fail_the_reload_and_change_nothing(site):
    site.write("/srv/wrong.ini", site.read(INI) + "\n[server]\nworkers = some\n")
    site.run("cp", "/srv/wrong.ini", INI)
    assert site.run("systemctl", "reload", "ocpizza", check=False).returncode != 0
    assert site.http("/", host=HOST).status == 200
    assert "server.workers = 'some'" in site.output("journalctl", "-u", "ocpizza", "-o", "cat")


def test_no_visitor_notices_reloads_and_restarts(shop):
    with visitors(shop, HOST, "/", SHOP, "/panier", "/connexion") as seen:
        for _ in range(3):
            shop.run("systemctl", "reload", "ocpizza")
            shop.run("systemctl", "restart", "ocpizza")
            shop.run("systemctl", "reload", "nginx")
    assert seen["failures"] == []
    assert seen["requests"] >= 2000


def test_the_worker_starts_and_stops_with_the_site(site):
    assert is_active(site, WORKER)
    site.run("systemctl", "stop", "ocpizza")
    assert not is_active(site, WORKER)
    site.run("systemctl", "start", "ocpizza")
    assert is_active(site, WORKER)
    assert "ok   worker" in site.output("ocpizza", "status")


def test_the_worker_takes_new_settings_at_a_reload_too(site):
    def pid() -> str:
        return site.output("systemctl", "show", "-P", "MainPID", WORKER)

    before = pid()
    site.run("systemctl", "reload", "ocpizza")
    wait_until(lambda: pid() not in ("0", before) and is_active(site, WORKER), 20, "a new worker")


def test_it_comes_back_after_a_crash(site):
    crashed = main_pid(site)
    site.run("kill", f"-{signal.SIGKILL}", crashed)
    wait_until(lambda: is_active(site) and main_pid(site) not in ("0", crashed), 20, "a new start")
    assert site.http("/health/ready", host=HOST).status == 200


def test_a_worker_that_dies_is_replaced(site):
    def workers() -> set[str]:
        return set(site.output("pgrep", "-P", main_pid(site)).split())

    def complete() -> bool:
        return len(workers()) == len(os.sched_getaffinity(0)) + 1

    wait_until(complete, 20, "every worker")
    killed, *_ = workers()
    site.run("kill", f"-{signal.SIGKILL}", killed)
    wait_until(lambda: killed not in workers() and complete(), 20, "a new worker")
    assert site.http("/", host=HOST).status == 200


def test_a_database_that_restarts_is_found_again(site):
    before = main_pid(site)
    site.run("systemctl", "stop", "postgresql@*")
    assert site.http("/health/live", host=HOST).status == 200
    assert site.http("/health/ready", host=HOST).status == 503
    site.run("systemctl", "start", "postgresql")
    for _ in range(8):
        assert site.http("/", host=HOST).status == 200
    assert main_pid(site) == before


def test_a_disabled_site_does_not_start_with_the_machine(site):
    site.run("systemctl", "disable", "ocpizza")
    site.reboot()
    assert not is_active(site)
    assert site.http("/", host=HOST).status == 503
