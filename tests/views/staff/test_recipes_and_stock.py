"""UC4.4, D1, D2: feasible pizzas, recipes and stock."""

import pytest

from factories import make_ingredient, make_pizza, stock_up
from ocpizza.domain.sorting import reading_order
from views.pages import designed, soup, words
from views.website import HERE

WORK = f"/equipe/{HERE}"
PAGES = ["pizzas-realisables", "recettes", "recettes/regina", "stock"]


def leave(website, code: str, quantity: int) -> None:
    pizzeria = website.pizzeria
    with website.session() as session:
        delta = quantity - pizzeria.stock_of(session, code)
        stock_up(session, session.merge(pizzeria.restaurant), {pizzeria.ingredients[code]: delta})


def rows(page) -> dict[str, list[str]]:
    """The rows of a table by what is at their head."""
    return {
        words(row.th.get_text(" ")): [words(cell.get_text(" ")) for cell in row.select("td")]
        for row in soup(page).select("tbody tr")
    }


def test_feasible_pizzas_are_counted_by_size_from_stock_and_recipe(website):
    leave(website, "farine", 1000)
    leave(website, "jambon", 250)
    table = rows(website.staff("pizzaiolo").get(f"{WORK}/pizzas-realisables"))
    # 120, 160 and 272 g of flour; 45, 60 and 102 g of ham
    assert table == {"Regina": ["5", "4", "2"], "Margherita": ["8", "6", "3"]}


def test_the_scarcest_pizza_comes_first_and_what_is_gone_says_so(website):
    leave(website, "jambon", 0)
    table = rows(website.staff("pizzaiolo").get(f"{WORK}/pizzas-realisables"))
    assert list(table) == ["Regina Indisponible", "Margherita"]
    assert table["Regina Indisponible"] == ["0", "0", "0"]


def test_the_stock_has_one_ingredient_a_line_by_name(website):
    leave(website, "farine", 12_500)
    leave(website, "oeuf", 0)
    leave(website, "jambon", 750)
    table = rows(website.staff("pizzaiolo").get(f"{WORK}/stock"))
    assert len(table) == 8
    assert table["Farine"][0] == "12,5 kg"
    assert table["Jambon blanc"][0] == "750 g"
    assert table["Œuf"][0] == "0"
    assert table["Œuf"][1] == "Épuisé"
    assert list(table)[:3] == ["Bière 33 cl", "Champignons", "Cola 33 cl"]


def test_the_stock_is_that_of_one_restaurant(website):
    leave(website, "jambon", 0)
    browser = website.staff("direction")
    assert rows(browser.get(f"{WORK}/stock"))["Jambon blanc"][0] == "0 g"
    assert rows(browser.get("/equipe/city_002/stock"))["Jambon blanc"][0] == "100 kg"


def test_recipes_list_what_is_made_and_open_it(website):
    browser = website.staff("pizzaiolo")
    page = browser.get(f"{WORK}/recettes")
    names = [words(heading.get_text()) for heading in soup(page).select("h2")]
    assert names == ["Margherita", "Regina"]
    assert "Regina" in words(page.click("Regina"))


@pytest.mark.parametrize(
    ("size", "quantities"),
    [
        ("junior", ["120 g", "60 g", "90 g", "45 g", "38 g"]),
        ("medium", ["160 g", "80 g", "120 g", "60 g", "50 g"]),
        ("family", ["272 g", "136 g", "204 g", "102 g", "85 g"]),
        ("nonsense", ["160 g", "80 g", "120 g", "60 g", "50 g"]),
        ("\x00", ["160 g", "80 g", "120 g", "60 g", "50 g"]),
    ],
)
def test_a_recipe_says_the_quantities_of_the_size(website, size, quantities):
    page = website.staff("pizzaiolo").get(f"{WORK}/recettes/regina", {"taille": size})
    found = [words(item.get_text()) for item in soup(page).select("ul.quantities li strong")]
    assert found == quantities


def test_a_recipe_shows_its_steps_without_their_numbers(website):
    with website.session() as session:
        product = session.merge(website.pizzeria.products["regina"])
        product.recipe = "1. Étaler la pâte.\n2. Garnir.\n10. Cuire 6 minutes.\n"
    page = website.staff("pizzaiolo").get(f"{WORK}/recettes/regina")
    steps = [words(item.get_text()) for item in soup(page).select("ol li")]
    assert steps == ["Étaler la pâte.", "Garnir.", "Cuire 6 minutes."]


def test_a_product_without_a_recipe_says_so(website):
    page = website.staff("pizzaiolo").get(f"{WORK}/recettes/margherita")
    assert "Pas de recette écrite." in words(page)


def test_an_unknown_recipe_is_not_found(website):
    assert designed(website.staff("pizzaiolo").get(f"{WORK}/recettes/tartiflette", status=404))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
def test_a_page_of_the_larder_is_fifteen_statements_at_most(website, page):
    with website.session() as session:
        composition = {session.merge(website.pizzeria.ingredients["farine"]): 100}
        for number in range(20):
            make_pizza(session, f"speciale-{number}", (700, 900, 1300), composition)
    browser = website.staff("direction")
    with website.counted() as statements:
        browser.get(f"{WORK}/{page}")
    assert len(statements) <= 4, statements


@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
def test_the_stock_is_in_the_order_of_reading(website):
    with website.session() as session:
        for code, name in {"a": "Œufs durs", "b": "olive", "c": "épinard", "d": "Zeste"}.items():
            ingredient = make_ingredient(session, code, name=name)
            stock_up(session, session.merge(website.pizzeria.restaurant), {ingredient: 10})
    page = soup(website.staff("manager").get(f"/equipe/{HERE}/stock"))
    names = [cell.find(string=True).strip() for cell in page.select("tbody th")]
    assert names == sorted(names, key=reading_order)
    assert [name for name in names if name[0] in "Œoé"] == ["épinard", "Œuf", "Œufs durs", "olive"]
