"""Stock-taking page by page: counted, interrupted, resumed, read again, recorded."""

import pytest

from factories import order_of
from ocpizza.models.ingredient import Ingredient
from views.pages import form_of, notices, place, soup, words
from views.website import ELSEWHERE, HERE

LIST = f"/equipe/{HERE}/stock"
COUNT = f"{LIST}/inventaire"
DIFFERENCES, GIVE_UP = f"{COUNT}/ecarts", f"{COUNT}/abandonner"


def path_of(website, code: str) -> str:
    return f"{COUNT}/{website.pizzeria.ingredients[code].id}"


def begin(browser):
    """The page of the first ingredient."""
    return form_of(browser.get(COUNT), COUNT).submit(status=303).follow()


def count(website, browser, code: str, quantity: str, page=None):
    """The answer to a quantity typed on an ingredient's page."""
    path = path_of(website, code)
    form = form_of(page or browser.get(path), path)
    form["quantity"] = quantity
    return form.submit(expect_errors=True)


def left(website, code: str = "jambon") -> int:
    with website.session() as session:
        return website.pizzeria.stock_of(session, code)


def test_a_manager_counts_from_the_first_ingredient_to_the_last(website, add_up):
    manager = website.staff("manager")
    assert "Inventaire" in words(manager.get(LIST))
    page, names = begin(manager), []
    while "écart" not in words(soup(page).h1.get_text()).lower():
        name = words(soup(page).h1.get_text())
        names.append(name)
        form = form_of(page, page.request.path)
        form["quantity"] = {"Farine": "99,5", "Œuf": "100 000"}.get(name, "100 000")
        if name in ("Jambon blanc", "Champignons", "Mozzarella", "Sauce tomate"):
            form["quantity"] = "100"
        page = form.submit(status=303).follow()
    assert len(names) == len(set(names)) == 8
    assert names[:3] == ["Bière 33 cl", "Champignons", "Cola 33 cl"]
    table = {words(row.th.get_text(" ")): row for row in soup(page).select("tbody tr")}
    cells = [words(cell.get_text(" ")) for cell in table["Farine"].select("td")]
    assert cells == ["−500 g", "99,5 kg", "100 kg", "99,5 kg"]
    assert left(website, "farine") == 100_000
    answer = form_of(page, DIFFERENCES).submit(status=303)
    assert place(answer) == LIST
    said = "Le contenu du stock a été modifié : 1 écart enregistré."
    assert notices(answer.follow()) == [said]
    assert left(website, "farine") == 99_500
    assert "Dernier inventaire" in words(manager.get(COUNT))
    add_up(website.engine)


def test_an_interrupted_count_is_resumed_on_another_device(website):
    manager = website.staff("manager")
    begin(manager)
    count(website, manager, "jambon", "99")
    page = website.staff("direction").get(COUNT)
    assert "1 ingrédient compté sur 8" in words(page)
    assert "Jambon blanc 99 kg" in words(page)
    assert "par Manager Lombard" in words(page)
    again = form_of(page.click("Jambon blanc"), path_of(website, "jambon"))
    assert (again["quantity"].value, again["counted_in"].value) == ("99", "1000")


def test_nobody_who_counts_is_told_what_there_should_be(website):
    manager = website.staff("manager")
    begin(manager)
    assert "100 kg" not in words(manager.get(path_of(website, "jambon")))


def test_two_telephones_in_one_cold_room_do_not_write_over_each_other(website):
    here, group = website.staff("manager"), website.staff("direction")
    begin(here)
    path = path_of(website, "jambon")
    both = [one.get(path) for one in (here, group)]
    count(website, here, "jambon", "99", both[0])
    page = count(website, group, "jambon", "98,5", both[1])
    assert page.status_int == 422
    assert "Entre-temps, Manager Lombard a compté 99 kg à" in words(page)
    again = form_of(page, path)
    assert again["quantity"].value == "98,5"
    again.submit(status=303)
    assert "98,5 kg" in words(here.get(COUNT))


