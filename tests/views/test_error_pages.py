"""Error pages: designed, in French, and telling nobody anything but where to go on."""

import re

import pytest
from structlog.testing import capture_logs

from ocpizza.db import make_engine, read_only
from views.pages import designed, soup, words
from views.website import BASKET, CHANGE, SHOP, Browser


@pytest.fixture
def broken(website, tmp_path):
    """The website on a database without tables, which nothing of ours expects."""
    website.staff("manager")
    engine = make_engine(f"sqlite:///{tmp_path}/empty.sqlite")
    engines = website.application.registry["engines"]
    website.application.registry["engines"] = {"write": engine, "read": read_only(engine)}
    yield website
    website.application.registry["engines"] = engines


def test_a_crash_shows_a_mark_that_the_log_has(broken):
    with capture_logs() as log:
        page = broken.browser().get(SHOP, status=500)
    assert designed(page)
    assert "Un problème de notre côté" in words(page)
    mark = re.search("donnez ce repère : ([0-9a-f]{8})", words(page))[1]
    (entry,) = (entry for entry in log if entry["event"] == "crash")
    assert entry["error_id"] == mark
    assert entry["path"] == SHOP
    assert "OperationalError" in repr(entry["exc_info"])
    assert "sqlite" not in page.text.lower()


def test_a_crash_has_security_headers_and_no_cookie(broken):
    page = broken.browser().get(SHOP, status=500)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers


def test_nothing_is_lost_when_the_database_goes_and_comes_back(website, browser, tmp_path):
    browser.add(quantity=2)
    token = browser.token()
    engines = website.application.registry["engines"]
    engine = make_engine(f"sqlite:///{tmp_path}/nowhere/at/all.sqlite")
    website.application.registry["engines"] = {"write": engine, "read": read_only(engine)}
    with capture_logs() as log:
        for path in ("/", BASKET, SHOP):
            browser.get(path, status=503)
        browser.post(CHANGE, {"vider": "1", "csrf_token": token}, status=503)
    assert [entry["event"] for entry in log] == ["the database is down"]
    website.application.registry["engines"] = engines
    assert browser.lines() == [("Margherita", 2)]


def test_a_crash_while_signed_in_is_the_same_page(broken):
    browser = broken.staff("manager")
    with capture_logs() as log:
        page = browser.get("/equipe/city_001/cuisine", status=500)
    assert designed(page)
    assert [entry["event"] for entry in log] == ["crash"]


@pytest.mark.parametrize(
    ("status", "path", "title"),
    [
        (404, "/nulle-part", "Page introuvable"),
        (404, "/pizzeria/nulle-part", "Page introuvable"),
        (400, "/?code_postal=%ff", "Demande incorrecte"),
        (403, "/equipe/city_001/livraisons", "Accès refusé"),
    ],
)
def test_every_error_is_a_page_that_leads_on(website, status, path, title):
    browser = website.staff("pizzaiolo") if status == 403 else website.browser()
    page = browser.get(path, status=status)
    assert designed(page)
    assert soup(page).h1.get_text() == title
    assert str(status) in words(page)
    for link in soup(page).select("main a"):
        browser.get(link["href"], status=200)


def test_a_refused_post_is_a_page_that_leads_on(website):
    page = Browser(website.application, HTTP_SEC_FETCH_SITE="cross-site").post(
        CHANGE, {"vider": "1"}, status=400
    )
    assert designed(page)
    assert soup(page).h1.get_text() == "Demande refusée"


@pytest.mark.parametrize("path", ["/nulle-part", "/?code_postal=%ff"])
def test_an_error_is_no_question_to_the_database(broken, path):
    with capture_logs() as log:
        assert broken.browser().get(path, expect_errors=True).status_int < 500
    assert log == []
