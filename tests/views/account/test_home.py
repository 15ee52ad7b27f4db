"""One's own account: what it knows, its password and address, and the way out everywhere."""

import pytest

from factories import PASSWORD
from ocpizza.models.account import Account
from ocpizza.services.account.sign_in_attempts import MAX_PER_PAIR
from views.pages import form_of, notices, place, soup, words
from views.postman import Postman
from views.website import sign_in

NEW = "une pâte bien levée"
PROFILE, PASSWORD_PAGE, EMAIL_PAGE = (
    "/compte/informations",
    "/compte/mot-de-passe",
    "/compte/e-mail",
)
CLIENT = "cliente@example.org"


def fill(browser, path, **fields):
    form = browser.form(path, path)
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def change_password(browser, current=PASSWORD, new=NEW):
    return fill(browser, PASSWORD_PAGE, current=current, password=new)


def account_of(website, who="customer") -> Account:
    email = website.chain.identifiers[who]
    with website.session() as session:
        found = session.query(Account).filter(
            (Account.email == email) | (Account.identifier == email)
        )
        return found.one()


def test_every_page_shows_the_way_to_the_account_or_to_the_sign_in_page(website, browser, customer):
    assert soup(browser.get("/")).select_one("header a[href='/connexion']")
    assert soup(customer.get("/")).select_one("header a[href='/compte']")


def test_the_account_leads_to_each_of_its_pages(customer):
    for link in soup(customer.get("/compte")).select(".account-pages a"):
        customer.get(link["href"], status=200)


def test_what_the_account_knows_can_be_changed(customer):
    answer = fill(
        customer,
        PROFILE,
        first_name="Anna",
        last_name="Petit",
        phone="0612345678",
        language="en",
        **{
            "delivery-street": "12 rue Oberkampf",
            "delivery-postcode": "75011",
            "delivery-town": "Paris",
            "billing-street": "1 place Bellecour",
            "billing-postcode": "69002",
            "billing-town": "Lyon",
        },
    )
    page = answer.follow()
    assert notices(page) == ["Vos informations sont enregistrées."]
    for said in ("Anna Petit", "06 12 34 56 78", "12 rue Oberkampf", "1 place Bellecour"):
        assert said in words(page)
    form = customer.form(PROFILE, PROFILE)
    assert (form["language"].value, form["billing-town"].value) == ("en", "Lyon")


def test_what_was_changed_on_another_device_meanwhile_is_not_overwritten_unseen(website, customer):
    late = customer.form(PROFILE, PROFILE)
    fill(customer, PROFILE, phone="0612345678")
    late["first_name"] = "Anna"
    page = late.submit(status=409)
    assert "a été modifié ailleurs" in words(page)
    assert account_of(website).phone == "+33612345678"
    again = form_of(page, PROFILE)
    assert again["first_name"].value == "Anna"
    again.submit(status=303)
    assert account_of(website).first_name == "Anna"


def test_a_wrong_field_is_said_and_nothing_is_lost(website, customer):
    page = fill(customer, PROFILE, first_name="", last_name="Petit")
    assert page.status_int == 422
    assert form_of(page, PROFILE)["last_name"].value == "Petit"
    assert account_of(website).last_name == "Moreau"


def test_a_new_password_signs_other_devices_out_and_this_one_stays(website, customer):
    other, old_cookie = website.staff("customer"), customer.cookies["ocpizza"]
    page = change_password(customer).follow()
    assert "Votre mot de passe est changé" in notices(page)[0]
    assert place(other.get("/compte", status=303)).startswith("/connexion")
    thief = website.browser()
    thief.set_cookie("ocpizza", old_cookie.strip('"'))
    assert place(thief.get("/compte", status=303)).startswith("/connexion")
    assert sign_in(website.browser(), CLIENT).status_int == 422
    assert sign_in(website.browser(), CLIENT, NEW).status_int == 303
    (mail,) = Postman(website).collect()
    assert (mail["To"], "mot de passe a changé" in mail["Subject"]) == (
        f"Julia Moreau <{CLIENT}>",
        True,
    )


@pytest.mark.parametrize("current", ["wrong", "", NEW])
def test_a_password_is_not_changed_without_the_one_before(website, customer, current):
    page = change_password(customer, current=current)
    assert page.status_int == 422
    assert NEW not in page.text
    assert sign_in(website.browser(), CLIENT).status_int == 303


