"""UC6.3: products and recipes, as managers find and change them."""

import pytest

from ocpizza.models.price import HiddenProduct
from views.pages import form_of, notices, place, soup, words
from views.website import ELSEWHERE, HERE

LIST = f"/equipe/{HERE}/produits"
PRODUCT = f"{LIST}/margherita"
RECIPE = f"{PRODUCT}/recette"
COSTS = f"/equipe/{HERE}/produits/ingredients/couts"


def hide(website, slug: str = "margherita", where=None) -> None:
    where = where or website.branch
    with website.session() as session:
        product = website.pizzeria.products[slug].id
        session.add(HiddenProduct(restaurant_id=where.restaurant.id, product_id=product))


def id_of(website, code: str) -> str:
    return str(website.pizzeria.ingredients[code].id)


def see_effect(browser, page=None, **rows):
    """Fill in the form, and look at what it would do."""
    form = form_of(page or browser.get(RECIPE), RECIPE)
    for name, value in rows.items():
        form[name.replace("__", "-")] = value
    return form.submit(expect_errors=True)


def save(page):
    return form_of(page, RECIPE).submit("enregistrer", expect_errors=True)


def with_eggs(website, browser, page=None):
    eggs = {"row_2__quantity": "", "row_3__ingredient_id": id_of(website, "oeuf")}
    return see_effect(browser, page, **eggs, row_3__quantity="2", text="Étaler.\nCuire.")


def test_every_product_is_listed_sold_here_or_not(website):
    hide(website, "regina", website.pizzeria)
    page = website.staff("manager").get(LIST)
    rows = soup(page).select("tbody tr")
    shown = {words(row.th.get_text()): words(row.get_text(" ")) for row in rows}
    assert shown.keys() == {"Margherita", "Regina", "Bière 33 cl", "Cola 33 cl"}
    assert "Pas vendu ici" in shown["Regina"]
    assert "7,50 € · 9,50 € · 14,90 €" in shown["Margherita"]


def test_the_effect_is_seen_before_a_recipe_is_saved(website):
    group = website.staff("direction")
    page = with_eggs(website, group)
    assert page.status_int == 200
    said = words(page)
    assert "en plus : Œufs ; en moins : Lait" in said
    assert "Coût inconnu, non compté : Farine, Mozzarella, Œuf, Sauce tomate." in said
    assert "OC Pizza Montparnasse" in said
    assert "Mozzarella" in words(group.get(PRODUCT))
    answer = save(page)
    assert place(answer) == PRODUCT
    page = answer.follow()
    assert notices(page) == ["La recette a été modifiée"]
    composition = [words(each.get_text(" ")) for each in soup(page).select("#composition ~ ul li")]
    assert composition == ["Farine 160 g", "Sauce tomate 80 g", "Œuf 2"]
    kitchen = words(website.staff("pizzaiolo").get(f"/equipe/{HERE}/recettes/margherita"))
    assert "Étaler. Cuire." in kitchen


def test_nothing_is_saved_of_which_the_effect_was_not_seen(website):
    group = website.staff("direction")
    page = with_eggs(website, group)
    form = form_of(page, RECIPE)
    form["row_3-quantity"] = "3"
    page = form.submit("enregistrer")
    assert page.status_int == 200
    assert "Effet de ces changements" in words(page)
    assert save(page).status_int == 303
    form = form_of(group.get(RECIPE), RECIPE)
    assert form.submit("enregistrer").status_int == 200


def test_two_who_change_a_recipe_are_shown_what_the_other_did(website):
    group = website.staff("direction")
    mine = see_effect(group, row_0__quantity="200 g")
    assert save(with_eggs(website, group)).status_int == 303
    page = save(mine)
    assert page.status_int == 422
    said = words(page)
    assert "Cette recette a été modifiée entre-temps" in said
    assert "Étaler. Cuire." in said
    shown = words(soup(page).select_one("#differences").parent.get_text(" "))
    assert "version actuelle : Farine 160 g, Sauce tomate 80 g, Œuf 2" in shown
    assert "votre saisie : Farine 200 g, Sauce tomate 80 g, Mozzarella 120 g" in shown
    assert save(page).status_int == 303
    assert form_of(group.get(RECIPE), RECIPE)["row_0-quantity"].value.startswith("200")


def test_what_all_restaurants_sell_is_changed_by_the_group_alone(website):
    manager = website.staff("manager")
    assert "géré par la direction du groupe" in words(manager.get(PRODUCT))
    manager.get(RECIPE, status=403)
    assert manager.post_form(RECIPE, {}).status_int == 403
    hide(website)
    page = with_eggs(website, manager, manager.get(PRODUCT).click("Modifier la recette"))
    assert "Montparnasse" not in words(soup(page).select_one(".effect").get_text(" "))
    assert save(page).status_int == 303
    website.staff(f"manager.{ELSEWHERE}").get(RECIPE.replace(HERE, ELSEWHERE), status=403)


