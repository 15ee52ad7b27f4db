"""Start, stop, restart, reload and state, as the manual says them, and what visitors see of it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.header import decode_header, make_header
from pathlib import Path

import pytest

from distribution.install import DEMO, HOST, INI, SOCKET, WITH_SERVERS, installed, psql
from distribution.shopping import SHOP
from distribution.visitors import visitors
from droplets import new_droplet, wait_until

pytestmark = pytest.mark.xdist_group("start_stop")  # in one droplet
WORKER = "ocpizza-worker.service"
LIVE = "ocpizza-live.service"
WATCHDOG, STATUS = "ocpizza-watchdog.service", "ocpizza-status.service"
DRILL = "ocpizza-restore-drill.service"
SMTP, SENTRY = 2525, 9000
TELL = f"""
[supervision]
email = exploitation@example.org
sentry_dsn = http://0123456789abcdef@127.0.0.1:{SENTRY}/1

[mail]
host = 127.0.0.1
port = {SMTP}
"""
AS_IT_WAS = "/srv/as-it-was.ini"
# nginx keeps the page of a second, which a site that is gone outlives.
NEVER_KEPT = "/panier"


@pytest.fixture(scope="module")
def one_for_all(packages):
    with new_droplet("bookworm", WITH_SERVERS, installed(packages), DEMO) as droplet:
        droplet.run("cp", INI, AS_IT_WAS)
        yield droplet


@pytest.fixture
def running(one_for_all):
    """A droplet whose shop answers; settings and services are put right after each test."""
    yield one_for_all
    one_for_all.run("cp", AS_IT_WAS, INI)
    one_for_all.run("systemctl", "reset-failed")
    if one_for_all.run("test", "-S", SOCKET, check=False).returncode:
        one_for_all.run("systemctl", "stop", "ocpizza")
    one_for_all.run("systemctl", "start", "postgresql", "ocpizza")
    assert one_for_all.http("/health/ready", host=HOST).status == 200
    # A reload ends it; systemd starts it again two seconds later.
    wait_until(lambda: is_active(one_for_all, WORKER), 60, "the worker")


def main_pid(droplet) -> str:
    return droplet.output("systemctl", "show", "-P", "MainPID", "ocpizza")


@pytest.fixture
def hasty(running):
    """The same, whose watchdog waits for seconds only."""
    settings = "[Service]\nExecStart=\nExecStart=/usr/bin/ocpizza watchdog --patience 4\n"
    running.write(f"/run/systemd/system/{WATCHDOG}.d/hasty.conf", settings)
    running.run("systemctl", "daemon-reload")
    yield running
    running.run("rm", "-r", f"/run/systemd/system/{WATCHDOG}.d")
    running.run("systemctl", "daemon-reload")


def is_active(droplet, unit: str = "ocpizza") -> bool:
    return droplet.run("systemctl", "is-active", "--quiet", unit, check=False).returncode == 0


@pytest.mark.parametrize(
    ("stopped_as", "started_as"), [("ocpizza", "gunicorn"), ("gunicorn", "ocpizza")]
)
def test_a_stopped_site_shows_the_maintenance_page_until_it_is_started(
    running, stopped_as, started_as
):
    running.run("systemctl", "stop", stopped_as)
    for _ in range(20):
        page = running.http(NEVER_KEPT, host=HOST)
        assert page.status == 503
    assert '<html lang="fr">' in page.text
    assert "appelez votre restaurant" in page.text
    assert int(page.headers["Retry-After"]) > 0
    assert "no-store" in page.headers["Cache-Control"]
    assert not is_active(running)
    assert not is_active(running, "ocpizza.socket")
    assert running.run("test", "-e", SOCKET, check=False).returncode != 0
    running.run("systemctl", "start", started_as)
    assert running.http("/health/ready", host=HOST).status == 200


def test_the_state_says_whether_site_and_worker_run(running):
    assert running.run("systemctl", "status", "ocpizza").returncode == 0
    assert running.run("systemctl", "status", "gunicorn").returncode == 0
    assert is_active(running, WORKER)
    assert "ok   worker" in running.output("ocpizza", "status")
    running.run("systemctl", "stop", "ocpizza")
    assert running.run("systemctl", "status", "ocpizza", check=False).returncode == 3
    assert not is_active(running, WORKER)
    told = running.run("ocpizza", "status", check=False)
    assert told.returncode == 3
    assert "BAD  service" in told.stdout
    assert "BAD  website" in told.stdout
    assert "ok   database" in told.stdout
    running.run("systemctl", "start", "ocpizza")
    assert is_active(running, WORKER)


def test_a_reload_takes_new_settings_and_keeps_the_process(running):
    before = main_pid(running)
    assert "manager.republique" not in running.http("/connexion", host=HOST).text
    running.write("/srv/more.ini", running.read(INI) + "\n[demo]\nstaff_page = yes\n")
    running.run("cp", "/srv/more.ini", INI)
    running.run("systemctl", "reload", "ocpizza")
    wait_until(
        lambda: "manager.republique" in running.http("/connexion", host=HOST).text,
        60,
        "new settings",
    )
    assert main_pid(running) == before


def test_settings_that_are_wrong_fail_the_reload_and_change_nothing(running):
    running.write("/srv/wrong.ini", running.read(INI) + "\n[server]\nworkers = some\n")
    running.run("cp", "/srv/wrong.ini", INI)
    assert running.run("systemctl", "reload", "ocpizza", check=False).returncode != 0
    assert running.http("/", host=HOST).status == 200
    assert "server.workers = 'some'" in running.output("journalctl", "-u", "ocpizza", "-o", "cat")


def test_no_visitor_notices_reloads_and_restarts(running):
    with visitors(running, HOST, "/", SHOP, "/panier", "/connexion") as seen:
        for _ in range(3):
            running.run("systemctl", "reload", "ocpizza")
            running.run("systemctl", "restart", "ocpizza")
            running.run("systemctl", "reload", "nginx")
    assert seen["failures"] == []
    assert seen["requests"] >= 2000


@pytest.mark.parametrize("unit", [WORKER, LIVE])
def test_what_runs_beside_it_takes_new_settings_at_a_reload_too(running, unit):
    def pid() -> str:
        return running.output("systemctl", "show", "-P", "MainPID", unit)

    # What is still on its way up is not told.
    wait_until(lambda: is_active(running, unit), 60, "it to run")
    before = pid()
    running.run("systemctl", "reload", "ocpizza")
    wait_until(lambda: pid() not in ("0", before) and is_active(running, unit), 60, "a new one")


def test_pages_that_listen_are_answered_by_a_service_of_their_own(running):
    """The shop needs it for nothing: pages ask by themselves where it is not."""

    def answers(status: int) -> bool:
        return running.http("/en-direct", host=HOST).status == status

    # It starts after the site, which waits for nobody.
    wait_until(lambda: is_active(running, LIVE), 60, "it to run")
    assert "ok   live" in running.output("ocpizza", "status")
    # Nobody is told anything without a ticket.
    assert answers(401)
    killed = running.output("systemctl", "show", "-P", "MainPID", LIVE)
    running.run("kill", f"-{signal.SIGKILL}", killed)
    wait_until(lambda: answers(401), 60, "another one")
    running.run("systemctl", "stop", LIVE)
    assert answers(503)
    assert running.http("/", host=HOST).status == 200
    assert is_active(running)
    assert not is_active(running, "ocpizza-live.socket")
    running.run("systemctl", "restart", "ocpizza")
    wait_until(lambda: answers(401), 60, "it to come with the site")
    running.run("systemctl", "stop", "ocpizza")
    assert not is_active(running, LIVE)
    assert not is_active(running, "ocpizza-live.socket")
    running.run("systemctl", "start", "ocpizza")


def test_it_comes_back_after_a_crash(running):
    crashed = main_pid(running)
    running.run("kill", f"-{signal.SIGKILL}", crashed)
    wait_until(
        lambda: is_active(running) and main_pid(running) not in ("0", crashed), 60, "a new start"
    )
    assert running.http("/health/ready", host=HOST).status == 200


def test_nginx_and_postgresql_come_back_after_a_crash_too(running):
    ready = ("curl", "-sf", "-o", "/dev/null", "-H", f"Host: {HOST}", "localhost/health/ready")
    running.run("systemctl", "kill", "-s", "KILL", "nginx", "postgresql@*")
    wait_until(lambda: running.run(*ready, check=False).returncode, 60, "the crash to be felt")
    wait_until(lambda: not running.run(*ready, check=False).returncode, 60, "both to be back")
    assert running.output("ocpizza", "check") == "everything adds up"


def look(running) -> int:
    """The watchdog's look, now: its exit status."""
    return running.run("systemctl", "start", WATCHDOG, check=False).returncode


