"""Which language a page is in: the visitor's choice, their account's, their browser's, French."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import PASSWORD
from ocpizza.i18n.catalogues import LANGUAGES
from ocpizza.i18n.negotiation import accepted
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order_status import Status
from views.pages import form_of, place, soup, words
from views.website import BASKET, SHOP, sign_in

LANGUE = "/langue"


def language(page) -> str:
    """The language of a page, which must be the same wherever it is named."""
    html = soup(page).html
    assert page.headers["Content-Language"] == html["lang"]
    assert ("Panier" in words(page)) == (html["lang"] == "fr")
    return html["lang"]


def get(browser, accept: str | None = None, cookie: str | None = None, path: str = BASKET):
    headers = {"Accept-Language": accept} if accept is not None else {}
    if cookie is not None:
        headers["Cookie"] = cookie
    return browser.get(path, headers=headers)


def switch(page):
    """Press the switch of this page."""
    return form_of(page, LANGUE).submit("langue")


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        (None, "fr"),
        ("", "fr"),
        ("fr", "fr"),
        ("en", "en"),
        ("EN-us", "en"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "fr"),
        ("en;q=0.1, fr;q=0.2", "fr"),
        ("de, en;q=0.3", "en"),
        ("de-DE,de;q=0.9", "fr"),
        ("de, *;q=0.5", "fr"),
        ("*", "fr"),
        ("en;q=0", "fr"),
        ("fr;q=0, en", "en"),
        ("en;q=2", "fr"),
        ("en;;;;", "fr"),
        ("../../etc/passwd", "fr"),
        ("en_GB", "fr"),
        ("\xe9\xff", "fr"),
        ("en," * 5000, "fr"),
    ],
)
def test_the_browser_asks_for_a_language(browser, header, spoken):
    assert language(get(browser, header)) == spoken


@pytest.mark.parametrize(
    ("cookie", "spoken"),
    [
        ("langue=en", "en"),
        ("langue=fr", "fr"),
        ("langue=de", "en"),
        ("langue=", "en"),
        ("langue=EN", "en"),
        ("langue=../en", "en"),
        ("langue=fr%00", "en"),
        ("langue=\xff\xfe", "en"),
        ("langue=fr; langue=xx", "en"),
        (f"langue={'x' * 4000}", "en"),
        ("_LOCALE_=fr", "en"),
    ],
)
def test_a_choice_counts_more_and_what_is_no_choice_counts_nothing(browser, cookie, spoken):
    assert language(get(browser, "en", cookie)) == spoken


@pytest.mark.parametrize("query", ["?_LOCALE_=de", "?_LOCALE_=../..", "?langue=en"])
def test_an_address_has_no_say(browser, query):
    assert language(get(browser, "fr", path=f"/{query}")) == "fr"


@pytest.mark.parametrize("name", ["langue", "ocpizza", "x"])
def test_cookies_that_cannot_be_read_are_none(browser, name):
    assert language(get(browser, "en", f'langue=fr; {name}="\\377"')) == "en"


@given(st.text(max_size=60) | st.from_regex(r"[a-z*-]{1,9}(;q=[0-9.]{1,4})?(, ?[a-z]{2})*"))
def test_no_header_is_too_strange(header):
    assert accepted(header) in LANGUAGES


def test_a_visitor_without_a_choice_gets_the_page_of_everybody_and_no_cookie(website):
    for accept in ("fr", "en"):
        first, second = (get(website.browser(), accept, path=SHOP) for _ in range(2))
        assert first.body == second.body
        assert "Set-Cookie" not in first.headers
        assert {"Cookie", "Accept-Language"} <= set(first.headers["Vary"].split(", "))


def test_the_switch_keeps_a_language_and_comes_back_to_the_page(browser):
    page = browser.get("/?code_postal=75011")
    button = soup(page).select_one(f'form[action="{LANGUE}"] button')
    assert (button.get_text(), button["lang"]) == ("English", "en")
    answer = switch(page)
    assert answer.status_int == 303
    assert place(answer) == "/?code_postal=75011"
    english = answer.follow()
    assert language(english) == "en"
    assert "Choose a restaurant" not in words(english)
    assert "Delivery to 75011" in words(english)
    assert language(browser.get(SHOP)) == "en"
    french = switch(english).follow()
    assert language(french) == "fr"


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_the_cookie_says_the_language_and_nothing_else(website, scheme, secure):
    browser = website.browser(**{"wsgi.url_scheme": scheme})
    (cookie,) = browser.post_form(LANGUE, {"langue": "en"}).headers.getall("Set-Cookie")
    parts = {part.strip().lower() for part in cookie.split(";")}
    name = "__host-langue" if secure else "langue"
    assert {f"{name}=en", "path=/", "max-age=31536000", "httponly", "samesite=lax"} <= parts
    assert ("secure" in parts) is secure


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/%5C%5Cevil.example",
        "/%252F/evil.example",
        "javascript:x",
        "evil",
        "",
        "/\r\nSet-Cookie: x=y",
        "/\x00",
        "/é",
    ],
)
def test_the_switch_leads_nowhere_else(browser, asked):
    assert place(browser.post_form(LANGUE, {"langue": "en", "suite": asked})) == "/"


@pytest.mark.parametrize("asked", ["", "de", "EN", "fr\x00", "../en", "x" * 9000])
def test_a_language_that_we_do_not_speak_is_refused(browser, asked):
    answer = browser.post_form(LANGUE, {"langue": asked})
    assert answer.status_int == 400
    assert "Set-Cookie" not in answer.headers


def test_another_site_cannot_choose(browser):
    answer = browser.post(
        LANGUE, {"langue": "en"}, headers={"Sec-Fetch-Site": "cross-site"}, expect_errors=True
    )
    assert answer.status_int == 400
    assert language(browser.get(BASKET)) == "fr"


def test_the_switch_on_an_answer_to_a_form_comes_back_to_where_the_form_was(browser):
    browser.add()
    page = browser.add(shop="/pizzeria/city-002")
    assert page.status_int == 409
    assert form_of(page, LANGUE)["suite"].value == "/"
    form = browser.form("/suivi", "/suivi")
    for before, back in {"localhost": "/suivi", "evil.example": "/"}.items():
        headers = {"Referer": f"http://{before}/suivi", "Host": "localhost"}
        page = form.submit(expect_errors=True, headers=headers)
        assert form_of(page, LANGUE)["suite"].value == back


def test_the_basket_and_its_session_survive_the_switch(browser):
    browser.add(quantity=2)
    switch(browser.get(BASKET))
    assert browser.lines() == [("Margherita", 2)]


def test_the_choice_of_somebody_signed_in_goes_with_their_account(website):
    browser = website.staff("cashier")
    switch(browser.get("/suivi")).follow()
    assert website.account("cashier").language == "en"
    elsewhere = website.browser()
    page = sign_in(elsewhere, website.chain.identifiers["cashier"]).follow().maybe_follow()
    assert language_of_staff(page) == "en"
    assert "Signed in" in words(page)


def language_of_staff(page) -> str:
    return soup(page).html["lang"]


def test_signing_in_speaks_the_language_of_the_account(website):
    browser = website.browser()
    browser.set_cookie("langue", "en")
    page = browser.get("/connexion")
    form = form_of(page, "/connexion")
    form["identifier"], form["password"] = website.chain.identifiers["driver"], PASSWORD
    page = form.submit().follow().maybe_follow()
    assert language_of_staff(page) == "fr"


def test_kept_cards_and_fragments_are_of_one_language(website):
    french, english = website.browser(), website.browser()
    english.set_cookie("langue", "en")
    for _ in range(2):
        assert "Allergènes" in words(french.get(SHOP))
        assert "Allergènes" not in words(english.get(SHOP))
        assert "€9.50" in words(english.get(SHOP))
    order = website.order()
    path = f"/suivi/{order.tracking_token}/etat"
    etag = french.get(path).headers["ETag"]
    assert french.get(path, headers={"If-None-Match": etag}).status_int == 304
    assert english.get(path, headers={"If-None-Match": etag}).status_int == 200


def test_boards_are_of_one_language(website):
    cook = website.staff("pizzaiolo")
    path = "/equipe/city_001/cuisine/etat"
    etag = cook.get(path).headers["ETag"]
    cook.set_cookie("langue", "en")
    assert cook.get(path, headers={"If-None-Match": etag}).status_int == 200


def test_an_order_and_its_mail_are_in_the_language_it_was_placed_in(website, browser):
    browser.set_cookie("langue", "en")
    browser.add()
    page = browser.order(email="stanley@example.org")
    assert language(page) == "en"
    with website.session() as session:
        (mail,) = session.query(OutgoingMail).all()
        assert mail.language == "en"


@pytest.mark.parametrize("path", ["/nulle-part", "/equipe/city_001/stock?x=1"])
def test_error_pages_are_in_the_visitors_language(website, path):
    browser = website.staff("cashier")
    browser.set_cookie("langue", "en")
    page = browser.get(path, expect_errors=True)
    assert page.status_int in (403, 404)
    assert soup(page).html["lang"] == "en"
    assert "Voir mon panier" not in words(page)


def test_a_crash_is_told_in_the_visitors_language_without_the_database(website, browser):
    website.order(Status.READY)
    website.application.registry["engines"] = {}
    page = browser.get(BASKET, headers={"Accept-Language": "en"}, expect_errors=True)
    assert page.status_int == 500
    assert "Something went wrong on our side" in words(page)
