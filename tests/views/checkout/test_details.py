"""A1: the personal details of an order."""

import pytest

from ocpizza.models.basket import Basket
from views.pages import place, soup, words
from views.website import BASKET, DETAILS, PAYMENT, STANLEY

ALL_EMPTY = "Les champs sont vides, veuillez saisir les informations"
NOTHING = dict.fromkeys(STANLEY, "")
LIMITS = {
    "contact_name": 100,
    "phone": 30,
    "email": 254,
    "street": 200,
    "complement": 200,
    "town": 100,
    "comment": 500,
}


@pytest.fixture
def browser(browser):
    """The browser of somebody with a pizza in their basket."""
    browser.add()
    return browser


def error_at(page, name: str) -> str:
    """What is said at a field."""
    found = soup(page).select_one(f"#{name}-erreur")
    return words(found.get_text()) if found else ""


def alerts(page) -> list[str]:
    return [words(found.get_text()) for found in soup(page).select("main [role=alert]")]


def kept(website) -> dict:
    with website.session() as session:
        return session.query(Basket).one().details


@pytest.mark.parametrize("path", [DETAILS, PAYMENT])
def test_without_a_basket_the_checkout_leads_to_it(website, path):
    visitor = website.browser()
    page = visitor.get(path, status=303).follow()
    assert page.request.path == BASKET
    assert "Votre panier est vide" in words(page)
    assert place(visitor.post_form(path, STANLEY)) == BASKET


def test_all_empty_says_the_customers_own_words(browser):
    page = browser.give_details(**NOTHING)
    assert page.status_int == 422
    assert alerts(page) == [ALL_EMPTY]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("contact_name", "Indiquez votre nom."),
        ("street", "Indiquez le numéro et la rue."),
        ("postcode", "Indiquez le code postal."),
        ("town", "Indiquez la ville."),
        ("phone", "Indiquez un téléphone ou une adresse e-mail."),
    ],
)
@pytest.mark.parametrize("nothing", ["", "   ", "\x00\u200b"])
def test_a_missing_field_is_said_at_the_field(website, browser, field, message, nothing):
    page = browser.give_details(**{field: nothing})
    assert page.status_int == 422
    assert error_at(page, field) == message
    assert alerts(page) == []
    assert kept(website) == {}


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("phone", "12", "Ce numéro de téléphone n’est pas valable."),
        ("phone", "appelez-moi", "Ce numéro de téléphone n’est pas valable."),
        ("email", "stanley", "Cette adresse e-mail n’est pas valable."),
        ("email", "stanley@localhost", "Cette adresse e-mail n’est pas valable."),
        ("email", "a b@example.org", "Cette adresse e-mail n’est pas valable."),
        ("email", "é@example.org", "Cette adresse e-mail n’est pas valable."),
        ("postcode", "7501", "Un code postal compte cinq chiffres."),
        (
            "postcode",
            "69001",
            "OC Pizza République ne livre pas le 69001. Choisissez un autre restaurant "
            "ou le retrait sur place.",
        ),
    ],
)
def test_a_wrong_field_is_said_at_the_field(browser, field, typed, message):
    page = browser.give_details(**{field: typed})
    assert page.status_int == 422
    assert error_at(page, field) == message


@pytest.mark.parametrize("field", LIMITS)
def test_a_field_that_is_too_long_is_said_at_the_field(website, browser, field):
    page = browser.give_details(**{field: "é" * (LIMITS[field] + 1)})
    assert page.status_int == 422
    assert f"C’est trop long : {LIMITS[field]} caractères au plus." in error_at(page, field)
    assert kept(website) == {}


@pytest.mark.parametrize("field", ["contact_name", "street", "complement", "town", "comment"])
def test_the_longest_text_is_kept_whole(website, browser, field):
    text = "é" * LIMITS[field]
    assert browser.give_details(**{field: text}).status_int == 303
    assert kept(website)[field] == text


def test_what_was_typed_is_shown_again_with_the_error(browser):
    typed = {"contact_name": "<Stanley> & fils", "town": "Paris 🍕", "comment": "1er\nétage"}
    page = browser.give_details(**typed, postcode="69001")
    form = next(form for form in page.forms.values() if "town" in form.fields)
    assert {name: form[name].value.replace("\r\n", "\n").strip() for name in typed} == typed
    assert form["street"].value == STANLEY["street"]
    assert "<Stanley>" not in page.text


def test_complete_details_lead_to_the_payment_and_are_remembered(website, browser):
    answer = browser.give_details(email="Stanley@Example.org", complement="3e étage")
    assert place(answer) == PAYMENT
    assert kept(website)["phone"] == "+33612345678"
    assert kept(website)["email"] == "stanley@example.org"
    page = browser.get(DETAILS)
    form = next(form for form in page.forms.values() if "town" in form.fields)
    assert form["phone"].value == "06 12 34 56 78"
    assert form["complement"].value == "3e étage"


@pytest.mark.parametrize("contact", [{"phone": ""}, {"email": ""}])
def test_a_phone_or_an_email_is_enough(browser, contact):
    details = {"email": "stanley@example.org"} | contact
    assert place(browser.give_details(**details)) == PAYMENT


def test_a_collected_order_needs_no_address(website, browser):
    address = {"street": "", "postcode": "", "town": ""}
    assert place(browser.give_details(mode="takeaway", **address)) == PAYMENT
    assert kept(website)["street"] is None
    page = words(browser.get(PAYMENT))
    assert "À retirer chez OC Pizza République" in page
    assert "Livraison 2,50 €" not in page


def test_a_restaurant_that_does_not_deliver_offers_to_collect_only(website, browser):
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).delivers = False
    page = browser.get(DETAILS)
    choices = [box["value"] for box in soup(page).select("input[name=mode]")]
    assert choices == ["takeaway"]
    answer = browser.post_form(DETAILS, STANLEY | {"mode": "delivery"})
    assert answer.status_int == 422
    assert error_at(answer, "mode") != ""


@pytest.mark.parametrize("mode", ["", "eat_in", "pigeon"])
def test_an_invented_way_of_eating_is_said_at_the_field(website, browser, mode):
    answer = browser.post_form(DETAILS, STANLEY | {"mode": mode})
    assert answer.status_int == 422
    assert error_at(answer, "mode") != ""
    assert kept(website) == {}
