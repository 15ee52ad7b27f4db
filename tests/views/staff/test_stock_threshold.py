"""Thresholds: what runs out stands out at the top of the stock, where each restaurant says."""

import pytest

from factories import stock_up
from views.pages import form_of, notices, place, soup, words
from views.website import ELSEWHERE, HERE

LIST = f"/equipe/{HERE}/stock"


def path_of(website, code: str = "jambon") -> str:
    return f"{LIST}/{website.pizzeria.ingredients[code].id}/seuil"


def leave(website, code: str, quantity: int) -> None:
    with website.session() as session:
        here, ingredient = website.pizzeria.restaurant, website.pizzeria.ingredients[code]
        delta = quantity - website.pizzeria.stock_of(session, code)
        stock_up(session, session.merge(here), {ingredient: delta})


def set_threshold(website, browser, quantity: str, code: str = "jambon", page=None):
    path = path_of(website, code)
    form = form_of(page or browser.get(path), path)
    form["quantity"] = quantity
    return form.submit(expect_errors=True)


def standing_out(page) -> list[str]:
    return [words(each.get_text(" ")) for each in soup(page).select(".short-list li")]


def test_what_runs_out_stands_out_at_the_top_what_is_gone_first(website):
    manager = website.staff("manager")
    leave(website, "jambon", 4500)
    leave(website, "oeuf", 0)
    assert standing_out(manager.get(LIST)) == ["Œuf : épuisé"]
    page = manager.get(LIST).click("Jambon blanc").click("Modifier le seuil")
    answer = set_threshold(website, manager, "5", page=page)
    assert place(answer) == LIST
    said = "Jambon blanc : vous serez prévenus à partir de 5 kg."
    assert notices(answer.follow()) == [said]
    for who in ("manager", "pizzaiolo", "direction"):
        page = website.staff(who).get(LIST)
        assert standing_out(page) == ["Œuf : épuisé", "Jambon blanc : 4,5 kg (seuil : 5 kg)"]
        assert "2 ingrédients manquent ou vont manquer" in words(page)


def test_where_nothing_runs_out_nothing_stands_out(website):
    assert standing_out(website.staff("manager").get(LIST)) == []


def test_a_threshold_is_one_restaurants(website):
    leave(website, "jambon", 4500)
    set_threshold(website, website.staff("direction"), "200")
    elsewhere = website.staff(f"manager.{ELSEWHERE}")
    assert standing_out(elsewhere.get(LIST.replace(HERE, ELSEWHERE))) == []
    elsewhere.get(path_of(website), status=403)


def test_two_who_change_a_threshold_are_told_of_each_other(website):
    here, group = website.staff("manager"), website.staff("direction")
    both = [one.get(path_of(website)) for one in (here, group)]
    for _ in range(2):
        assert set_threshold(website, here, "5", page=both[0]).status_int == 303
    page = set_threshold(website, group, "6", page=both[1])
    assert page.status_int == 422
    assert "a été modifié entre-temps : il est de 5 kg" in words(page)
    again = form_of(page, path_of(website))
    assert again["quantity"].value == "6"
    assert again.submit().status_int == 303
    assert form_of(here.get(path_of(website)), path_of(website))["quantity"].value == "6"


def test_a_threshold_that_changes_is_in_the_audit_trail(website):
    manager = website.staff("manager")
    set_threshold(website, manager, "5")
    page = words(manager.get(f"/equipe/{HERE}/journal"))
    assert "Jambon blanc" in page
    assert "Seuil d’alerte avant : 0 g après : 5 kg" in page


@pytest.mark.parametrize("typed", ["", "x", "-1", "0,00001", "9" * 30, "2 l"])
def test_what_is_no_quantity_says_so_and_keeps_what_was_typed(website, typed):
    page = set_threshold(website, website.staff("manager"), typed)
    assert page.status_int == 422
    assert soup(page).select_one(".error-summary li")
    assert form_of(page, path_of(website))["quantity"].value == typed