@contextmanager
def post_office(droplet, folder: Path) -> Iterator[Path]:
    """A mail server on the droplet's loopback; what it is sent is in the file."""
    letters = folder / "letters"
    serve = (sys.executable, "-u", "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{SMTP}")
    with (
        letters.open("w") as file,
        subprocess.Popen(droplet.network.command(*serve), stdout=file) as server,
    ):
        droplet.wait_for_port(SMTP)
        yield letters
        server.terminate()


@contextmanager
def sentry(droplet) -> Iterator[Callable[[], str]]:
    """A Sentry on the droplet's loopback; gives what its list of errors says."""
    serve = f"from kent.app import create_app; create_app().run('127.0.0.1', {SENTRY})"
    command = droplet.network.command(sys.executable, "-c", serve)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **quiet) as server:
        droplet.wait_for_port(SENTRY)
        events = f"http://127.0.0.1:{SENTRY}/api/eventlist/"
        yield lambda: droplet.output("curl", "-s", events)
        server.terminate()


def test_a_site_that_answers_nothing_is_started_anew_and_this_is_told(hasty, tmp_path):
    hung = main_pid(hasty)
    assert look(hasty) == 0
    assert main_pid(hasty) == hung
    hasty.write("/srv/told.ini", hasty.read(INI) + TELL)
    hasty.run("cp", "/srv/told.ini", INI)
    with post_office(hasty, tmp_path) as letters, sentry(hasty) as errors:
        hasty.run("systemctl", "kill", "-s", "STOP", "ocpizza")
        assert look(hasty) != 0
        assert main_pid(hasty) not in ("0", hung)
        assert hasty.http("/health/ready", host=HOST).status == 200
        told = r"To: exploitation@example.org\n(.+\n)*Subject: .*ocpizza-watchdog"
        wait_until(lambda: re.search(told, letters.read_text()), 60, "a letter")
        assert "StartedAnew" in errors()
        # A timer's task, with the rights of its unit, and what the administrator tries by hand.
        assert hasty.run("systemctl", "start", DRILL, check=False).returncode != 0
        assert "BackupError" in errors()
        psql(hasty, "DELETE FROM job_run")  # whose failure the state of the next tests would tell
        assert "Sentry took the report" in hasty.output("ocpizza", "report-test")
    assert hasty.run("ocpizza", "report-test", check=False).returncode == 1
    assert "answered nothing for 4 s" in hasty.output("journalctl", "-u", WATCHDOG, "-o", "cat")
    assert look(hasty) == 0


