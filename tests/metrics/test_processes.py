"""The figures of all of gunicorn's processes, living and dead, are right, and do not pile up."""

import os
import signal
import threading

import pytest

from databases import MIGRATIONS
from droplets.waiting import wait_until
from metrics.reading import samples
from serving import Site, gunicorn

WORKERS = 2
POOL = 5


@pytest.fixture(scope="module")
def site(databases, tmp_path_factory):
    """One site for all: what a test asks of it counts in the next."""
    folder = tmp_path_factory.mktemp("site")
    with databases.private("sqlite") as engine:
        config = folder / "ocpizza.ini"
        config.write_text(
            f"[database]\nurl = {engine.url}\nmigrations = {MIGRATIONS}\n"
            f"[session]\nsecret_file = session.key\n[server]\nworkers = {WORKERS}\n"
        )
        with gunicorn(config, folder, workers=WORKERS, metrics=True) as site:
            yield site


def ask(site: Site, times: int) -> None:
    """From several visitors at once, so that no process is left out."""

    def visit() -> None:
        browser = site.browser()
        for _ in range(times // 4):
            browser.get("/health/ready", status=200)

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(60)


def counted(site: Site) -> float:
    text = site.figures().text
    count = samples(text, "ocpizza_request_seconds_count").get(("health_ready",), 0)
    # Its labels: method, route, status.
    assert samples(text, "ocpizza_requests_total").get(("read", "health_ready", "200"), 0) == count
    return count


def answered(site: Site) -> float:
    """By whatever process is asked, it is the same."""
    found = {counted(site) for _ in range(3 * WORKERS)}
    assert len(found) == 1, found
    return found.pop()


def places(site: Site) -> set[int]:
    files = (site.socket.parent / "metrics").iterdir()
    return {int(file.stem.rpartition("_")[2]) for file in files}


def ended(site: Site, before: set[int]) -> None:
    """Wait until these processes are gone, and others are there."""
    wait_until(lambda: not site.workers() & before and len(site.workers()) == WORKERS, 60, "others")


def test_nothing_is_lost_or_doubled_or_left_behind_by_processes_that_come_and_go(site):
    began = answered(site)
    ask(site, 100)
    assert answered(site) == began + 100

    before = site.workers()
    site.process.send_signal(signal.SIGHUP)
    # While both are there.
    ask(site, 40)
    ended(site, before)
    assert answered(site) == began + 140
    # Of those that go and of those that come, and of nobody before them.
    assert places(site) <= set(range(2 * WORKERS))

    victim = min(site.workers())
    os.kill(victim, signal.SIGKILL)
    ended(site, {victim})
    assert answered(site) == began + 140
    ask(site, 40)
    assert answered(site) == began + 180
    assert places(site) <= set(range(2 * WORKERS))

    connections = samples(site.figures().text, "ocpizza_pool_connections")
    assert connections[("in_use",)] == 0
    # Nothing is known of a process that has not asked the database yet, nor of the dead.
    assert connections[("allowed",)] in [POOL * workers for workers in range(1, WORKERS + 1)]


def test_the_way_that_is_kept_for_figures_leads_nowhere_else(site):
    answer = site.figures()
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/", "/metrics/", "//metrics", "/health/live", "/connexion", "/static/x.css"):
        assert site.figures(path).status == 404, path
    assert site.figures(method="POST").status == 405
    assert site.figures(method="HEAD").text == ""


@pytest.mark.parametrize(
    "told",
    [{}, {"X-Real-IP": "127.0.0.1"}, {"X-Forwarded-For": "127.0.0.1"}, {"Host": "localhost"}],
)
def test_whoever_comes_as_visitors_do_learns_nothing(site, told):
    visitor = site.browser()
    answer = visitor.get("/metrics", headers=told, status=404)
    nowhere = visitor.get("/metricz", headers=told, status=404)
    assert answer.text == nowhere.text.replace("metricz", "metrics")
    assert {*answer.headers} == {*nowhere.headers}
