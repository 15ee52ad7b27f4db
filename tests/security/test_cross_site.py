"""Posts from other sites: the browser's word first, the session's token from then on."""

import pytest
import webtest

from views.pages import designed, form_of, words
from views.website import ADD, BASKET, CHANGE, SHOP, Browser

OURS = [
    {"HTTP_SEC_FETCH_SITE": "same-origin"},
    {"HTTP_ORIGIN": "http://localhost:80"},
    {"HTTP_ORIGIN": "http://localhost"},
    {"HTTP_ORIGIN": "http://LOCALHOST"},
    {"HTTP_REFERER": "http://localhost:80/pizzeria/city-001"},
]
THEIRS = [
    {},
    {"HTTP_SEC_FETCH_SITE": "cross-site"},
    {"HTTP_SEC_FETCH_SITE": "same-site"},
    {"HTTP_SEC_FETCH_SITE": "none"},
    {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://localhost:80"},
    {"HTTP_ORIGIN": "https://evil.example"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "null", "HTTP_REFERER": "http://localhost:80/"},
    {"HTTP_ORIGIN": "https://localhost"},
    {"HTTP_ORIGIN": "https://localhost:80"},
    {"HTTP_ORIGIN": "http://localhost:8080"},
    {"HTTP_ORIGIN": "http://localhost:port"},
    {"HTTP_ORIGIN": "localhost:80"},
    {"HTTP_ORIGIN": "//localhost:80"},
    {"HTTP_ORIGIN": "http://user@localhost:80"},
    {"HTTP_REFERER": "https://localhost/"},
    {"HTTP_ORIGIN": "http://[evil"},
    {"HTTP_ORIGIN": "http://localhost:80.evil.example"},
    {"HTTP_REFERER": "https://evil.example/?http://localhost:80/"},
    {"HTTP_REFERER": "http://evil\\@localhost"},
]


def said_by(headers: dict[str, str]) -> str:
    return ", ".join(f"{name[5:].title()} {value}" for name, value in headers.items()) or "nothing"


def size_of(website) -> str:
    return str(website.pizzeria.size("margherita").id)


def visit(website, headers: dict[str, str]) -> webtest.TestApp:
    return webtest.TestApp(website.application, extra_environ=headers | {"HTTP_HOST": HOST})


HOST = "localhost:80"


@pytest.mark.parametrize("headers", OURS, ids=said_by)
def test_a_first_post_needs_only_the_browsers_word_that_it_is_ours(website, headers):
    visitor = visit(website, headers)
    answer = visitor.post(ADD, {"size": size_of(website), "quantity": "1"}, status=303)
    assert "Margherita : ajouté au panier." in words(answer.follow())


@pytest.mark.parametrize("headers", THEIRS, ids=said_by)
def test_a_first_post_from_elsewhere_is_refused(website, headers):
    visitor = visit(website, headers)
    answer = visitor.post(ADD, {"size": size_of(website), "quantity": "1"}, status=400)
    assert designed(answer)
    assert "Demande refusée" in words(answer)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("headers", THEIRS[1:], ids=said_by)
def test_a_later_post_from_elsewhere_leaves_the_basket_as_it_is(website, browser, headers):
    browser.add()
    token = browser.token()
    thief = Browser(website.application)
    thief.cookiejar, thief.extra_environ = browser.cookiejar, headers
    answer = thief.post(CHANGE, {"vider": "1", "csrf_token": token}, status=400)
    assert designed(answer)
    assert browser.lines() == [("Margherita", 1)]


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("shop.example", "https://shop.example"),
        ("shop.example:443", "https://shop.example"),
        ("shop.example:8443", "https://shop.example:8443"),
    ],
)
def test_over_https_the_origin_is_https_too(website, host, origin):
    fields = {"size": size_of(website), "quantity": "1"}
    for source, status in ((origin, 303), (origin.replace("https", "http"), 400)):
        told = {"HTTP_HOST": host, "wsgi.url_scheme": "https", "HTTP_ORIGIN": source}
        visitor = webtest.TestApp(website.application, extra_environ=told)
        visitor.post(ADD, fields, status=status)


@pytest.mark.parametrize("token", ["", "wrong", "é\x00", "a" * 10_000])
def test_a_later_post_without_the_sessions_token_is_refused(browser, token):
    browser.add()
    answer = browser.post(CHANGE, {"vider": "1", "csrf_token": token}, status=400)
    assert designed(answer)
    assert browser.lines() == [("Margherita", 1)]


def test_a_later_post_with_the_sessions_token_is_followed(browser):
    browser.add()
    browser.post(CHANGE, {"vider": "1", "csrf_token": browser.token()}, status=303)
    assert browser.lines() == []


def test_a_file_in_the_place_of_the_token_is_refused(browser):
    browser.add()
    files = [("csrf_token", "token.txt", b"hello")]
    answer = browser.post(CHANGE, {"vider": "1"}, upload_files=files, status=400)
    assert designed(answer)
    assert browser.lines() == [("Margherita", 1)]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_no_way_around_the_token(website, browser, method):
    browser.add()
    answer = browser.request(BASKET, method=method, expect_errors=True)
    assert answer.status_int == 405
    assert browser.lines() == [("Margherita", 1)]


def test_a_form_shown_before_the_first_post_is_refused_afterwards_without_loss(browser):
    stale = form_of(browser.get(f"{SHOP}/regina"), f"{SHOP}/regina")
    browser.add()
    assert "Rien n’est perdu" in words(stale.submit(status=400))
    assert browser.lines() == [("Margherita", 1)]


def test_the_token_of_another_visitor_is_refused(website, browser):
    other = website.browser()
    other.add()
    browser.add()
    browser.post(CHANGE, {"vider": "1", "csrf_token": other.token()}, status=400)
    assert browser.lines() == [("Margherita", 1)]
