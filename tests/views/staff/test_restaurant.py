"""A manager sets hours, delivery and what customers read of a restaurant."""

import pytest

from ocpizza.models.order_status import Status
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.catalogue.settings import details_facts, hours_facts
from views.pages import form_of, notices, soup, words
from views.website import CHECKOUT, HERE, SHOP

PAGE = f"/equipe/{HERE}/restaurant"
HOURS, SHEET = f"{PAGE}/horaires", f"{PAGE}/fiche"
MEANWHILE = "Quelqu’un d’autre vient de modifier cette page."
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@pytest.fixture
def manager(website):
    return website.staff("manager")


def save(manager, path, **fields):
    form = form_of(manager.get(path), path)
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def every_day(hours: str) -> dict[str, str]:
    return {f"{day}_hours": hours for day in DAYS}


def facts_of(website, tell):
    with website.session() as session:
        return tell(session.get_one(Restaurant, website.pizzeria.restaurant.id))


def test_the_page_leads_to_what_may_be_changed_and_says_what_customers_read(manager):
    page = manager.get(PAGE)
    assert "En ce moment, les clients lisent : Ouvert jusqu’à 6 h" in words(page)
    links = {link["href"] for link in soup(page).select("main a")}
    assert links >= {HOURS, SHEET, SHOP}


def test_hours_are_shown_as_they_are_and_saved_as_they_were(website, manager):
    before = facts_of(website, hours_facts)
    form = form_of(manager.get(HOURS), HOURS)
    assert form["monday_hours"].value == "6:00-6:00"
    form.submit(status=303)
    assert facts_of(website, hours_facts) == before


def test_the_shop_closes_and_says_when_it_opens_as_soon_as_it_is_saved(manager, browser):
    browser.add()
    assert "Ouvert jusqu’à" in words(browser.get("/"))
    page = save(manager, HOURS, **every_day("")).follow()
    assert notices(page)[0] == "Les horaires sont enregistrés : la boutique les applique déjà."
    assert "les clients lisent : Fermé" in words(page)
    assert "Ouvert jusqu’à" not in words(browser.get(SHOP))
    basket = words(browser.get("/panier"))
    assert "Margherita" in basket
    assert "fermé" in basket.lower()


def test_what_cannot_be_is_told_at_the_day_and_nothing_is_lost(website, manager):
    before = facts_of(website, hours_facts)
    page = save(manager, HOURS, monday_hours="18-20, 19-21", tuesday_hours="le soir")
    assert page.status_int == 422
    assert [fault.get_text(strip=True) for fault in soup(page).select(".field-error")] == [
        "Deux plages se recouvrent.",
        "Indiquez des heures comme 11:30-14:00, 18:00-1:00.",
    ]
    form = form_of(page, HOURS)
    assert form["monday_hours"].value == "18-20, 19-21"
    assert form["tuesday_hours"].value == "le soir"
    assert facts_of(website, hours_facts) == before


def test_the_second_manager_sees_what_the_first_wrote_beside_their_own(website, manager):
    form = form_of(manager.get(HOURS), HOURS)
    save(website.staff("direction"), HOURS, monday_hours="11-14")
    form["monday_hours"], form["sunday_hours"] = "18-23", ""
    page = form.submit(status=422)
    assert MEANWHILE in words(page)
    monday = words(soup(page).select_one("#monday_hours-aide").get_text())
    assert "Version actuelle : 11" in monday
    again = form_of(page, HOURS)
    assert again["monday_hours"].value == "18-23"
    assert facts_of(website, hours_facts)["monday_hours"] == [[660, 840]]
    again.submit(status=303)
    assert facts_of(website, hours_facts)["monday_hours"] == [[1080, 1380]]


def test_orders_under_way_are_told_when_their_restaurant_closes(website, manager):
    order = website.order(Status.PREPARING)
    late = website.order(Status.DELIVERED)
    assert "commande en cours" not in words(manager.get(PAGE))
    page = save(manager, HOURS, **every_day("")).follow()
    assert "1 commande en cours est promise alors que le restaurant est fermé." in words(page)
    links = {link["href"].rpartition("/")[2] for link in soup(page).select(".notice a")}
    assert links == {order.number}
    assert late.number not in links
    assert website.look_at(order).status is Status.PREPARING


