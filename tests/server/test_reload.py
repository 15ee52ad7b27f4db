"""`systemctl reload`: new settings are taken, wrong ones are not, nobody is refused."""

import signal
import threading

import pytest
from structlog.testing import capture_logs

from droplets.waiting import wait_until
from ocpizza.server import Server
from serving import gunicorn

# So that the new worker has a processor to start on.
PAUSE_SECONDS = 0.02


@pytest.fixture
def config(tmp_path, settings):
    """The settings file of one worker; writing it again changes the settings."""
    path = tmp_path / "ocpizza.ini"
    path.write_text(f"{path.read_text()}[server]\nworkers = 1\n")
    return path


@pytest.fixture
def site(tmp_path, config):
    folder = tmp_path / "run"
    folder.mkdir()
    with gunicorn(config, folder) as site:
        yield site


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_new_settings_are_taken(site, config):
    assert "pizza-demo" not in site.browser().get("/connexion").text
    before = site.workers()
    changed = config.read_text().replace("workers = 1", "workers = 3")
    config.write_text(f"{changed}[demo]\nstaff_page = yes\n")
    site.process.send_signal(signal.SIGHUP)
    wait_until(lambda: len(site.workers() - before) == len(site.workers()) == 3, 60, "new workers")
    assert "pizza-demo" in site.browser().get("/connexion").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_wrong_settings_change_nothing(site, config):
    config.write_text(config.read_text().replace("workers = 1", "workers = many"))
    site.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "server.workers = 'many'" in site.said(), 60, "the reason in the log")
    wait_until(lambda: site.said().count("Booting worker") >= 2, 60, "another worker")
    site.browser().get("/health/ready", status=200)
    assert site.process.poll() is None


def test_whatever_fails_the_site_goes_on_as_it_is(config, monkeypatch):
    """An update may raise anything; nobody is left to answer if the process ends."""
    server = object.__new__(Server)
    server.config, server.settings, server.callable = config, "old settings", "old application"

    def fail(*_):
        raise RuntimeError("in a\nlibrary")

    monkeypatch.setattr("ocpizza.server.make_application", fail)
    with capture_logs() as told:
        server.reload()
    assert (server.settings, server.callable) == ("old settings", "old application")
    (line,) = [line for line in told if line["log_level"] == "error"]
    assert line["reason"] == "RuntimeError: in a library"


PAGE = """
import sys
from pyramid.response import Response
from ocpizza.security.permissions import Permission

def home(request):
    kept = {name.split(".")[0] for name in sys.modules if name.startswith("ocpizza_overlay")}
    return Response("%s, " + str(len(kept)))

def includeme(config):
    config.add_view(home, route_name="home", permission=Permission.SHOP)
"""


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_another_release_is_taken_and_nothing_of_the_last_one_kept(site, config):
    overlay = config.parent / "var/overlay"
    for reloads, stamp in enumerate(("1", "2"), 2):
        page = overlay / "releases" / stamp / "common/page.py"
        page.parent.mkdir(parents=True)
        page.write_text(PAGE % f"release {stamp}")
        page.with_name("broken.py").write_text("raise ValueError")
        (overlay / "next").symlink_to(f"releases/{stamp}")
        (overlay / "next").rename(overlay / "current")
        site.process.send_signal(signal.SIGHUP)
        site.wait_for_workers(reloads)
        wait_until(lambda: site.workers(), 60, "a worker")
        expected = f"release {stamp}, 1"
        wait_until(lambda text=expected: site.browser().get("/").text == text, 60, expected)
    assert site.said().count("component set aside") == 2
    assert "common/broken.py" in site.said()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_nobody_is_refused_meanwhile(site):
    answers, done = [], threading.Event()

    def ask() -> None:
        browser = site.browser()
        while not done.wait(PAUSE_SECONDS):
            answers.append(browser.get("/", expect_errors=True).status_int)

    visitors = [threading.Thread(target=ask) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    for reloads in range(2, 5):
        site.process.send_signal(signal.SIGHUP)
        site.wait_for_workers(reloads)
        enough = len(answers) + 20
        wait_until(lambda enough=enough: len(answers) > enough, 60, "answers")
    done.set()
    for visitor in visitors:
        visitor.join(60)
    assert set(answers) == {200}
