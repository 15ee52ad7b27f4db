"""Pages that nginx may keep and give to others: which, and that nobody's own is in them."""

import gzip
from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from webob import Request

from ocpizza.db import make_engine, read_only
from ocpizza.models.order_status import Status
from ocpizza.security.shared_pages import MARK
from ocpizza.services.rate_limits import TooManyUses
from ocpizza.views.catalogue import menu
from security.test_roles import PAGES, path_of
from views.pages import form_of, notices, soup
from views.website import CHANGE, SHOP

# Every page that is the same for everybody. Whatever is not here is kept by nobody.
SHARED = (
    "home",
    "terms",
    "legal_notice",
    "privacy",
    "accessibility",
    "allergens_anywhere",
    "allergens",
    "menu",
    "product",
)
LANGUAGES = {"fr": "fr-FR,fr;q=0.9,en;q=0.8", "en": "en-GB,en;q=0.9"}


def marked(answer) -> bool:
    """Whether nginx may keep it; then it holds nothing of whoever asked."""
    if MARK not in answer.headers:
        return False
    assert answer.headers[MARK] == "1"
    assert answer.status_int == 200
    assert "Set-Cookie" not in answer.headers
    page = soup(answer)
    assert page.body["data-csrf"] == ""
    assert {field["value"] for field in page.select("[name=csrf_token]")} <= {""}
    assert "data-account" not in page.body.attrs
    assert notices(answer) == []
    return True


def kept_when_asked(website, path, method, language="fr"):
    """Ask a page in every way; yield each way and whether its answer may be kept."""
    headers = {"Accept-Language": LANGUAGES[language]}
    for asked in {method, "GET", "HEAD", "POST", "DELETE"}:
        answer = website.browser().request(path, method=asked, headers=headers, expect_errors=True)
        if asked == "HEAD":
            kept = MARK in answer.headers
            assert "Set-Cookie" not in answer.headers or not kept
        else:
            kept = marked(answer)
        if kept:
            assert answer.headers["Content-Language"] == language
            assert asked == "HEAD" or soup(answer).html["lang"] == language
        yield asked, kept


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("route", SHARED)
def test_the_public_catalogue_may_be_kept(website, route, language):
    path = path_of(website, route, website.order(Status.READY))
    for asked, kept in kept_when_asked(website, path, "GET", language):
        assert kept is (asked in ("GET", "HEAD")), asked


def test_nothing_but_the_public_catalogue_may_be_kept(website):
    order = website.order(Status.READY)
    for route, method in PAGES:
        if route in SHARED:
            continue
        for asked, kept in kept_when_asked(website, path_of(website, route, order), method):
            assert not kept, (route, asked)


@pytest.mark.parametrize("who", ["cashier", "manager", "direction", "customer"])
def test_no_page_of_somebody_who_is_signed_in_may_be_kept(website, who):
    browser, order = website.staff(who), website.order(Status.READY)
    for route, _method in PAGES:
        answer = browser.get(path_of(website, route, order), expect_errors=True)
        assert MARK not in answer.headers, route


@pytest.mark.parametrize(
    "brought",
    [
        {"Cookie": "ocpizza=x"},
        {"Cookie": "langue=en"},
        {"Cookie": "somebody=else"},
        {"Authorization": "Basic eDp5"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/", SHOP, f"{SHOP}/margherita", "/conditions-generales"])
def test_no_page_of_somebody_who_brings_anything_may_be_kept(website, path, brought):
    assert MARK in website.browser().get(path).headers
    assert MARK not in website.browser().get(path, headers=brought).headers


def test_a_page_with_a_basket_may_not_be_kept(browser):
    browser.add()
    assert browser.cookies
    assert MARK not in browser.get(SHOP).headers
    browser.reset()
    assert marked(browser.get(SHOP))


@pytest.mark.parametrize("query", ["code_postal=75011", "mode=takeaway"])
def test_no_page_that_begins_a_session_may_be_kept_and_its_forms_are_of_it(browser, query):
    page = browser.get(f"/?{query}")
    assert "Set-Cookie" in page.headers
    assert MARK not in page.headers
    assert form_of(page, "/langue").submit("langue").status_int == 303


@pytest.mark.parametrize(
    ("status", "method", "path"),
    [
        (303, "GET", f"{SHOP}/margherita?ligne=1"),
        (400, "GET", "/?code_postal=%ff"),
        (404, "GET", "/nulle-part"),
        (404, "GET", "/pizzeria/nulle-part"),
        (404, "GET", f"{SHOP}/nulle-part"),
        (405, "PUT", SHOP),
        (422, "POST", f"{SHOP}/margherita"),
        (400, "POST", CHANGE),
    ],
)
def test_no_refusal_may_be_kept(website, status, method, path):
    headers = {"Sec-Fetch-Site": "cross-site"} if path == CHANGE else {}
    answer = website.browser().request(path, method=method, headers=headers, status=status)
    assert MARK not in answer.headers


def test_no_page_of_a_broken_site_may_be_kept(website, tmp_path):
    browser, registry = website.browser(), website.application.registry
    for url, status in (("nowhere/at/all.sqlite", 503), ("empty.sqlite", 500)):
        engine = make_engine(f"sqlite:///{tmp_path}/{url}")
        registry["engines"] = {"write": engine, "read": read_only(engine)}
        with capture_logs():
            answer = browser.get(SHOP, status=status)
        assert MARK not in answer.headers
        registry["outage"].answered()


def test_a_page_that_hands_out_a_cookie_may_not_be_kept(website, monkeypatch):
    basket_bar = menu.basket_bar

    def with_a_session(request, *rest):
        request.session["anything"] = "of somebody's"
        return basket_bar(request, *rest)

    monkeypatch.setattr(menu, "basket_bar", with_a_session)
    answer = website.browser().get(SHOP)
    assert "Set-Cookie" in answer.headers
    assert MARK not in answer.headers


def test_too_many_tries_may_not_be_kept(website, monkeypatch):
    def refuse(*_):
        raise TooManyUses(timedelta(minutes=1))

    monkeypatch.setattr(menu, "basket_bar", refuse)
    assert MARK not in website.browser().get(SHOP, status=429).headers


def test_a_shared_page_comes_compressed_to_nginx_alone(website):
    def ask(said: str):
        request = Request.blank(SHOP, headers={"Accept-Encoding": said} if said else {})
        return request.get_response(website.application)

    plain, asked_by_nginx = ask(""), ask("gzip")
    assert asked_by_nginx.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(asked_by_nginx.body) == plain.body
    assert asked_by_nginx.content_length == len(asked_by_nginx.body) < len(plain.body)
    assert "Accept-Encoding" in asked_by_nginx.headers.getall("Vary")
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in ask("gzip, deflate, br").headers