def test_a_socket_that_is_gone_comes_back(hasty):
    hasty.run("rm", SOCKET)
    assert hasty.http(NEVER_KEPT, host=HOST).status == 503
    assert look(hasty) != 0
    assert hasty.http("/health/ready", host=HOST).status == 200


def test_a_site_that_was_stopped_is_left_alone(hasty):
    hasty.run("systemctl", "stop", "ocpizza")
    assert look(hasty) == 0
    assert not is_active(hasty)
    hasty.run("systemctl", "disable", "--now", "ocpizza-watchdog.timer")
    assert "BAD  watchdog" in hasty.run("ocpizza", "status", check=False).stdout
    hasty.run("systemctl", "enable", "--now", "ocpizza-watchdog.timer")


def test_what_status_alone_sees_is_told_once_and_so_is_its_end(running, tmp_path):
    """A timer that is off, and a job that failed, by systemd's own word."""
    running.write("/srv/told.ini", running.read(INI) + TELL)
    running.run("cp", "/srv/told.ini", INI)
    running.run("systemctl", "stop", "ocpizza-status.timer", "ocpizza-cyclic-update.timer")
    running.run("chmod", "000", "/var/backups/ocpizza")
    assert running.run("systemctl", "start", "ocpizza-backup", check=False).returncode != 0
    seen = running.run("ocpizza", "status", check=False)
    assert seen.returncode == 3
    (timers,) = re.findall(r"^BAD +timers +(.+)$", seen.stdout, re.M)
    assert "ocpizza-cyclic-update.timer is inactive: sudo systemctl enable --now" in timers
    (backup,) = re.findall(r"^BAD +backup +(.+)$", seen.stdout, re.M)
    assert "Permission denied: '/var/backups/ocpizza': sudo ls -lad /var/backups/ocpizza" in backup

    def look_twice() -> None:
        for _ in range(2):
            running.run("systemctl", "start", STATUS)

    with post_office(running, tmp_path) as letters:
        look_twice()
        assert re.search(r" v(?:a|ont) mal\b", subjects(letters)[-1])
        running.run("chmod", "700", "/var/backups/ocpizza")
        running.run("systemctl", "stop", "ocpizza-backup")
        running.run("systemctl", "reset-failed")
        running.run("systemctl", "start", "ocpizza-cyclic-update.timer", "ocpizza-status.timer")
        look_twice()
    of_backup = [subject for subject in subjects(letters) if "backup" in subject]
    told = [re.split(" va | vont ", subject, maxsplit=1)[1:] for subject in of_backup]
    assert [rest.rpartition(" sur ")[0] for (rest,) in filter(None, told)] == [
        "mal",
        "de nouveau bien",
    ]


