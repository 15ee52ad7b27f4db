"""Products by form, as managers add and change them."""

import pytest

from views.pages import form_of, notices, place, soup, words
from views.website import HERE, SHOP

LIST = f"/equipe/{HERE}/produits"
NEW = f"{LIST}/nouveau"
EDIT = f"{LIST}/margherita/fiche"


def add(website, browser, **fields):
    form = form_of(browser.get(LIST).click("Nouveau produit"), NEW)
    known = {
        "name": "Tartufo",
        "description": "À la truffe.",
        "size_0-name": "Classique 31 cm",
        "size_0-price_cents": "14,50",
    }
    for name, value in (known | fields).items():
        form[name] = value
    return form.submit(expect_errors=True)


def test_a_product_is_added_its_recipe_written_and_it_is_sold(website):
    group = website.staff("direction")
    answer = add(website, group)
    recipe = f"{LIST}/tartufo/recette"
    assert place(answer) == recipe
    page = answer.follow()
    assert notices(page) == ["Tartufo est ajouté : écrivez maintenant sa recette."]
    website.browser().get(f"{SHOP}/tartufo", status=404)
    picture = soup(group.get(f"{LIST}/tartufo")).select_one("article img")["src"]
    assert group.get(picture).content_type == "image/svg+xml"
    form = form_of(page, recipe)
    form["row_0-ingredient_id"] = str(website.pizzeria.ingredients["farine"].id)
    form["row_0-quantity"] = "160"
    form_of(form.submit(), recipe).submit("enregistrer", status=303)
    shop = website.browser().get(f"{SHOP}/tartufo")
    assert "14,50 €" in words(shop)
    website.browser().get("/pizzeria/city-002/tartufo", status=404)


def test_a_restaurants_manager_adds_a_product_of_their_own(website):
    manager = website.staff("manager")
    assert add(website, manager).status_int == 303
    page = manager.get(f"{LIST}/tartufo/fiche")
    assert "Vendu dans" not in words(page)
    website.browser().get("/pizzeria/city-002/tartufo", status=404)
    manager.get(EDIT, status=403)


def test_a_product_changes_in_both_languages(website):
    group = website.staff("direction")
    form = form_of(group.get(f"{LIST}/margherita").click("Modifier le produit"), EDIT)
    form["description"], form["description_en"] = "La reine.", "The queen."
    answer = form.submit()
    assert notices(answer.follow()) == ["Margherita est enregistré."]
    browser = website.browser()
    assert "La reine." in words(browser.get(f"{SHOP}/margherita"))
    english = browser.get(f"{SHOP}/margherita", headers={"Accept-Language": "en"})
    assert "The queen." in words(english)
    said = words(group.get(f"/equipe/{HERE}/journal"))
    assert "Description avant : aucun après : La reine." in said


def test_two_who_change_a_product_are_shown_what_the_other_did(website):
    group = website.staff("direction")
    both = [form_of(group.get(EDIT), EDIT) for _ in range(2)]
    both[0]["description"] = "La première."
    both[1]["description"] = "La seconde."
    assert both[0].submit().status_int == 303
    page = both[1].submit(expect_errors=True)
    assert page.status_int == 422
    shown = words(soup(page).select_one("#differences").parent.get_text(" "))
    assert "version actuelle : La première." in shown
    assert "votre saisie : La seconde." in shown
    assert "Tailles" not in shown
    assert form_of(page, EDIT).submit().status_int == 303


def test_whoever_hides_it_meanwhile_is_not_overruled_by_a_page_that_is_old(website):
    group, manager = website.staff("direction"), website.staff("manager")
    form = form_of(group.get(EDIT), EDIT)
    form_of(manager.get(f"{LIST}/margherita"), f"{LIST}/margherita/vente").submit("cacher")
    page = form.submit(expect_errors=True)
    assert page.status_int == 422
    assert website.pizzeria.restaurant.name in words(
        soup(page).select_one("#differences").parent.get_text(" ")
    )
    website.browser().get(f"{SHOP}/margherita", status=404)
    assert form_of(page, EDIT).submit().status_int == 303
    website.browser().get(f"{SHOP}/margherita", status=200)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Indiquez un nom."),
        ({"size_0-name": ""}, "Indiquez le nom de la taille."),
        ({"size_0-price_cents": ""}, "Indiquez le prix."),
        ({"size_0-price_cents": "x"}, "Indiquez une somme comme 3,50."),
        ({"size_0-factor_percent": "5"}, "Indiquez de 10 à 1000 %."),
        ({"size_0-active": False}, "Il faut au moins une taille en vente."),
        ({"description": "x" * 501}, "500 caractères au plus"),
    ],
)
def test_what_is_no_product_says_so_and_keeps_what_was_typed(website, fields, message):
    page = add(website, website.staff("direction"), **fields)
    assert page.status_int == 422
    assert message in words(page)
    form = form_of(page, NEW)
    assert form["description"].value.startswith(("À la truffe.", "x"))


def test_the_size_of_reference_must_be_on_sale(website):
    group = website.staff("direction")
    form = form_of(group.get(EDIT), EDIT)
    form["size_1-active"] = False
    page = form.submit(expect_errors=True)
    assert "La taille de référence doit être en vente." in words(page)
    form = form_of(page, EDIT)
    form["default"] = "0"
    assert form.submit().status_int == 303
    assert "Classique" not in words(website.browser().get(f"{SHOP}/margherita"))


def test_a_product_sold_nowhere_leaves_every_menu(website):
    group = website.staff("direction")
    form = form_of(group.get(EDIT), EDIT)
    for box in form.fields["restaurants"]:
        box.checked = False
    assert form.submit().status_int == 303
    for shop in (SHOP, "/pizzeria/city-002"):
        website.browser().get(f"{shop}/margherita", status=404)
    assert "Pas vendu ici" in words(group.get(LIST))
    said = words(group.get(f"/equipe/{HERE}/journal"))
    assert "Vendu dans avant : OC Pizza Montparnasse, OC Pizza République après : aucun" in said


def test_all_that_may_be_said_of_a_product_can_be_read_in_the_trail(website):
    group = website.staff("direction")
    add(website, group, **{"size_0-name_en": "Classic 31 cm"})
    said = words(group.get(f"/equipe/{HERE}/journal"))
    assert "Ajout" in said
    assert "Nom après : Tartufo Rayon après : Pizzas" in said
    assert "TVA après : À manger tout de suite : 10 %" in said
    assert "Tailles après : Classique 31 cm / Classic 31 cm 100 %" in said
    assert "Vendu dans après : OC Pizza République" in said
    assert group.get(f"/equipe/{HERE}/journal", headers={"Accept-Language": "en"})


def test_a_size_of_another_product_changes_nothing(website):
    group = website.staff("direction")
    form = form_of(group.get(EDIT), EDIT)
    form["size_0-size_id"] = str(website.pizzeria.size("regina").id)
    form["description"] = "Autre."
    page = form.submit(expect_errors=True)
    assert page.status_int == 422
    assert "Une de ces tailles est d’un autre produit" in words(page)
    assert "Autre." not in words(website.browser().get(f"{SHOP}/margherita"))
