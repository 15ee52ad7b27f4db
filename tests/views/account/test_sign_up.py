"""UC2.1: making an account with a form, and the e-mail address that is to be confirmed."""

import pytest
from sqlalchemy import func, select

from factories import PASSWORD
from ocpizza.models.account import Account
from views.pages import form_of, notices, place, soup, words
from views.postman import Postman
from views.website import sign_in

SIGN_UP = "/inscription"
JULIA = {
    "first_name": "Julia",
    "last_name": "Moreau",
    "email": "Julia@Example.org",
    "password": PASSWORD,
    "phone": "06 12 34 56 78",
    "birthday": "1986-03-04",
    "delivery-street": "12 rue Oberkampf",
    "delivery-postcode": "75011",
    "delivery-town": "Paris",
}


def send(browser, path=SIGN_UP, **fields):
    form = browser.form(path, SIGN_UP)
    for name, value in (JULIA | fields).items():
        form[name] = value
    return form.submit(expect_errors=True)


def accounts(website) -> int:
    with website.session() as session:
        return session.scalar(select(func.count(Account.id)))


def errors(page) -> list[str]:
    return [words(found.get_text()) for found in soup(page).select(".field-error")]


def alerts(page) -> list[str]:
    return [words(found.get_text()) for found in soup(page).select("main [role=alert]")]


def test_a_visitor_becomes_a_customer_who_is_signed_in(browser):
    page = send(browser).follow()
    assert page.request.path == "/compte"
    assert notices(page)[0] == "Bienvenue, Julia ! Votre compte est créé."
    for said in ("Julia Moreau", "julia@example.org", "06 12 34 56 78", "12 rue Oberkampf"):
        assert said in words(page)


def test_the_new_account_opens_with_its_password_in_another_browser(website, browser):
    send(browser)
    assert sign_in(website.browser(), "julia@example.org").status_int == 303


def test_only_name_address_and_password_are_needed(browser):
    left_out = dict.fromkeys(set(JULIA) - {"first_name", "last_name", "email", "password"}, "")
    assert place(send(browser, **left_out)) == "/compte"


def test_making_an_account_begins_another_session_and_keeps_the_basket(browser):
    browser.add()
    before = browser.cookies["ocpizza"]
    send(browser)
    assert browser.cookies["ocpizza"] != before
    assert browser.lines() == [("Margherita", 1)]


def test_it_leads_back_to_where_one_came_from(browser):
    browser.add()
    asked = soup(browser.get("/commande")).select_one("main a[href*=connexion]")
    page = browser.get(asked["href"])
    page = page.click("Créer un compte")
    assert place(send(browser, path=page.request.path_qs)) == "/commande"


def test_an_address_that_is_taken_is_said_to_be_and_leads_on(website, browser):
    send(browser)
    page = send(website.browser(), first_name="Anna")
    assert page.status_int == 422
    assert alerts(page) == ["Un compte existe déjà"]
    links = [link["href"] for link in soup(page).select("main .actions a")]
    assert {"/connexion", "/mot-de-passe-oublie"} <= set(links)
    form = form_of(page, SIGN_UP)
    assert form["first_name"].value == "Anna"
    assert PASSWORD not in page.text


def test_nothing_filled_in_is_said_to_be_empty(website, browser):
    before = accounts(website)
    page = browser.form(SIGN_UP, SIGN_UP).submit(expect_errors=True)
    assert page.status_int == 422
    assert alerts(page) == ["Les champs sont vides, veuillez saisir les informations"]
    assert accounts(website) == before


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"first_name": " "}, "Indiquez votre prénom."),
        ({"last_name": ""}, "Indiquez votre nom."),
        ({"last_name": "x" * 101}, "C’est trop long : 100 caractères au plus."),
        ({"email": ""}, "Indiquez votre adresse e-mail."),
        ({"email": "julia@example"}, "Cette adresse e-mail n’est pas valable."),
        ({"password": ""}, "Choisissez un mot de passe."),
        ({"password": "x" * 11}, "Choisissez au moins 12 caractères."),
        ({"password": "x" * 201}, "C’est trop long : 200 caractères au plus."),
        (
            {"password": "Azerty123456"},
            "Ce mot de passe est trop courant : choisissez-en un autre.",
        ),
        (
            {"password": "julia.moreau.1986"},
            "Ce mot de passe ressemble trop à votre nom ou au nôtre : choisissez-en un autre.",
        ),
        ({"phone": "12"}, "Ce numéro de téléphone n’est pas valable."),
        ({"birthday": "2999-01-01"}, "Cette date de naissance n’est pas possible."),
        ({"birthday": "1800-01-01"}, "Cette date de naissance n’est pas possible."),
        ({"delivery-street": ""}, "Indiquez le numéro et la rue."),
        ({"delivery-town": ""}, "Indiquez la ville."),
        ({"delivery-postcode": ""}, "Indiquez le code postal."),
        ({"delivery-postcode": "7501"}, "Un code postal compte cinq chiffres."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    website, browser, fields, message
):
    before = accounts(website)
    page = send(browser, **fields)
    assert page.status_int == 422
    assert errors(page) == [message]
    (field,) = fields
    (link,) = soup(page).select(".error-summary a")
    assert (link["href"], words(link.get_text())) == (f"#{field}", message)
    form = form_of(page, SIGN_UP)
    for name, value in (JULIA | fields).items():
        shown = form[name].value
        assert shown == ("" if name == "password" else value.strip()) or name == "email"
    assert accounts(website) == before


