"""UC6.3: extras of a product, as managers change them once they saw what that does."""

import pytest

from ocpizza.models.price import HiddenProduct
from views.pages import form_of, notices, place, soup, words
from views.website import HERE, SHOP

PRODUCT = f"/equipe/{HERE}/produits/margherita"
EXTRAS = f"{PRODUCT}/supplements"


def id_of(website, code: str) -> str:
    return str(website.pizzeria.ingredients[code].id)


def see_effect(browser, page=None, **rows):
    """Fill in the form, and look at what it would do."""
    form = form_of(page or browser.get(EXTRAS), EXTRAS)
    for name, value in rows.items():
        form[name.replace("__", "-")] = value
    return form.submit(expect_errors=True)


def save(page):
    return form_of(page, EXTRAS).submit("enregistrer", expect_errors=True)


def shown(page) -> list[str]:
    return [words(each.get_text(" ")) for each in soup(page).select("#supplements ~ ul li")]


def add_ham(website, browser, page=None):
    """In the row after those that are there."""
    page = page or browser.get(EXTRAS)
    place = len(soup(page).select(".extra-row .recipe-name"))
    row = {f"row_{place}__ingredient_id": id_of(website, "jambon")}
    row |= {f"row_{place}__quantity": "40 g", f"row_{place}__price": "1,50"}
    return see_effect(browser, page, **row)


def test_the_effect_is_seen_before_extras_are_saved_and_customers_have_them_at_once(website):
    group = website.staff("direction")
    page = add_ham(website, group)
    assert page.status_int == 200
    said = words(page)
    assert "Jambon blanc nouveau 40 g, 1,50 € inconnu" in said
    assert "OC Pizza Montparnasse" in said
    assert "Jambon blanc" not in shown(group.get(PRODUCT))
    answer = save(page)
    assert place(answer) == PRODUCT
    page = answer.follow()
    assert notices(page) == ["Les suppléments ont été modifiés."]
    assert "Jambon blanc, 40 g 1,50 €" in shown(page)
    shop = soup(website.browser().get(f"{SHOP}/margherita"))
    added = shop.select_one(f"#choix input[name=extra][value='{id_of(website, 'jambon')}']")
    assert "1,50 €" in words(added.find_parent("label").get_text())


def test_ingredients_are_named_in_the_readers_language(website):
    with website.session() as session:
        for ingredient in website.pizzeria.ingredients.values():
            session.merge(ingredient).name_en = f"English {ingredient.code}"
    group = website.staff("direction")
    group.set_cookie("langue", "en")
    page = soup(group.get(EXTRAS))
    said = page.select(".recipe-name, .recipe-rows option:not([value='0'])")
    assert said
    assert [each for each in said if not words(each.get_text()).startswith("English ")] == []


def test_nothing_is_saved_of_which_the_effect_was_not_seen(website):
    group = website.staff("direction")
    before = shown(group.get(PRODUCT))
    page = add_ham(website, group)
    form = form_of(page, EXTRAS)
    form["row_0-price"] = "9,99"
    page = form.submit("enregistrer")
    assert page.status_int == 200
    assert "9,99 €" in words(page)
    assert shown(group.get(PRODUCT)) == before


def test_one_is_put_away_and_one_is_taken_out(website):
    group = website.staff("direction")
    save(add_ham(website, group))
    page = group.get(EXTRAS)
    names = [words(label.get_text()) for label in soup(page).select(".recipe-name")]
    ham = names.index("Jambon blanc")
    form = form_of(page, EXTRAS)
    form[f"row_{ham}-active"] = False
    for row in range(len(names)):
        if row != ham:
            form[f"row_{row}-quantity"] = ""
    page = form.submit()
    said = words(page)
    assert "Ne seront plus proposés" in said
    assert "Les commandes passées les gardent, à leur prix." in said
    page = save(page).follow()
    assert shown(page) == ["Jambon blanc, 40 g pas proposé 1,50 €"]
    away = soup(group.get(EXTRAS)).select_one("input[name=row_0-active]")
    assert not away.has_attr("checked")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"quantity": "x", "price": "1"}, "Indiquez une quantité comme 2,5."),
        ({"quantity": "40", "price": ""}, "Indiquez un prix."),
        ({"quantity": "40", "price": "gratuit"}, "Indiquez une somme comme 3,50."),
        ({"quantity": "40", "price": "100,01"}, "Un supplément coûte au plus 100,00 €."),
        ({"quantity": "2 l", "price": "1"}, "Cet ingrédient ne se compte pas dans cette unité."),
    ],
)
def test_what_cannot_be_is_said_beside_its_row_and_nothing_is_lost(website, row, why):
    group = website.staff("direction")
    page = group.get(EXTRAS)
    last = len(soup(page).select(".extra-row .recipe-name"))
    fields = {f"row_{last}__{name}": value for name, value in row.items()}
    fields[f"row_{last}__ingredient_id"] = id_of(website, "jambon")
    page = see_effect(group, page, **fields)
    assert page.status_int == 422
    faults = [words(fault.get_text()) for fault in soup(page).select(".field-error")]
    assert faults == [why]
    form = form_of(page, EXTRAS)
    assert form[f"row_{last}-quantity"].value == row["quantity"]
    assert form[f"row_{last}-price"].value == row["price"]


def test_whoever_saves_second_sees_what_the_first_one_wrote(website):
    group, other = website.staff("direction"), website.staff("direction")
    page = add_ham(website, group)
    mine = see_effect(other, other.get(EXTRAS), row_0__price="3,00")
    save(page)
    page = save(mine)
    assert page.status_int == 422
    said = words(page)
    assert "a été modifié entre-temps par quelqu’un d’autre" in said
    assert "Jambon blanc 40 g 1,50 €" in said
    assert "Jambon blanc, 40 g 1,50 €" in shown(group.get(PRODUCT))
    save(page)
    assert "Jambon blanc, 40 g 1,50 €" not in shown(group.get(PRODUCT))


def test_a_restaurants_manager_changes_those_of_what_is_sold_there_alone(website):
    manager = website.staff("manager")
    assert "Modifier les suppléments" not in words(manager.get(PRODUCT))
    manager.get(EXTRAS, status=403)
    with website.session() as session:
        product = website.pizzeria.products["margherita"].id
        place = website.branch.restaurant.id
        session.add(HiddenProduct(restaurant_id=place, product_id=product))
    assert "Modifier les suppléments" in words(manager.get(PRODUCT))
    page = save(add_ham(website, manager)).follow()
    assert "Jambon blanc, 40 g 1,50 €" in shown(page)


def test_what_changed_is_in_the_trail(website):
    group = website.staff("direction")
    save(add_ham(website, group))
    page = words(group.get(f"/equipe/{HERE}/journal"))
    assert "Suppléments" in page
    assert "Jambon blanc 40 g 1,50 €" in page


def test_the_page_asks_the_database_little(website):
    group = website.staff("direction")
    group.get(EXTRAS)
    with website.counted() as statements:
        group.get(EXTRAS)
    assert len(statements) <= 14, statements
    page = group.get(EXTRAS)
    with website.counted() as statements:
        see_effect(group, page)
    assert len(statements) <= 18, statements
