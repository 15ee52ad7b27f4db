"""The group's manager writes down the companies that sell."""

import pytest

from views.pages import form_of, notices, soup, words

LIST, NEW = "/equipe/societes", "/equipe/societes/nouvelle"
FIELDS = {
    "company_code": "port",
    "registered_name": "Pizza du Port SARL",
    "street": "3 quai du Port",
    "postcode": "13002",
    "town": "Marseille",
    "siret": "732 829 320 00074",
    "vat_number": "FR 44 732829320",
    "payment_account": "acct_1A2b3C4d5E6f",
}


@pytest.fixture
def direction(website):
    return website.staff("direction")


def add(direction, **fields):
    form = form_of(direction.get(NEW), NEW)
    for name, value in {**FIELDS, **fields}.items():
        form[name] = value
    return form.submit(expect_errors=True)


def path_of(direction) -> str:
    """The page of the company that was added."""
    links = soup(direction.get(LIST)).select(".cards a")
    return next(link["href"] for link in links if "Port" in link.get_text())


def test_the_page_of_all_restaurants_leads_there(direction):
    assert LIST in {link["href"] for link in soup(direction.get("/equipe")).select("main a")}


def test_a_company_is_added_and_a_restaurant_may_be_its(direction):
    page = add(direction).follow()
    assert notices(page)[0].startswith("La société est enregistrée.")
    assert "SIRET 73282932000074 · TVA FR44732829320" in words(page)
    assert "Aucun restaurant" in words(page)
    new = form_of(direction.get("/equipe/restaurants/nouveau"), "/equipe/restaurants/nouveau")
    assert "Pizza du Port SARL" in {text for _, _, text in new["company"].options}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"siret": "732 829 320 00075"}, "Ce SIRET n’est pas valable"),
        ({"siret": ""}, "Indiquez le SIRET."),
        ({"vat_number": "FR45732829320"}, "Ce numéro de TVA n’est pas valable"),
        ({"vat_number": "FR29609417282"}, "Ce numéro de TVA est celui d’une autre société."),
        ({"payment_account": "sk_live_abcdef123456"}, "N’indiquez jamais de clé secrète."),
        ({"company_code": "Le Port"}, "Un code a des lettres sans accent"),
        ({"registered_name": ""}, "Indiquez la dénomination."),
        ({"postcode": "1300"}, "Un code postal compte cinq chiffres."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_lost(direction, fields, message):
    page = add(direction, **fields)
    assert page.status_int == 422
    (name,) = fields
    assert message in words(soup(page).select_one(f"#{name}-erreur").get_text())
    assert form_of(page, NEW)["street"].value == "3 quai du Port"
    assert "Pizza du Port" not in words(direction.get(LIST))


def test_what_another_company_has_is_told(direction):
    add(direction)
    assert "Une autre société a déjà ce code." in words(
        add(direction, siret="44306184100047", vat_number="FR64443061841")
    )
    taken = add(direction, company_code="quai")
    assert taken.status_int == 422
    assert "Une autre société a déjà ce SIRET." in words(taken)


def test_a_siret_that_another_company_has_is_told_and_nothing_is_changed(direction):
    add(direction)
    path = f"{LIST}/1"
    form = form_of(direction.get(path), path)
    form["siret"], form["vat_number"] = FIELDS["siret"], FIELDS["vat_number"]
    form["street"] = "5 quai du Port"
    page = form.submit(status=422)
    assert "Une autre société a déjà ce SIRET." in words(page)
    assert form_of(page, path)["street"].value == "5 quai du Port"
    assert "5 quai du Port" not in words(direction.get(LIST))


def test_the_second_of_two_sees_the_newer_values(website, direction):
    add(direction)
    path = path_of(direction)
    form = form_of(direction.get(path), path)
    other = form_of(website.staff("direction").get(path), path)
    other["town"] = "Nice"
    other.submit(status=303)
    form["street"] = "5 quai du Port"
    page = form.submit(status=422)
    assert "Quelqu’un d’autre vient de modifier cette page." in words(page)
    assert "Version actuelle : Nice" in words(page)
    form_of(page, path).submit(status=303)
    assert "5 quai du Port, 13002 Marseille" in words(direction.get(LIST))


def test_nobody_but_the_group_sees_whether_a_company_is_there(website):
    for who in ("manager", "cashier"):
        for number in (1, 999):
            website.staff(who).get(f"{LIST}/{number}", status=403)
    website.staff("direction").get(f"{LIST}/999", status=404)


def test_the_legal_notice_follows(direction, browser):
    page = form_of(direction.get(f"{LIST}/1"), f"{LIST}/1")
    for name, value in FIELDS.items():
        if name != "company_code":
            page[name] = value
    page.submit(status=303)
    assert "Pizza du Port SARL" in words(browser.get("/mentions-legales"))
