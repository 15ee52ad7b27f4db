"""An upgrade takes a running site's files away: it goes on from memory until it is restarted."""

import os
import shutil
import signal
import sys
import sysconfig
from pathlib import Path

import pytest

import ocpizza
from ocpizza.operations.demo_data import PASSWORD
from serving import gunicorn
from views.pages import form_of, words
from views.website import STANLEY, Browser

RESTAURANT = "/pizzeria/paris-republique"
# Runs the command from a folder that may go, and says which of its files workers open.
SERVE = """
import os, sys
files, master = sys.argv.pop(1), os.getpid()
def note(event, arguments):
    if event == "open" and os.getpid() != master and str(arguments[0]).startswith(files):
        print("OPENED", arguments[0], file=sys.stderr, flush=True)
sys.addaudithook(note)
sys.path[:0] = [files]
from ocpizza.cli import main
main()
"""


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
def site(tmp_path, settings, files, demo_database):
    """The demo shop, served from `files`."""
    program = (sys.executable, "-S", "-I", "-c", SERVE, files)
    (tmp_path / "run").mkdir()
    with gunicorn(tmp_path / "ocpizza.ini", tmp_path / "run", program=program) as site:
        yield site


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy(source, target)


def order(visitor: Browser):
    """Everything that a visitor does, mistakes included."""
    visitor.get("/")
    visitor.get("/?code_postal=75011")
    visitor.get("/nulle-part", status=404)
    menu = visitor.get(RESTAURANT)
    visitor.get(menu.html.select_one("img[src^='/dessin/']")["src"])
    visitor.add("regina", RESTAURANT, quantity=2)
    visitor.get("/panier")
    visitor.give_details(phone="+32 2 123 45 67 x")
    visitor.give_details(**STANLEY)
    placed = visitor.payment_form().submit(status=303).follow()
    assert visitor.get(placed.html.select_one("a[download]")["href"]).body.startswith(b"%PDF-")
    for path in ("/mentions-legales", "/donnees-personnelles", f"{RESTAURANT}/allergenes"):
        visitor.get(path)
    return placed


def work(manager: Browser) -> None:
    """Sign in, with a mistake before, and look at what there is."""
    for password in ("wrong", PASSWORD):
        form = manager.form("/connexion", "/connexion")
        form["identifier"], form["password"] = "manager.republique", password
        page = form.submit(expect_errors=True)
    kitchen = page.follow().maybe_follow()
    assert kitchen.status_int == 200
    for name in ("cuisine", "livraisons", "comptoir", "recettes", "stock", "pizzas-realisables"):
        manager.get(f"/equipe/city_001/{name}")
    form_of(kitchen, "/deconnexion").submit(status=303)


def visit(site) -> None:
    assert "Commande" in words(order(site.browser()))
    work(site.browser())
    assert site.browser().get("/health/ready").text == "ok\n"


def test_a_site_whose_files_are_gone_goes_on(site, files):
    shutil.rmtree(files)
    visit(site)
    started = site.said().count("Booting worker")
    for worker in site.workers():
        os.kill(worker, signal.SIGKILL)
    site.wait_for_workers(2 * started)
    visit(site)
    assert "OPENED" not in site.said()