def test_a_date_of_birth_may_be_written_the_french_way(website, browser):
    send(browser, birthday="04/03/1986")
    with website.session() as session:
        account = session.scalars(select(Account).where(Account.email == "julia@example.org")).one()
        assert account.birthday.isoformat() == "1986-03-04"


def test_the_link_shows_a_button_and_the_button_confirms_the_address(website, browser):
    send(browser)
    link = Postman(website).link()
    for _ in range(3):  # scanners of mail open links
        website.browser().get(link)
    assert "n’est pas encore confirmée" in words(browser.get("/compte"))
    answer = form_of(browser.get(link), link).submit(status=303).follow()
    assert notices(answer) == ["Votre adresse julia@example.org est confirmée."]
    assert "n’est pas encore confirmée" not in words(browser.get("/compte"))
    again = browser.get(link, status=410)
    assert alerts(again) == ["Ce lien a déjà servi ou n’est plus valable."]
    assert sign_in(website.browser(), JULIA["email"], JULIA["password"]).status_int == 303


def test_a_link_opened_elsewhere_makes_the_account_the_openers(website, browser):
    """Somebody signed up with a stranger's address; the stranger presses the button."""
    send(browser)
    link = Postman(website).link()
    owner = website.browser()
    page = form_of(owner.get(link), link).submit(status=303).follow()
    assert notices(page) == [
        "Votre adresse julia@example.org est confirmée. Choisissez maintenant votre mot de passe."
    ]
    assert place(browser.get("/compte", status=303)).startswith("/connexion")
    assert sign_in(website.browser(), JULIA["email"], JULIA["password"]).status_int == 422
    form = form_of(page, page.request.path)
    form["password"] = "choisi par sa propriétaire"
    home = form.submit(status=303).follow()
    assert "12 rue Oberkampf" not in words(owner.get("/compte/informations"))
    assert home.status_int == 200
    assert place(browser.get("/compte", status=303)).startswith("/connexion")


def test_whoever_changed_the_password_in_the_session_that_signed_up_keeps_it(website, browser):
    send(browser)
    form = browser.form("/compte/mot-de-passe", "/compte/mot-de-passe")
    form["current"], form["password"] = JULIA["password"], "une autre phrase de passe"
    form.submit(status=303)
    postman = Postman(website)
    postman.collect()
    browser.form("/compte", "/compte/e-mail/lien").submit(status=303)
    link = postman.link()
    answer = form_of(browser.get(link), link).submit(status=303).follow()
    assert notices(answer)[-1] == "Votre adresse julia@example.org est confirmée."
    assert browser.get("/compte").status_int == 200


def test_another_link_can_be_asked_for_but_not_without_end(website, browser):
    send(browser)
    postman = Postman(website)
    first = postman.link()
    form = browser.form("/compte", "/compte/e-mail/lien")
    assert "Un e-mail est parti" in notices(form.submit().follow())[0]
    assert postman.link() != first
    for _ in range(9):
        page = browser.form("/compte", "/compte/e-mail/lien").submit().follow()
    assert "réessayez dans une heure" in notices(page)[0]
    assert len(postman.collect()) == 3


def test_confirming_signs_nobody_in(website, browser):
    send(browser)
    link = Postman(website).link()
    other = website.browser()
    form_of(other.get(link), link).submit(status=303)
    assert place(other.get("/compte", status=303)).startswith("/connexion")
