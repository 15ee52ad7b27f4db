"""A PostgreSQL that stops and starts again under the running site."""

import threading
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy.orm import Session

from databases import MIGRATIONS, Cluster
from droplets.waiting import wait_until
from ocpizza.db import make_engine
from ocpizza.operations.demo_data import load_demo_data
from ocpizza.operations.migrate import migrate
from serving import gunicorn
from views.pages import words

SHOP = "/pizzeria/paris-republique"
PAGES = ["/", SHOP, "/suivi/" + "t" * 43, f"{SHOP}/regina", "/mentions-legales"]
POSTS = {
    "/connexion": {"identifier": "x", "password": "y"},
    f"{SHOP}/ajouter": {"size": "1", "quantity": "1"},
}


@pytest.fixture
def cluster():
    cluster = Cluster()
    yield cluster
    cluster.stop()


@pytest.fixture
def site(cluster, tmp_path):
    """The demo shop, two processes of it, on a database of its own server."""
    engine = make_engine(cluster.url("postgres"))
    migrate(engine, MIGRATIONS)
    with Session(engine) as session, session.begin():
        load_demo_data(session, datetime.now(UTC))
    engine.dispose()
    ini = tmp_path / "ocpizza.ini"
    ini.write_text(
        f"[database]\nurl = {cluster.url('postgres')}\nmigrations = {MIGRATIONS}\n"
        "[session]\nsecret_file = session.key\n[server]\nworkers = 2\n"
    )
    with gunicorn(ini, tmp_path, workers=2) as site:
        yield site


def ask_everything(site) -> list:
    """Every page and post, all at once and several times."""
    answers = []

    def visit(path: str) -> None:
        for _ in range(3):
            browser = site.browser()
            if path in POSTS:
                answers.append(browser.post(path, POSTS[path], expect_errors=True))
            else:
                answers.append(browser.get(path, expect_errors=True))

    visitors = [threading.Thread(target=visit, args=[path]) for path in [*PAGES, *POSTS]]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return answers


def test_visitors_are_told_so_and_the_log_says_it_once(site, cluster):
    assert {answer.status_int for answer in ask_everything(site)} <= {200, 303, 404, 422, 429}
    quiet = site.said()
    for incident in (1, 2):
        cluster.halt()
        answers = ask_everything(site)
        assert len(answers) == 3 * (len(PAGES) + len(POSTS))
        for answer in answers:
            assert answer.status_int == 503, answer.request.path
            assert answer.headers["Retry-After"] == "10"
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Nous revenons tout de suite" in words(answer)
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert site.browser().get("/health/ready", status=503)
        assert site.browser().get("/health/live", status=200)
        # What asks the database nothing is there, and says nothing about it.
        assert site.browser().get("/connexion", status=200)
        english = site.browser().get("/", headers={"Accept-Language": "en"}, status=503)
        assert "We will be right back" in words(english)
        cluster.start()
        wait_until(partial(_is_over, site, incident), 60, "the end of the incident")
        assert site.said().count("the database is down") == incident
    said = site.said().removeprefix(quiet)
    assert "Traceback" not in said
    # What the visitors themselves do is told once each, whatever the database does.
    of_the_site = [line for line in said.splitlines() if '"event": "security"' not in line]
    assert len(of_the_site) == 4, said


def _is_over(site, incident: int) -> bool:
    """Whether visitors are served again, and the log says so."""
    if site.browser().get("/", expect_errors=True).status_int == 503:
        return False  # nobody else needs to ask yet
    statuses = {answer.status_int for answer in ask_everything(site)}
    return 503 not in statuses and site.said().count("the database is back") == incident