def test_differences_that_are_no_longer_those_shown_are_shown_again(website, add_up):
    manager = website.staff("manager")
    begin(manager)
    count(website, manager, "jambon", "99")
    page = manager.get(DIFFERENCES)
    count(website, manager, "jambon", "98")
    answer = form_of(page, DIFFERENCES).submit(status=303)
    assert place(answer) == DIFFERENCES
    again = answer.follow()
    assert "L’inventaire a changé entre-temps" in notices(again)[0]
    assert left(website) == 100_000
    form_of(again, DIFFERENCES).submit(status=303)
    assert left(website) == 98_000
    add_up(website.engine)


def test_what_was_sold_between_counting_and_recording_stays_sold(website, add_up):
    manager = website.staff("manager")
    begin(manager)
    count(website, manager, "jambon", "99")
    with website.session() as session:
        order_of(session, website.pizzeria, [(website.pizzeria.select("regina"), 1)])
    page = manager.get(DIFFERENCES)
    assert "7 ingrédients n’ont pas été comptés" in words(page)
    for _ in range(2):
        form_of(page, DIFFERENCES).submit(status=303)
    assert left(website) == 99_000 - 60
    add_up(website.engine)


def test_a_count_is_given_up_on_purpose(website):
    manager = website.staff("manager")
    begin(manager)
    count(website, manager, "jambon", "1")
    form = form_of(manager.get(COUNT), GIVE_UP)
    said = [notices(form.submit(status=303).follow()) for _ in range(2)]
    assert said == [
        ["L’inventaire est abandonné, le stock n’a pas changé."],
        ["Cet inventaire est terminé ou abandonné."],
    ]
    assert left(website) == 100_000
    assert "Commencer un inventaire" in words(manager.get(COUNT))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Indiquez une quantité."),
        ("x", "Indiquez une quantité comme 2,5."),
        ("-1", "Indiquez une quantité comme 2,5."),
        ("0,0001", "Indiquez une quantité comme 2,5."),
        ("99999", "C’est plus que ce qu’un restaurant peut garder."),
    ],
)
def test_what_is_no_quantity_says_why_and_keeps_what_was_typed(website, typed, said):
    manager = website.staff("manager")
    begin(manager)
    page = count(website, manager, "jambon", typed)
    assert page.status_int == 422
    assert said in words(soup(page).select_one(".error-summary").get_text(" "))
    assert form_of(page, path_of(website, "jambon"))["quantity"].value == typed


@pytest.mark.parametrize(
    ("unit_quantity", "counted", "typed", "measure"),
    [(500, "1", "1", "500"), (500, "0,5", "0,5", "500"), (500, "123 g", "0,246", "500")],
)
def test_what_was_counted_is_in_the_form_again(website, unit_quantity, counted, typed, measure):
    with website.session() as session:
        ham = session.get_one(Ingredient, website.pizzeria.ingredients["jambon"].id)
        ham.unit_quantity = unit_quantity
    manager = website.staff("manager")
    begin(manager)
    count(website, manager, "jambon", counted)
    form = form_of(manager.get(path_of(website, "jambon")), path_of(website, "jambon"))
    assert (form["quantity"].value, form["counted_in"].value) == (typed, measure)


def test_without_a_count_its_pages_lead_to_where_one_begins(website):
    manager = website.staff("manager")
    for path in (DIFFERENCES, path_of(website, "jambon")):
        assert place(manager.get(path, status=303)) == COUNT
    answer = manager.post_form(path_of(website, "jambon"), {"quantity": "1"})
    assert notices(answer.follow()) == ["Cet inventaire est terminé ou abandonné."]
    answer = manager.post_form(DIFFERENCES, {"count": "1", "version": "1"})
    assert notices(answer.follow()) == ["Cet inventaire est terminé ou abandonné."]


def test_a_count_is_of_one_restaurant(website):
    begin(website.staff("manager"))
    elsewhere = website.staff(f"manager.{ELSEWHERE}")
    elsewhere.get(COUNT, status=403)
    page = elsewhere.get(COUNT.replace(HERE, ELSEWHERE))
    assert "Commencer un inventaire" in words(page)
    website.staff("pizzaiolo").get(COUNT, status=403)


def test_the_pages_of_a_count_ask_the_database_little(website):
    manager = website.staff("manager")
    begin(manager)
    count(website, manager, "jambon", "99")
    for path in (COUNT, DIFFERENCES, path_of(website, "oeuf")):
        with website.counted() as statements:
            manager.get(path)
        assert len(statements) <= 8, (path, statements)
