"""Notice, terms, personal data, allergens: what the law asks for, with the company's facts."""

import pytest

from ocpizza.legal import REQUIRED
from ocpizza.models.ingredient import Allergen, IngredientAllergen
from ocpizza.security.sessions import COOKIE
from ocpizza.views.account.device import COOKIE as DEVICE
from views.pages import soup, words
from views.website import HERE, SHOP, sign_in

NOTICE, TERMS, PRIVACY = "/mentions-legales", "/conditions-generales", "/donnees-personnelles"
ALLERGENS = f"{SHOP}/allergenes"
TO_FILL_IN = "À compléter par l’exploitant"
FACTS = {
    "legal.form": "SAS au capital de 40 000 €",
    "legal.register": "RCS Paris 609 417 282",
    "legal.director": "Anna Forno",
    "legal.phone": "01 99 00 11 00",
    "legal.email": "contact@ocpizza.example",
    "legal.host": "Hébergeur SA, 1 rue du Port, 59000 Lille, 03 00 00 00 00",
    "legal.mediator": "Médiation Conso, 2 rue du Juge, 75001 Paris",
}


@pytest.fixture
def known(website):
    """The facts that only the company knows are in the settings, for this test."""
    settings = website.application.registry.settings
    before = {name: settings[name] for name in FACTS}
    settings.update(FACTS)
    yield
    settings.update(before)


@pytest.mark.parametrize("path", ["/", SHOP, f"{SHOP}/regina", "/panier", "/suivi", "/connexion"])
def test_every_page_of_the_shop_leads_to_them(browser, path):
    links = {link["href"] for link in soup(browser.get(path)).select("footer nav a")}
    assert {NOTICE, TERMS, PRIVACY} <= links
    assert links & {"/allergenes", ALLERGENS}


def test_the_notice_names_publisher_and_sellers(website, browser, known):
    text = words(browser.get(NOTICE))
    for place in (website.pizzeria, website.branch):
        entity = place.restaurant.legal_entity
        for fact in (entity.name, entity.siret, entity.vat_number, place.restaurant.name):
            assert fact in text
    assert all(FACTS[f"legal.{name}"] in text for name in REQUIRED if name != "mediator")


def test_the_terms_say_what_the_consumer_code_asks_for(browser, known):
    text = words(browser.get(TERMS))
    for said in ("L221-28", "L612-1", FACTS["legal.mediator"], "1169/2011", "garantie légale"):
        assert said in text


def test_another_company_may_publish(website, browser):
    settings = website.application.registry.settings
    entity = website.branch.restaurant.legal_entity
    settings["legal.publisher"] = entity.code
    page = soup(browser.get(NOTICE))
    settings["legal.publisher"] = ""
    assert entity.siret in words(page.select_one("h2 + p").get_text())


@pytest.mark.parametrize("path", [NOTICE, TERMS, PRIVACY])
def test_what_is_missing_is_told_to_managers_only(website, path):
    readers = {who: words(website.staff(who).get(path)) for who in ("customer", "cashier")}
    readers["visitor"] = words(website.browser().get(path))
    assert not [who for who, text in readers.items() if TO_FILL_IN in text or "legal." in text]
    for who in ("manager", "direction"):
        text = words(website.staff(who).get(path))
        assert TO_FILL_IN in text
        assert "legal.host" in text


def test_nothing_is_missing_once_it_is_filled_in(website, known):
    assert TO_FILL_IN not in words(website.staff("manager").get(NOTICE))


def test_every_cookie_is_named_with_its_purpose_and_its_days(website, browser):
    named = {code.get_text() for code in soup(browser.get(PRIVACY)).select("dt code")}
    browser.add("regina")
    browser.order()
    sign_in(browser, f"cashier.{HERE}")
    given = {cookie.name for cookie in browser.cookiejar}
    assert DEVICE in given
    assert given <= named
    assert COOKIE in named
    days = website.application.registry.settings["session.days"]
    assert f"Durée : {days} jours." in words(browser.get(PRIVACY))


def test_personal_data_say_how_long_and_whom_to_ask(browser, known):
    text = words(browser.get(PRIVACY))
    for said in ("jours après la commande", "au bout de", "CNIL", FACTS["legal.email"]):
        assert said in text


def table_of(page, title: str) -> dict[str, set[str]]:
    """The names of the allergens by product, of the table with this title."""
    tables = soup(page).select("table")
    (table,) = (one for one in tables if one.caption.get_text(strip=True) == title)
    return {
        words(row.th.contents[0]): {
            words(name.get_text()) for name in row.select(".present .allergen-name")
        }
        for row in table.select("tbody tr")
    }


def test_the_allergens_are_those_of_the_recipes(browser):
    page = browser.get(ALLERGENS)
    assert table_of(page, "Pizzas") == {
        "Margherita": {"Gluten", "Lait"},
        "Regina": {"Gluten", "Lait"},
    }
    assert table_of(page, "Boissons") == {"Cola 33 cl": set(), "Bière 33 cl": {"Gluten"}}
    assert table_of(page, "Ingrédients à ajouter") == {"Mozzarella": {"Lait"}, "Œuf": {"Œufs"}}


def test_a_recipe_that_changes_changes_the_table(website, browser):
    browser.get(ALLERGENS)
    ham = website.pizzeria.ingredients["jambon"]
    with website.session() as session:
        session.add(IngredientAllergen(ingredient_id=ham.id, allergen=Allergen.CELERY))
    assert table_of(browser.get(ALLERGENS), "Pizzas")["Regina"] == {"Gluten", "Lait", "Céleri"}


def test_every_row_has_the_fourteen_columns_and_says_where_there_is_none(browser):
    page = soup(browser.get(ALLERGENS))
    for table in page.select("table"):
        assert len(table.select("thead th")) == len(Allergen)
        assert {len(row.select("td")) for row in table.select("tbody tr")} == {len(Allergen)}
    none = [row.th.contents[0].strip() for row in page.select("tr:has(.none)")]
    assert none == ["Cola 33\u00a0cl"]


def test_one_chooses_the_restaurant_whose_allergens_one_reads(website, browser):
    page = browser.get("/allergenes")
    links = [link["href"] for link in soup(page).select("main a")]
    assert sorted(links) == [ALLERGENS, "/pizzeria/city-002/allergenes"]
    assert browser.get("/pizzeria/nulle-part/allergenes", status=404)


def test_the_footer_of_a_restaurant_leads_to_its_own_allergens(browser):
    assert soup(browser.get(SHOP)).select_one(f'footer a[href="{ALLERGENS}"]')