def test_the_password_before_cannot_be_guessed_in_a_session_that_was_left_open(website, customer):
    for _ in range(MAX_PER_PAIR):
        assert change_password(customer, current="wrong").status_int == 422
    page = change_password(customer)
    assert page.status_int == 429
    assert int(page.headers["Retry-After"]) > 0
    assert "Trop d’essais" in words(page)


def test_an_account_without_a_password_may_set_its_first(website, customer):
    with website.session() as session:
        session.get_one(Account, account_of(website).id).password_hash = None
    page = customer.get(PASSWORD_PAGE)
    assert "current" not in form_of(page, PASSWORD_PAGE).fields
    assert "Choisissez d’abord un mot de passe" in words(customer.get(EMAIL_PAGE))
    fill(customer, PASSWORD_PAGE, password=NEW)
    assert sign_in(website.browser(), CLIENT, NEW).status_int == 303


def test_a_new_address_counts_once_its_link_was_opened(website, customer):
    page = fill(customer, EMAIL_PAGE, email="Julia@New.example", current=PASSWORD).follow()
    assert "Un e-mail est parti à julia@new.example" in notices(page)[0]
    assert account_of(website).email == CLIENT
    postman = Postman(website)
    link = postman.link()
    assert postman.messages[0]["To"].addresses[0].addr_spec == "julia@new.example"
    elsewhere = form_of(website.browser().get(link), link).submit(status=403)
    assert "Connectez-vous d’abord au compte" in words(elsewhere)
    assert account_of(website).email == CLIENT
    form_of(customer.get(link), link).submit(status=303)
    (told,) = postman.collect()
    assert told["To"].addresses[0].addr_spec == CLIENT
    assert "julia@new.example" in told.get_body("plain").get_content()
    assert sign_in(website.browser(), CLIENT).status_int == 422
    assert sign_in(website.browser(), "julia@new.example").status_int == 303


@pytest.mark.parametrize(
    ("email", "current"),
    [
        ("julia@new.example", "wrong"),
        ("julia@new.example", ""),
        ("julia", PASSWORD),
        (CLIENT, PASSWORD),
    ],
)
def test_an_address_is_not_changed_by_mistake_or_by_a_stranger(website, customer, email, current):
    page = fill(customer, EMAIL_PAGE, email=email, current=current)
    assert page.status_int == 422
    assert form_of(page, EMAIL_PAGE)["email"].value == email
    assert Postman(website).collect() == []


def test_the_address_of_another_account_is_refused_only_to_who_reads_its_mail(website, customer):
    with website.session() as session:
        session.get_one(Account, website.account("driver").id).email = "taken@example.org"
    answers = [
        notices(fill(customer, EMAIL_PAGE, email=email, current=PASSWORD).follow())[0]
        for email in ("taken@example.org", "other@example.org")
    ]
    assert answers[0].replace("taken", "other") == answers[1]
    first, _ = Postman(website).collect()
    link = "/" + first.get_body("plain").get_content().split("://")[1].split()[0].split("/", 1)[1]
    page = form_of(customer.get(link), link).submit(status=409)
    assert "Un autre compte a déjà cette adresse." in words(page)


def test_signing_out_everywhere_ends_every_session(website, customer):
    other, old_cookie = website.staff("customer"), customer.cookies["ocpizza"]
    answer = customer.form("/compte", "/compte/deconnexion-partout").submit(status=303).follow()
    assert notices(answer) == ["Vous êtes déconnecté partout."]
    thief = website.browser()
    thief.set_cookie("ocpizza", old_cookie.strip('"'))
    for browser in (customer, other, thief):
        assert place(browser.get("/compte", status=303)).startswith("/connexion")


@pytest.mark.parametrize("who", ["driver", "direction"])
def test_colleagues_change_their_password_the_same_way(website, who):
    browser = website.staff(who)
    assert soup(browser.get("/compte")).select_one("a[href='/equipe']")
    change_password(browser)
    assert sign_in(website.browser(), website.chain.identifiers[who], NEW).status_int == 303


def test_nobody_is_shown_an_account_that_was_deactivated(website):
    driver = website.staff("driver")
    with website.session() as session:
        session.get_one(Account, website.account("driver").id).status = "inactive"
    for path in ("/compte", PROFILE, PASSWORD_PAGE, EMAIL_PAGE):
        assert place(driver.get(path, status=303)).startswith("/connexion")
