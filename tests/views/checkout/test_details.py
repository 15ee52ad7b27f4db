"""A1: the personal details of an order."""

import pytest

from ocpizza.models.basket import Basket
from views.pages import place, soup, words
from views.website import BASKET, CHECKOUT, STANLEY

ALL_EMPTY = "Les champs sont vides, veuillez saisir les informations"
NOTHING = dict.fromkeys(STANLEY, "")
PAYMENT_MISSING = [
    "Choisissez un moyen de paiement.",
    "Acceptez les conditions générales de vente pour commander.",
]
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


def test_without_a_basket_the_checkout_leads_to_it(website):
    visitor = website.browser()
    page = visitor.get(CHECKOUT, status=303).follow()
    assert page.request.path == BASKET
    assert "Votre panier est vide" in words(page)
    assert place(visitor.post_form(CHECKOUT, STANLEY)).partition("#")[0] == BASKET


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
    browser.give_details(**{field: text})
    assert kept(website)[field] == text


def test_what_was_typed_is_shown_again_with_the_error(browser):
    typed = {"contact_name": "<Stanley> & fils", "town": "Paris 🍕", "comment": "1er\nétage"}
    page = browser.give_details(**typed, postcode="69001")
    form = next(form for form in page.forms.values() if "town" in form.fields)
    assert {name: form[name].value.replace("\r\n", "\n").strip() for name in typed} == typed
    assert form["street"].value == STANLEY["street"]
    assert "<Stanley>" not in page.text


def faults(page) -> list[str]:
    return [words(found.get_text()) for found in soup(page).select(".error-summary li")]


def test_complete_details_are_remembered_though_a_means_of_payment_is_missing(website, browser):
    answer = browser.give_details(email="Stanley@Example.org", complement="3e étage")
    assert faults(answer) == PAYMENT_MISSING
    assert kept(website)["phone"] == "+33612345678"
    assert kept(website)["email"] == "stanley@example.org"
    form = browser.form(CHECKOUT, CHECKOUT)
    assert form["phone"].value == "06 12 34 56 78"
    assert form["complement"].value == "3e étage"


@pytest.mark.parametrize("contact", [{"phone": ""}, {"email": ""}])
def test_a_phone_or_an_email_is_enough(browser, contact):
    details = {"email": "stanley@example.org"} | contact
    assert faults(browser.give_details(**details)) == PAYMENT_MISSING


def test_a_collected_order_needs_no_address(website, browser):
    address = {"street": "", "postcode": "", "town": ""}
    assert faults(browser.give_details(mode="takeaway", **address)) == PAYMENT_MISSING
    assert kept(website)["street"] is None
    assert browser.form(CHECKOUT, CHECKOUT)["mode"].value == "takeaway"


def test_details_on_a_page_of_another_order_are_remembered(website, browser):
    form = browser.payment_form()
    for name, value in STANLEY.items():
        form[name] = value
    form["key"].force_value("x" * 43)
    assert place(form.submit(status=303)).partition("#")[0] == BASKET
    assert kept(website)["contact_name"] == "Stanley Martin"


def test_a_restaurant_that_does_not_deliver_offers_to_collect_only(website, browser):
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).delivers = False
    page = browser.get(CHECKOUT)
    choices = [box["value"] for box in soup(page).select("input[name=mode]")]
    assert choices == ["takeaway"]
    answer = browser.post_form(CHECKOUT, STANLEY | {"mode": "delivery"})
    assert answer.status_int == 422
    assert error_at(answer, "mode") != ""


@pytest.mark.parametrize("mode", ["", "eat_in", "pigeon"])
def test_an_invented_way_of_eating_is_said_at_the_field(website, browser, mode):
    answer = browser.post_form(CHECKOUT, STANLEY | {"mode": mode})
    assert answer.status_int == 422
    assert error_at(answer, "mode") != ""
    assert kept(website) == {}
