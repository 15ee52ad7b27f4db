"""C1: a forgotten password, from the sign-in page to the new one."""

import pytest

from factories import PASSWORD
from ocpizza.models.account import Account, AccountStatus
from ocpizza.services.account.sign_in_attempts import MAX_PER_PAIR
from views.pages import form_of, notices, place, soup, words
from views.postman import Postman
from views.website import sign_in

FORGOTTEN, CLIENT, NEW = "/mot-de-passe-oublie", "cliente@example.org", "une pâte bien levée"


def ask(browser, email=CLIENT):
    form = browser.form(FORGOTTEN, FORGOTTEN)
    form["email"] = email
    return form.submit(expect_errors=True)


def choose(browser, link, password=NEW):
    form = form_of(browser.get(link), link)
    form["password"] = password
    return form.submit(expect_errors=True)


@pytest.fixture
def link(website, browser) -> str:
    ask(browser)
    return Postman(website).link()


def test_the_sign_in_page_leads_to_a_new_password(website, browser):
    page = browser.get("/connexion").click("Mot de passe oublié")
    form = form_of(page, FORGOTTEN)
    form["email"] = CLIENT.title()
    page = form.submit().follow()
    assert "Si un compte a cette adresse" in notices(page)[0]
    link = Postman(website).link()
    page = choose(browser, link).follow()
    assert page.request.path == "/compte"
    assert notices(page)[0] == "Bienvenue, Julia ! Votre mot de passe est changé."
    assert sign_in(website.browser(), CLIENT, NEW).status_int == 303
    assert sign_in(website.browser(), CLIENT, PASSWORD).status_int == 422


def test_a_link_that_was_used_says_so(website, browser, link):
    choose(browser, link)
    for answer in (
        website.browser().get(link, status=410),
        website.browser().post_form(link, {"password": "another password"}),
    ):
        assert answer.status_int == 410
        assert "Ce lien a déjà servi" in words(answer)
        assert soup(answer).select_one(f"main a[href='{FORGOTTEN}']")
    assert sign_in(website.browser(), CLIENT, NEW).status_int == 303


def test_looking_at_a_link_does_not_use_it(website, browser, link):
    for _ in range(3):
        website.browser().get(link, status=200)
    assert choose(browser, link).status_int == 303


def test_a_password_that_is_too_short_is_refused_and_the_link_goes_on(browser, link):
    page = choose(browser, link, "x" * 11)
    assert page.status_int == 422
    assert "Choisissez au moins 12 caractères" in words(page)
    # Beside what was wrong, the hint does not say the same again.
    assert "12 caractères au moins" not in words(page)
    assert "Une phrase se retient mieux" in words(page)
    assert choose(browser, link).status_int == 303


def test_the_page_of_a_link_tells_nobody_its_address_and_is_not_kept(website, browser, link):
    for answer in (browser.get(link), choose(website.browser(), link, "short")):
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert not soup(answer).select("[src^='http'], [href^='http']")


def test_a_new_password_signs_out_everywhere(website, browser):
    customer = website.staff("customer")
    ask(browser)
    choose(browser, Postman(website).link())
    assert place(customer.get("/compte", status=303)).startswith("/connexion")
    browser.get("/compte", status=200)


def test_the_link_helps_whom_strangers_locked_out(website, browser, link):
    for _ in range(MAX_PER_PAIR):
        sign_in(browser, CLIENT, "wrong")
    assert sign_in(browser, CLIENT).status_int == 429
    choose(browser, link)
    assert sign_in(browser, CLIENT, NEW).status_int == 303


def test_known_and_unknown_addresses_get_the_same_answer(website):
    answers = []
    for email in (CLIENT, "nobody@example.org"):
        browser = website.browser()
        with website.counted() as statements:
            answer = ask(browser, email)
        body = answer.follow().text.replace(browser.token(), "the session's token")
        answers.append((answer.status, place(answer), body, statements))
    assert answers[0] == answers[1]
    mails = Postman(website).collect()
    assert [mail["To"].addresses[0].addr_spec for mail in mails] == [CLIENT]


@pytest.mark.parametrize("change", [{"status": AccountStatus.INACTIVE}, {"email": "x@y.example"}])
def test_an_account_that_is_closed_or_elsewhere_gets_no_mail(website, browser, change):
    with website.session() as session:
        account = session.query(Account).filter_by(email=CLIENT).one()
        for name, value in change.items():
            setattr(account, name, value)
    ask(browser)
    assert Postman(website).collect() == []


@pytest.mark.parametrize("email", ["", "julia", "a@b", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_said_to_be_none(website, browser, email):
    page = ask(browser, email)
    assert page.status_int == 422
    assert soup(page).select_one(".field-error")
    assert form_of(page, FORGOTTEN)["email"].value == email
    assert Postman(website).collect() == []