def subjects(letters: Path) -> list[str]:
    """Of the letters, as people read them."""
    found = re.findall(r"^Subject: (.+(?:\n .+)*)", letters.read_text(), re.M)
    return ["", *(str(make_header(decode_header(one))) for one in found)]


def test_a_worker_that_dies_is_replaced(running):
    def workers() -> set[str]:
        return set(running.output("pgrep", "-P", main_pid(running)).split())

    def complete() -> bool:
        return len(workers()) == len(os.sched_getaffinity(0)) + 1

    wait_until(complete, 60, "every worker")
    killed, *_ = workers()
    running.run("kill", f"-{signal.SIGKILL}", killed)
    wait_until(lambda: killed not in workers() and complete(), 60, "a new worker")
    assert running.http("/", host=HOST).status == 200


def test_a_database_that_restarts_is_found_again(running):
    before = main_pid(running)
    running.run("systemctl", "stop", "postgresql@*")
    assert running.http("/health/live", host=HOST).status == 200
    assert running.http("/health/ready", host=HOST).status == 503
    running.run("systemctl", "start", "postgresql")
    for _ in range(8):
        assert running.http(NEVER_KEPT, host=HOST).status == 200
    assert main_pid(running) == before


def figures(droplet) -> str:
    """What Prometheus would read on this machine; nothing where nobody answers."""
    return droplet.run("curl", "-s", "http://127.0.0.1:6544/metrics", check=False).stdout


def answered(droplet) -> float:
    found = re.search(r'ocpizza_requests_total\{.*route="home".*\} (\S+)', figures(droplet))
    return float(found[1]) if found else 0


def test_prometheus_reads_the_figures_and_starts_no_site(running):
    before = answered(running)
    # nginx keeps a page for a second: each is another one, of a place where nobody delivers.
    for postcode in range(13001, 13011):
        assert running.http(f"/?code_postal={postcode}", host=HOST).status == 200
    assert answered(running) == before + 10
    running.run("systemctl", "reload", "ocpizza")
    assert running.http("/?code_postal=13011", host=HOST).status == 200
    assert answered(running) == before + 11
    assert "ocpizza_database_up 1.0" in figures(running)
    assert running.http("/metrics", host=HOST).status == 404
    assert running.http("/metrics").status == 404
    folder = "/run/ocpizza/metrics"
    assert running.output("stat", "-c", "%a %U", folder) == "700 ocpizza"

    running.run("systemctl", "stop", "ocpizza")
    assert figures(running) == ""
    assert not is_active(running)
    assert running.run("test", "-e", folder, check=False).returncode != 0
    running.run("systemctl", "start", "ocpizza")
    assert answered(running) == 0
    assert "ocpizza_database_up 1.0" in figures(running)


def test_a_port_that_another_program_holds_costs_the_figures_and_no_site(running):
    running.run("systemctl", "stop", "ocpizza")
    other = ("python3", "-m", "http.server", "--bind", "127.0.0.1", "6544")
    running.run("systemd-run", "--unit=other", *other)
    running.wait_for_port(6544)
    running.run("systemctl", "start", "ocpizza")
    assert running.http("/health/ready", host=HOST).status == 200
    assert not is_active(running, "ocpizza-metrics.socket")
    assert "ocpizza_" not in figures(running)
    running.run("systemctl", "stop", "other")
    # As after an upgrade from a version that had no such socket.
    running.run("systemctl", "restart", "ocpizza")
    assert "ocpizza_database_up 1.0" in figures(running)


def test_a_disabled_site_does_not_start_with_the_machine(running):
    running.run("systemctl", "disable", "ocpizza")
    running.reboot()
    assert not is_active(running)
    assert running.http("/", host=HOST).status == 503
    running.run("systemctl", "enable", "ocpizza")