def test_the_sheet_changes_what_the_shop_says(manager, browser):
    page = save(
        manager,
        SHEET,
        shown_name="OC Pizza Bastille",
        phone="01 43 00 00 01",
        postcodes="75012 75011;75011",
        delivery_fee_cents="3,90",
        minimum_order_cents="20",
    ).follow()
    assert notices(page)[0].startswith("La fiche est enregistrée")
    assert "75011, 75012" in words(page)
    home = words(browser.get("/"))
    assert "OC Pizza Bastille" in home
    assert "Livraison 3,90 € dès 20,00 € d’achats" in home
    assert "01 43 00 00 01" in words(browser.get(SHOP))


def test_a_customer_is_told_of_a_new_minimum_and_loses_nothing(manager, browser):
    browser.add()
    browser.give_details()
    save(manager, SHEET, minimum_order_cents="100", postcodes="75011")
    basket = words(browser.get("/panier"))
    assert "Plus que 90,50 € pour être livré" in basket
    assert "Margherita" in basket
    assert browser.get(CHECKOUT).status_int in (200, 303)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"shown_name": " "}, "Indiquez un nom."),
        ({"shown_name": "x" * 101}, "C’est trop long : 100 caractères au plus."),
        ({"phone": "12"}, "Ce numéro de téléphone n’est pas valable."),
        ({"email": "x"}, "Cette adresse e-mail n’est pas valable."),
        ({"postcode": "7501"}, "Un code postal compte cinq chiffres."),
        ({"postcodes": "75011, 7501"}, "Un code postal compte cinq chiffres : indiquez-les"),
        ({"postcodes": ""}, "Indiquez au moins un code postal, ou décochez la livraison."),
        ({"delivery_fee_cents": "250"}, "Au plus 50 €"),
        ({"delivery_fee_cents": ""}, "Indiquez une somme, 0 s’il n’y en a pas."),
        ({"minimum_order_cents": "1500"}, "Au plus 500 €"),
        ({"preparation_minutes": "0"}, "Indiquez de 1 à 180 minutes."),
        ({"delivery_minutes": ""}, "Indiquez un nombre de minutes."),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_and_shown_again(website, manager, fields, message):
    before = facts_of(website, details_facts)
    page = save(manager, SHEET, **fields)
    assert page.status_int == 422
    (name,) = fields
    assert message in words(soup(page).select_one(f"#{name}-erreur").get_text())
    assert form_of(page, SHEET)[name].value == fields[name].strip()
    assert facts_of(website, details_facts) == before


def test_the_second_manager_sees_the_newer_sheet_too(website, manager):
    form = form_of(manager.get(SHEET), SHEET)
    save(website.staff("direction"), SHEET, delivery_fee_cents="4", delivers=False)
    form["town"] = "Paris 11e"
    page = form.submit(status=422)
    assert MEANWHILE in words(page)
    assert "Version actuelle : 4,00 €" in words(page)
    assert "Version actuelle : non" in words(page)
    form_of(page, SHEET).submit(status=303)
    assert facts_of(website, details_facts)["town"] == "Paris 11e"
    assert facts_of(website, details_facts)["delivery_fee_cents"] == 250


def test_the_trail_tells_it_in_words(website, manager):
    save(manager, HOURS, wednesday_hours="11:30-14, 18-0:30", thursday_hours="")
    save(manager, SHEET, phone="01 43 00 00 01", postcodes="75011, 75012")
    trail = words(manager.get(f"/equipe/{HERE}/journal?quoi=restaurant"))
    assert "Mercredi avant : 6 h – 6 h après : 11 h 30 – 14 h, 18 h – 0 h 30" in trail
    assert "Jeudi avant : 6 h – 6 h après : fermé" in trail
    assert "Codes postaux livrés avant : 75011 après : 75011, 75012" in trail
    assert "après : 01 43 00 00 01" in trail
