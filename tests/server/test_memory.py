"""An upgrade takes a running site's files away: it goes on from memory until it is restarted."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import ocpizza
from droplets.waiting import wait_until
from droplets.web import browser
from ocpizza.operations.demo_data import PASSWORD
from views.pages import words
from views.website import DETAILS, PAYMENT, STANLEY, Browser, form_of

RESTAURANT = "/pizzeria/paris-republique"
# Says which of the files that may go were opened after the first worker was there.
SERVE = """
import os, sys
files = sys.argv.pop(1)
def note(event, arguments):
    if event == "open" and str(arguments[0]).startswith(files) and "worker" in sys.modules:
        print("OPENED", arguments[0], file=sys.stderr, flush=True)
    if event == "os.fork":
        sys.modules["worker"] = sys
sys.addaudithook(note)
sys.path[:0] = [files]
from ocpizza.cli import main
main()
"""


class UnixSocket:
    """What `droplets.web` connects to."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def connect(self, _port: int) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(30)
        connection.connect(str(self.path))
        return connection


@pytest.fixture
def files(tmp_path) -> Path:
    """Every file that the site is made of, in a folder that may be deleted."""
    copy = tmp_path / "files"
    shutil.copytree(sysconfig.get_path("purelib"), copy, copy_function=_link)
    shutil.copytree(Path(ocpizza.__file__).parent, copy / "ocpizza")
    for editable in copy.glob("__editable__*"):
        editable.unlink()
    return copy


@pytest.fixture
def serve(tmp_path, settings, files, demo_database):
    """Starts the site from `files`; gives its process, its socket and its log."""
    started = []
    path = tmp_path / "site.sock"

    def start():
        environment = {"OCPIZZA_SERVER_SOCKET": str(path), "OCPIZZA_SERVER_WORKERS": "2"}
        command = [sys.executable, "-S", "-I", "-c", SERVE, files]
        command += ["--config", tmp_path / "ocpizza.ini", "serve", "--gunicorn"]
        log = (tmp_path / "log").open("w")
        process = subprocess.Popen(command, env=environment, stderr=log, stdout=log, cwd="/")
        started.append(process)
        wait_until(lambda: process.poll() is not None or _workers(log) == 2, 30, "two workers")
        assert process.poll() is None, _text(log)
        return process, UnixSocket(path), log

    yield start
    for process in started:
        process.terminate()
        process.wait(30)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy(source, target)


def _text(log) -> str:
    return Path(log.name).read_text()


def _workers(log) -> int:
    return _text(log).count("Booting worker")


def order(visitor: Browser):
    """Everything that a visitor does, mistakes included."""
    visitor.get("/")
    visitor.get("/?code_postal=75011")
    visitor.get("/nulle-part", status=404)
    menu = visitor.get(RESTAURANT)
    visitor.get(menu.html.select_one("img[src^='/dessin/']")["src"])
    visitor.add("regina", RESTAURANT)
    visitor.get("/panier")
    visitor.give_details(phone="12")
    visitor.form(DETAILS, DETAILS)
    visitor.give_details(**STANLEY)
    visitor.get(PAYMENT)
    return visitor.payment_form().submit(status=303).follow()


def work(manager: Browser) -> None:
    """Sign in, with a mistake before, and look at what there is."""
    for password in ("wrong", PASSWORD):
        form = manager.form("/connexion", "/connexion")
        form["identifier"], form["password"] = "manager.republique", password
        manager.page = form.submit(expect_errors=True)
    kitchen = manager.page.follow().maybe_follow()
    assert kitchen.status_int == 200
    for page in ("cuisine", "livraisons", "comptoir", "recettes", "stock", "pizzas-realisables"):
        manager.get(f"/equipe/city_001/{page}")
    form_of(kitchen, "/deconnexion").submit(status=303)


def test_a_site_whose_files_are_gone_goes_on(serve, files):
    process, site, log = serve()
    shutil.rmtree(files)
    tracking = order(Browser(browser(site, "localhost").app))
    assert "Commande" in words(tracking)
    work(Browser(browser(site, "localhost").app))
    assert Browser(browser(site, "localhost").app).get("/health/ready").text == "ok\n"
    assert "OPENED" not in _text(log)
    assert "Traceback" not in _text(log)
    # A worker that dies is replaced from memory too.
    (worker, *_) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(worker), signal.SIGKILL)
    wait_until(lambda: _workers(log) == 3, 20, "another worker")
    for _ in range(8):
        order(Browser(browser(site, "localhost").app))
    assert "Traceback" not in _text(log)
