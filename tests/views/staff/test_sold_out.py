"""« Plus de … » from the stock page, and its undo."""

from datetime import UTC, datetime

import pytest

from factories import stock_up
from ocpizza.models.stock import Reason
from views.pages import form_of, notices, place, soup, words
from views.website import ELSEWHERE, HERE, SHOP

LIST = f"/equipe/{HERE}/stock"


def path_of(website, what: str, code: str = "jambon") -> str:
    return f"{LIST}/{website.pizzeria.ingredients[code].id}/{what}"


def left(website, code: str = "jambon") -> int:
    with website.session() as session:
        return website.pizzeria.stock_of(session, code)


@pytest.mark.parametrize("who", ["pizzaiolo", "manager", "direction"])
def test_one_tap_takes_an_ingredient_off_the_menu_and_another_brings_it_back(website, who, add_up):
    browser, gone = website.staff(who), path_of(website, "epuise")
    answer = form_of(browser.get(LIST), gone).submit(status=303)
    assert place(answer) == LIST
    page = answer.follow()
    assert notices(page) == ["Jambon blanc : il n’y en a plus. Ce qui en contient ne se vend plus."]
    assert "Indisponible" in words(website.browser().get(f"{SHOP}/regina"))
    assert "Jambon blanc : mis à zéro à" in words(page)
    assert not soup(page).select(f'form[action="{gone}"]')
    back = form_of(page, path_of(website, "remettre")).submit(status=303).follow()
    assert notices(back) == ["Jambon blanc : 100 kg de nouveau en stock."]
    assert "mis à zéro" not in words(back)
    assert "Indisponible" not in words(website.browser().get(f"{SHOP}/regina"))
    assert left(website) == 100_000
    add_up(website.engine)


def test_what_was_at_zero_already_says_so(website):
    cook = website.staff("pizzaiolo")
    for _ in range(2):
        answer = cook.post_form(path_of(website, "epuise"))
    assert notices(answer.follow())[-1] == "Jambon blanc : c’était déjà à zéro."


def test_a_delivery_meanwhile_is_named_and_nothing_given_back(website, add_up):
    cook = website.staff("pizzaiolo")
    page = form_of(cook.get(LIST), path_of(website, "epuise")).submit(status=303).follow()
    undo = form_of(page, path_of(website, "remettre"))
    with website.session() as session:
        here = session.merge(website.pizzeria.restaurant)
        ham = website.pizzeria.ingredients["jambon"]
        stock_up(session, here, {ham: 5000}, reason=Reason.SUPPLY, at=datetime.now(UTC))
    answer = undo.submit(status=303).follow()
    (said,) = notices(answer)
    assert "entre-temps (Livraison reçue, +5 kg), rien n’a été remis" in said
    assert left(website) == 5000
    add_up(website.engine)


def test_what_can_no_more_be_undone_says_who_can_help(website):
    cook = website.staff("pizzaiolo")
    cook.post_form(path_of(website, "epuise"))
    undo = path_of(website, "remettre")
    for sent in ("", "x", "9" * 30, "-1", "1"):
        (said,) = notices(cook.post_form(undo, {"movement": sent}).follow())[-1:]
        assert "la minute est passée, rien n’a été remis" in said
    assert left(website) == 0


def test_nobody_takes_anything_from_another_restaurant(website):
    website.staff(f"pizzaiolo.{ELSEWHERE}").post_form(path_of(website, "epuise"), status=403)
    for who in ("cashier", "driver"):
        website.staff(who).post_form(path_of(website, "epuise"), status=403)
    assert left(website) == 100_000