def test_a_changed_recipe_is_in_the_audit_trail_in_words(website):
    group = website.staff("direction")
    save(with_eggs(website, group))
    said = words(group.get(f"/equipe/{HERE}/journal?quoi=product"))
    assert "Produits · Margherita" in said
    assert "avant : Farine 160 g, Sauce tomate 80 g, Mozzarella 120 g" in said
    assert "après : Farine 160 g, Sauce tomate 80 g, Œuf 2" in said


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"row_0__quantity": "x"}, "Indiquez une quantité comme 2,5."),
        ({"row_0__quantity": "0,5"}, "Comptez en grammes entiers."),
        ({"row_0__quantity": "2 l"}, "ne se compte pas dans cette unité"),
        ({"row_0__quantity": "900 kg"}, "C’est trop pour un seul produit."),
        ({"row_3__quantity": "3"}, "Choisissez l’ingrédient."),
        ({"row_3__quantity": "3", "row_3__ingredient_id": "1"}, "Cet ingrédient y est déjà."),
        (dict.fromkeys([f"row_{place}__quantity" for place in range(3)], ""), "au moins un"),
        ({"text": "x" * 5001}, "5 000 caractères au plus"),
    ],
)
def test_what_is_no_recipe_says_so_and_keeps_what_was_typed(website, rows, message):
    page = see_effect(website.staff("direction"), **rows)
    assert page.status_int == 422
    assert message.replace("5 000", "5000") in words(page).replace("5 000", "5000")
    form = form_of(page, RECIPE)
    for name, value in rows.items():
        assert form[name.replace("__", "-")].value.replace("\r", "") == value


def test_a_quantity_may_be_in_kilograms(website):
    group = website.staff("direction")
    assert save(see_effect(group, row_0__quantity="0,2 kg")).status_int == 303
    assert "Farine 200 g" in words(group.get(PRODUCT))


def test_the_cost_of_a_recipe_follows_what_its_ingredients_cost(website):
    group = website.staff("direction")
    page = group.get(LIST).click("Ingrédients").click("Farine")
    path = f"{COSTS}/{id_of(website, 'farine')}"
    form = form_of(page, path)
    form["cost_cents"] = "0,85"
    answer = form.submit()
    assert place(answer) == COSTS
    page = answer.follow()
    assert notices(page) == ["Ingrédient enregistré : Farine."]
    assert "Farine Non renseigné 0,85 € le kilo" in words(page)
    effect = soup(see_effect(group, row_0__quantity="1 kg")).select_one(".effect")
    assert "Classique 31 cm 0,14 € + ? 0,85 € + ? 9,50 €" in words(effect.get_text(" "))
    said = words(group.get(f"/equipe/{HERE}/journal"))
    assert "Coût du kilo, hors taxe avant : aucun après : 0,85 €" in said


def test_ingredients_are_named_in_the_readers_language(website):
    with website.session() as session:
        for code, name in (("farine", "Flour"), ("oeuf", "Egg")):
            session.merge(website.pizzeria.ingredients[code]).name_en = name
    group = website.staff("direction")
    group.set_cookie("langue", "en")
    page = group.get(RECIPE)
    assert "Flour" in words(soup(page).select_one(".recipe-name").get_text())
    assert "Egg" in {words(option.get_text()) for option in soup(page).select("option")}
    path = f"{COSTS}/{id_of(website, 'farine')}"
    form = form_of(group.get(path), path)
    form["cost_cents"] = "0,85"
    assert notices(form.submit().follow()) == ["Ingredient saved: Flour."]


def test_two_who_change_a_cost_are_told_of_each_other(website):
    group, path = website.staff("direction"), f"{COSTS}/{id_of(website, 'oeuf')}"
    both = [form_of(group.get(path), path) for _ in range(2)]
    for form, typed in zip(both, ("0,22", "0,25"), strict=True):
        form["cost_cents"] = typed
    assert both[0].submit().status_int == 303
    page = both[1].submit(expect_errors=True)
    assert page.status_int == 422
    assert "Actuellement : 0,22 € · Non renseigné" in words(page)
    assert form_of(page, path).submit().status_int == 303
    assert "Œuf Non renseigné 0,25 € la pièce" in words(group.get(COSTS))


def test_costs_are_read_by_managers_and_written_by_the_groups(website):
    manager = website.staff("manager")
    page = manager.get(COSTS)
    assert "gérés par la direction du groupe" in words(page)
    assert not soup(page).select("tbody a")
    manager.get(f"{COSTS}/1", status=403)


@pytest.mark.parametrize("typed", ["x", "-1", "1000,01", "99999999"])
def test_a_cost_that_is_none_says_so(website, typed):
    group, path = website.staff("direction"), f"{COSTS}/{id_of(website, 'oeuf')}"
    form = form_of(group.get(path), path)
    form["cost_cents"] = typed
    page = form.submit(expect_errors=True)
    assert page.status_int == 422
    assert form_of(page, path)["cost_cents"].value == typed


@pytest.mark.parametrize("page", [LIST, PRODUCT, RECIPE, COSTS])
def test_a_page_asks_the_same_however_many_products_there_are(website, page):
    group = website.staff("direction")
    group.get(page)
    with website.counted() as statements:
        group.get(page)
    assert len(statements) <= 12, statements
