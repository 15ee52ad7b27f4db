"""Cookies over HTTPS that only we can set, and messages that always fit into them."""

import re
from http.cookies import SimpleCookie
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyramid.response import Response

from ocpizza.security.flash import MAX_MESSAGES, bounded
from ocpizza.security.policy import MADE, SIGN_IN, SIGNED_IN_AT
from ocpizza.security.sessions import BASKET, COOKIE, FROM_PLAIN_COOKIE, SET_ASIDE, _session_class
from ocpizza.views.account.provider_sign_in import STATE
from ocpizza.visitor import CHANGED
from views.pages import notices, words
from views.website import ADD, SHOP, STANLEY, sign_in
from views.website import BASKET as BASKET_PAGE

HTTPS = {"wsgi.url_scheme": "https"}
SECURE = "__Host-ocpizza"


class Jar(dict):
    """The cookies of a browser that keeps the rules of `__Host-`."""

    def take(self, answer):
        for header in answer.headers.getall("Set-Cookie"):
            ((name, cookie),) = SimpleCookie(header).items()
            attributes = header.lower().split("; ")[1:]
            assert "secure" in attributes or not name.startswith("__Host-"), header
            assert not any(each.startswith("domain") for each in attributes)
            assert "path=/" in attributes
            if "max-age=0" in attributes:
                self.pop(name, None)
            else:
                self[name] = cookie.coded_value
        return answer


class Https:
    """A browser that came over HTTPS, with these cookies."""

    def __init__(self, website, **cookies: str) -> None:
        self.website, self.jar = website, Jar(cookies)

    def _client(self):
        sent = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        return self.website.browser(**HTTPS, **({"HTTP_COOKIE": sent} if sent else {}))

    def get(self, path: str, **more):
        return self.jar.take(self._client().get(path, **more))

    def post(self, path: str, fields=(), **more):
        token = re.search('data-csrf="([^"]*)"', self.get("/conditions-generales").text)[1]
        pairs = [*dict(fields).items(), ("csrf_token", token)]
        return self.jar.take(self._client().post(path, pairs, **more))


def plain_cookie(browser) -> str:
    return browser.cookies["ocpizza"].strip('"')


def test_every_cookie_over_https_is_of_this_host_alone(website):
    browser = Https(website)
    size = str(website.pizzeria.size("margherita").id)
    browser.post(ADD, {"size": size, "quantity": "1"}, status=303)
    browser.post("/langue", {"langue": "en"}, status=303)
    assert set(browser.jar) == {SECURE, "__Host-langue"}
    assert "Basket" in browser.get(BASKET_PAGE).text
    named = browser.get("/donnees-personnelles").text
    assert all(f"<code>{name}</code>" in named for name in browser.jar)


def test_a_basket_from_before_the_certificate_goes_on_under_the_new_name(website, browser):
    browser.add()
    later = Https(website, ocpizza=plain_cookie(browser))
    assert "Margherita" in later.get(SHOP and BASKET_PAGE).text
    assert set(later.jar) == {SECURE}
    assert "Margherita" in later.get(BASKET_PAGE).text


def test_nobody_is_signed_in_by_a_plain_cookie_over_https(website):
    customer = website.staff("customer")
    customer.get("/compte", status=200)
    planted = Https(website, ocpizza=plain_cookie(customer))
    assert "/connexion" in planted.get("/compte", status=303).headers["Location"]
    assert notices(planted.get(BASKET_PAGE)) == []
    assert set(planted.jar) == {SECURE}


def test_what_is_written_over_https_is_not_read_with_a_plain_cookie(website, browser):
    browser.add()
    attacker = plain_cookie(browser)
    victim = Https(website, ocpizza=attacker)
    victim.get(BASKET_PAGE)
    details = STANLEY | {"mode": "delivery", "contact_name": "Zenobine Dubois"}
    victim.post("/commande", details, status=422)
    assert "Zenobine" in victim.get("/commande").text
    for path in (BASKET_PAGE, "/commande"):
        assert "Zenobine" not in browser.get(path, expect_errors=True).text
        later = Https(website, ocpizza=attacker).get(path, expect_errors=True)
        assert "Zenobine" not in later.text


def test_a_plain_cookie_changes_nothing_beside_the_secure_one(website, browser):
    mine = Https(website)
    size = str(website.pizzeria.size("regina").id)
    mine.post(ADD, {"size": size, "quantity": "1"}, status=303)
    browser.add()
    mine.jar["ocpizza"] = plain_cookie(browser)
    page = words(mine.get(BASKET_PAGE))
    assert "Regina" in page
    assert "Margherita" not in page


@pytest.mark.parametrize("names", [[COOKIE], [SECURE], [COOKIE, SECURE]])
def test_cookies_that_nobody_can_read_are_taken_away_over_https(website, names):
    browser = Https(website, **dict.fromkeys(names, "nonsense"))
    assert len(notices(browser.get(BASKET_PAGE))) == 1
    assert browser.jar == {}
    assert notices(browser.get(BASKET_PAGE)) == []


def test_signing_in_works_over_https(website):
    browser = Https(website)
    fields = {"identifier": website.chain.identifiers["customer"], "password": "quatre-fromages"}
    browser.post("/connexion", fields, status=303)
    assert browser.get("/compte", status=200)
    plain = website.browser()
    plain.set_cookie("ocpizza", browser.jar[SECURE])
    sign_in(plain, "nobody")
    assert plain.get("/", status=200)


MESSAGES = st.lists(
    st.tuples(st.sampled_from(["info", "success", "error"]), st.text(max_size=4000)), max_size=40
)


@given(MESSAGES)
def test_messages_never_outgrow_the_cookie(messages):
    request = SimpleNamespace(cookies={}, add_response_callback=lambda _act: None)
    session = _session_class("k" * 64, 3600, True)(request)
    for key in (BASKET, SET_ASIDE, CHANGED, SIGN_IN, STATE):
        session[key] = "x" * 43
    session[FROM_PLAIN_COOKIE], session[MADE], session[SIGNED_IN_AT] = True, 10**9, 10**10
    session.new_csrf_token()
    for kind, text in messages:
        session.flash([kind, text])
    response = Response()
    session._set_cookie(response)
    assert len(response.headers["Set-Cookie"].partition(";")[0]) <= 4096
    kept = session.pop_flash()
    assert len(kept) <= MAX_MESSAGES
    assert [each[0] for each in kept] == [kind for kind, _ in messages[len(messages) - len(kept) :]]
    if messages:
        kind, text = messages[-1]
        assert text.startswith(kept[-1][1])
        assert kept[-1][1] == text or len(text) > 100


def test_usual_messages_are_kept_as_they_are():
    messages = [["success", "Ajouté à votre panier, à réchauffer : « Régina » n° 4."]] * 4
    assert bounded(messages) == messages


def test_many_posts_without_a_page_between_them_are_answered(website, browser):
    for _ in range(30):
        browser.add()
    shown = notices(browser.get(BASKET_PAGE))
    assert 1 <= len(shown) <= MAX_MESSAGES
