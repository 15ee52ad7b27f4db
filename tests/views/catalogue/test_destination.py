"""UC1.1: where an order goes is said once, and known on every page to the checkout."""

import pytest

from ocpizza.domain.postal_address import Address
from ocpizza.models.restaurant import DeliveryArea
from ocpizza.models.vat import Mode
from ocpizza.services.account.addresses import keep_delivery_address
from views.pages import form_of, notices, soup, words
from views.website import BASKET, CHECKOUT, SHOP, sign_in

BOTH_WAYS = pytest.mark.parametrize(
    ("asked", "said", "mode"),
    [
        ({"mode": "delivery", "code_postal": "75011"}, "Livraison au 75011 Paris", "delivery"),
        ({"mode": "takeaway", "code_postal": ""}, "À emporter", "takeaway"),
    ],
)


def checked(page, name: str) -> str | None:
    box = soup(page).select_one(f"input[name={name}]:checked, input[name={name}][checked]")
    return box and box["value"]


def serve(website, postcode: str) -> None:
    """Have the restaurant deliver there, too."""
    with website.session() as session:
        restaurant = session.merge(website.pizzeria.restaurant)
        restaurant.delivery_areas.append(DeliveryArea(postcode=postcode))


def value(page, name: str) -> str:
    return soup(page).select_one(f"input[name={name}]").get("value", "")


@BOTH_WAYS
def test_it_stands_on_every_page_with_when_that_would_be(browser, asked, said, mode):
    browser.get("/", asked)
    browser.add()
    for path in (SHOP, f"{SHOP}/regina", BASKET):
        assert f"{said} · {'Chez vous' if mode == 'delivery' else 'Prête'} vers" in words(
            browser.get(path)
        ), path


@BOTH_WAYS
def test_the_checkout_knows_it(browser, asked, said, mode):
    browser.get("/", asked)
    browser.add()
    page = browser.get(CHECKOUT)
    assert checked(page, "mode") == mode
    where = (value(page, "postcode"), value(page, "town"))
    assert where == (("75011", "Paris") if mode == "delivery" else ("", ""))


def test_what_was_said_last_counts(website, browser):
    serve(website, "75014")
    browser.get("/", {"code_postal": "75011"})
    browser.get("/", {"mode": "takeaway"})
    assert "À emporter · Prête vers" in words(browser.get(SHOP))
    browser.get("/", {"code_postal": "75014"})
    assert "Livraison au 75014 Paris" in words(browser.get(SHOP))


def test_an_address_that_was_typed_counts_until_another_place_is_said(website, browser):
    serve(website, "75014")
    browser.get("/", {"code_postal": "75011"})
    browser.add()
    browser.give_details(postcode="75014", street="1 rue Daguerre")
    page = browser.get(CHECKOUT)
    assert (value(page, "postcode"), value(page, "street")) == ("75014", "1 rue Daguerre")
    assert "Livraison au 75014 Paris" in words(browser.get(BASKET))
    browser.get("/", {"code_postal": "75011"})
    page = browser.get(CHECKOUT)
    assert (value(page, "postcode"), value(page, "street")) == ("75011", "")
    assert value(page, "contact_name") == "Stanley Martin"


def test_where_nobody_delivers_is_forgotten_with_what_was_said_before(browser):
    browser.get("/", {"code_postal": "75011"})
    browser.get("/", {"code_postal": "13001"})
    assert "Livraison au" not in words(browser.get(SHOP))


def test_the_address_of_an_account_stays_where_it_is_that_of_the_postcode(website):
    serve(website, "75014")
    customer = website.staff("customer")
    with website.session() as session:
        address = Address("3 rue Léon", "75014", "Paris")
        keep_delivery_address(session, website.account("customer").id, address)
    customer.get("/", {"code_postal": "75014"})
    customer.add()
    here = customer.get(CHECKOUT)
    customer.get("/", {"code_postal": "75011"})
    elsewhere = customer.get(CHECKOUT)
    assert value(here, "contact_name") == value(elsewhere, "contact_name") != ""
    assert value(here, "street") == "3 rue Léon"
    assert (value(elsewhere, "street"), value(elsewhere, "postcode")) == ("", "75011")


def test_a_restaurant_that_does_not_deliver_there_says_so_and_leads_to_who_does(website, browser):
    browser.get("/", {"code_postal": "75011"})
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).delivers = False
    browser.add()
    for path in (SHOP, BASKET):
        page = browser.get(path)
        assert "Ce restaurant ne livre pas le 75011 : vous pouvez y commander à emporter." in words(
            page
        ).replace("\xa0", " ")
        assert soup(page).select_one('a[href$="?code_postal=75011"]')
    page = browser.get(CHECKOUT)
    assert checked(page, "mode") == "takeaway"


@pytest.mark.parametrize("typed", ["x", "7501", "<b>", "75011" * 20, "99999"])
def test_what_leads_nowhere_is_not_kept(browser, typed):
    browser.get("/", {"code_postal": typed})
    assert "Livraison au" not in words(browser.get(SHOP))
    assert "Chez vous vers" in words(browser.get(SHOP))


@pytest.mark.parametrize("mode", Mode)
def test_an_order_that_is_changed_costs_what_it_costs_as_it_was_placed(website, browser, mode):
    order = website.order(mode=mode)
    path = f"/suivi/{order.tracking_token}"
    page = form_of(browser.get(path), f"{path}/modifier").submit(status=303).follow()
    before = [words(line.get_text()) for line in soup(page).select("#panier .sums")]
    for said in ({"mode": "takeaway"}, {"code_postal": "75011"}):
        browser.get("/", said)
        page = soup(browser.get(BASKET))
        assert [words(line.get_text()) for line in page.select("#panier .sums")] == before != []


@BOTH_WAYS
def test_signing_in_to_order_leaves_it_as_it_was_said(website, browser, asked, said, mode):
    browser.get("/", asked)
    browser.add()
    sign_in(browser, website.chain.identifiers["customer"])
    assert checked(browser.get(CHECKOUT), "mode") == mode
    assert said in words(browser.get(SHOP))


@pytest.mark.parametrize("postcode", ["75011", "75012"])
def test_whoever_says_it_first_is_told_that_a_basket_is_lost(website, browser, postcode):
    with website.session() as session:
        session.add(DeliveryArea(restaurant_id=website.pizzeria.restaurant.id, postcode="75012"))
    browser.set_cookie("ocpizza", "unreadable")
    answer = browser.get("/", {"code_postal": postcode})
    assert answer.status_int == (200 if postcode == "75011" else 303)
    page = answer.maybe_follow()
    assert "Votre panier précédent a expiré" in " ".join(notices(page))
    assert "Livraison au" in words(browser.get(SHOP))
    assert notices(browser.get(SHOP)) == []


def test_signing_out_forgets_it(website):
    customer = website.staff("customer")
    customer.get("/", {"code_postal": "75011"})
    form_of(customer.get("/compte"), "/deconnexion").submit()
    assert "Livraison au" not in words(customer.get(SHOP))


def test_where_a_postcode_is_of_several_towns_they_are_offered(website, browser):
    serve(website, "01120")
    browser.get("/", {"code_postal": "01120"})
    browser.add()
    page = browser.get(CHECKOUT)
    towns = [option["value"] for option in soup(page).select("datalist#villes option")]
    assert towns == ["Dagneux", "La Boisse", "Montluel", "Niévroz", "Pizay", "Sainte-Croix", "Thil"]
    assert soup(page).select_one("input[name=town]")["list"] == "villes"
