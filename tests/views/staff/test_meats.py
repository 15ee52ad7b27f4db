"""Where meats come from, as managers say it and as customers read it."""

import pytest

from ocpizza.models.meat import IngredientMeat, Meat, RestaurantMeat
from views.pages import form_of, notices, place, soup, words
from views.website import ELSEWHERE, HERE, SHOP

MEATS = f"/equipe/{HERE}/produits/ingredients/viandes"
FRENCH = {"born_in": ("FR",), "reared_in": ("FR",), "slaughtered_in": ("FR",)}
HAM = "jambon (porc, origine : France)"


@pytest.fixture
def ham(website) -> int:
    return website.pizzeria.ingredients["jambon"].id


@pytest.fixture
def known(website, ham) -> int:
    with website.session() as session:
        session.add(IngredientMeat(ingredient_id=ham, meat=Meat.PORK, prepared=True, **FRENCH))
    return ham


def told(page) -> str:
    return words(soup(page).get_text(" "))


def say(browser, ham: int, **typed: str):
    """Fill in the group's form of the ham."""
    address = f"{MEATS}/{ham}"
    form = form_of(browser.get(address), address)
    for name, value in typed.items():
        form[name.replace("__", "-")] = value
    return form.submit(expect_errors=True)


def test_the_group_says_it_once_and_menu_page_and_basket_tell_it(website, ham):
    answer = say(
        website.staff("direction"),
        ham,
        bought="prepared",
        pork__present=True,
        pork__born="France",
        pork__reared="france",
        pork__slaughtered="FR",
    )
    assert place(answer) == MEATS
    assert notices(answer.follow()) == ["L’origine est enregistrée : Jambon blanc."]
    browser = website.browser()
    line = f"Viandes préparées et charcuterie : {HAM}"
    for address in (SHOP, f"{SHOP}/regina"):
        assert line in told(browser.get(address))
    assert HAM not in told(browser.get(f"{SHOP}/margherita"))
    browser.add("regina")
    assert line in told(browser.get("/panier"))
    whole = told(browser.get(f"{SHOP}/allergenes"))
    assert "Viandes préparées et charcuterie Ingrédient Viande Origine Jambon blanc Porc" in whole
    assert "Origine : France" in whole


def test_left_out_of_the_pizza_it_is_not_told(website, known):
    page = website.browser().get(f"{SHOP}/regina/choix?size=&without={known}")
    assert "origine" not in told(page)


def test_where_the_countries_differ_each_step_is_told_as_the_law_says_it_of_the_animal(
    website, ham
):
    pork = {"pork__present": True, "pork__reared": "Danemark", "pork__slaughtered": "Allemagne"}
    beef = {"beef__present": True, "beef__born": "Irlande", "beef__reared": "Irlande, France"}
    group = website.staff("direction")
    say(group, ham, bought="raw", **pork, **beef, beef__slaughtered="France")
    page = told(website.browser().get(f"{SHOP}/regina"))
    beef = "jambon (bœuf, né et élevé : Irlande, France ; abattu : France)"
    assert f"Viandes : {beef}, jambon (porc, élevé : Danemark ; abattu : Allemagne)" in page


def test_an_origin_that_nobody_knows_is_told_to_the_manager_and_never_made_up(website, ham):
    say(website.staff("direction"), ham, bought="raw", pork__present=True)
    assert "jambon (porc, origine inconnue)" in told(website.browser().get(f"{SHOP}/regina"))
    manager = website.staff("manager")
    for address in (MEATS, f"/equipe/{HERE}/produits"):
        assert "n’est pas connue" in told(manager.get(address)), address


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"bought": "raw", "pork__reared": "France"}, "Indiquez ce pays aussi"),
        ({"bought": "raw", "pork__reared": "Frnce"}, "Indiquez des pays séparés"),
        ({"bought": "raw", "pork__reared": "UE", "pork__slaughtered": "UE"}, "ne suffit que pour"),
        ({}, "Indiquez comment elle est achetée"),
        ({"bought": "raw", "beef__born": "France"}, "Cochez cette viande"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(website, ham, typed, wrong):
    answer = say(website.staff("direction"), ham, pork__present=True, **typed)
    assert answer.status_int == 422
    assert wrong in told(answer)


def test_a_prepared_meat_may_come_from_the_union_where_its_supplier_says_no_more(website, ham):
    countries = {f"pork__{step}": "UE" for step in ("born", "reared", "slaughtered")}
    say(website.staff("direction"), ham, bought="prepared", pork__present=True, **countries)
    assert "jambon (porc, origine : UE)" in told(website.browser().get(f"{SHOP}/regina"))


def test_a_restaurants_manager_names_another_supplier_and_goes_back_to_the_groups(website, known):
    manager, address = website.staff("manager"), f"{MEATS}/{known}/ici"
    form = form_of(manager.get(address), address)
    form["supplier"] = "own"
    form["pork-reared"], form["pork-slaughtered"] = "Belgique", "France"
    assert "Fournisseur de ce restaurant" in told(form.submit().follow())
    here = told(website.browser().get(f"{SHOP}/regina"))
    assert "jambon (porc, élevé : Belgique ; abattu : France)" in here
    form = form_of(manager.get(address), address)
    form["supplier"] = "group"
    form.submit().follow()
    assert HAM in told(website.browser().get(f"{SHOP}/regina"))
    said = told(manager.get(f"/equipe/{HERE}/journal"))
    assert "Origine d’un fournisseur propre" in said
    with website.session() as session:
        assert session.query(RestaurantMeat).count() == 0


def test_managers_of_a_restaurant_do_not_change_the_groups(website, known):
    assert website.staff("manager").get(f"{MEATS}/{known}", expect_errors=True).status_int == 403
    other = f"/equipe/{ELSEWHERE}/produits/ingredients/viandes/{known}/ici"
    assert website.staff("manager").get(other, expect_errors=True).status_int == 403


def test_what_somebody_changed_meanwhile_is_shown_before_it_is_replaced(website, known):
    group, address = website.staff("direction"), f"{MEATS}/{known}"
    stale = form_of(group.get(address), address)
    say(group, known, pork__reared="Espagne", pork__born="", pork__slaughtered="Espagne")
    stale["pork-reared"] = stale["pork-born"] = stale["pork-slaughtered"] = "Italie"
    answer = stale.submit(expect_errors=True)
    assert "modifiée entre-temps" in told(answer)
    form_of(answer, address).submit().follow()
    assert "jambon (porc, origine : Italie)" in told(website.browser().get(f"{SHOP}/regina"))


def test_the_names_of_countries_are_those_of_the_reader(website, known):
    form = form_of(website.staff("direction").get(f"{MEATS}/{known}?langue=en"), f"{MEATS}/{known}")
    assert form["pork-born"].value == "France"
