"""B1 on the page of a product: one control an ingredient, refusals lose nothing, lines edited."""

import pytest
from sqlalchemy import select

from factories import stock_up
from ocpizza.models.basket import BasketLine
from views.pages import notices, place, soup, words
from views.website import BASKET, CHANGE, SHOP, choose

REGINA = f"{SHOP}/regina"


def leave(website, code: str, quantity: int) -> None:
    pizzeria = website.pizzeria
    with website.session() as session:
        delta = quantity - pizzeria.stock_of(session, code)
        stock_up(session, session.merge(pizzeria.restaurant), {pizzeria.ingredients[code]: delta})


def ids(website) -> dict[str, int]:
    return {code: each.id for code, each in website.pizzeria.ingredients.items()}


def checked(page) -> set[tuple[str, str]]:
    """(name, value) of all that is chosen on the page, the quantity too."""
    boxes = soup(page).select("#choix input[checked]")
    quantity = soup(page).select_one("#quantity")
    return {(box["name"], box["value"]) for box in boxes if box["value"]} | {
        ("quantity", quantity.get("value", ""))
    }


def test_no_ingredient_has_two_controls(website, browser):
    for product in ("margherita", "regina"):
        names = {}
        for box in soup(browser.get(f"{SHOP}/{product}")).select("#choix input[name]"):
            if box["name"] in ("without", "extra"):
                names.setdefault(box["value"], set()).add(box["name"])
            elif box["name"].startswith("option-"):
                names.setdefault(box["name"].removeprefix("option-"), set()).add(box["name"])
                assert box["type"] == "radio"
        assert names
        assert all(len(found) == 1 for found in names.values())


# What comes in the way of a Familiale without ham, with more mozzarella, twice; and what is said.
REFUSALS = {
    "nobody’s extra": ({"extra": "jambon"}, "422", "Une des options"),
    "left out and added": (
        {"conflict": "mozzarella"},
        "422",
        "mozzarella : à retirer ou à ajouter",
    ),
    "nobody’s option": ({"without": "farine"}, "422", "Une des options"),
    "another product’s size": ({"size": "cola"}, "422", "Cette taille n’est plus proposée"),
    "no size": ({"size": ""}, "422", "Choisissez une taille."),
    "no quantity": ({"quantity": ""}, "422", "Indiquez une quantité."),
    "too many": ({"quantity": "51"}, "422", "La quantité doit être de 1 à 50."),
    "more than the basket holds": ({"full": True}, "422", "50 articles au plus"),
    "sold out meanwhile": ({"gone": "champignons"}, "422", "Il n’en reste plus avec ces choix"),
    "a line that is gone": ({"line": "999"}, "422", "Cette ligne n’est plus dans votre panier."),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_says_why_at_the_field_and_keeps_what_was_chosen(website, browser, refusal):
    wrong, status, why = REFUSALS[refusal]
    pizzeria, known = website.pizzeria, ids(website)
    fields = [
        ("size", wrong.get("size", str(pizzeria.size("regina", "family").id))),
        ("without", str(known["jambon"])),
        ("extra", str(known["oeuf"])),
        (f"option-{known['mozzarella']}", "extra"),
        ("quantity", wrong.get("quantity", "2")),
    ]
    if wrong.get("size") == "cola":
        fields[0] = ("size", str(pizzeria.size("cola").id))
    fields += [(name, str(known[wrong[name]])) for name in ("without", "extra") if name in wrong]
    if "conflict" in wrong:
        fields.append(("without", str(known[wrong["conflict"]])))
    if "line" in wrong:
        fields.append(("line", wrong["line"]))
    if "full" in wrong:
        chosen = {"without": [known["jambon"]], "extra": [known["oeuf"], known["mozzarella"]]}
        form = browser.form(REGINA, REGINA)
        form["size"], form["quantity"] = fields[0][1], "50"
        choose(form, **chosen)
        form.submit(status=303)
    if "gone" in wrong:
        leave(website, wrong["gone"], 60)
    before = browser.lines() if "full" in wrong else []
    page = browser.post_form(REGINA, fields)
    assert str(page.status_int) == status
    assert why in words(page)
    assert soup(page).select_one(".error-summary") is not None
    expected = {
        ("without", str(known["jambon"])),
        ("extra", str(known["oeuf"])),
        ("quantity", fields[4][1]),
    }
    if "conflict" not in wrong:
        expected.add((f"option-{known['mozzarella']}", "extra"))
    if "size" not in wrong:
        expected.add(fields[0])
    assert expected <= checked(page)
    for link in soup(page).select(".error-summary a"):
        assert soup(page).select_one(f"[id='{link['href'][1:]}']") is not None
    assert browser.lines() == before


def test_price_allergens_drawing_and_picture_text_follow_the_choices(website, browser):
    known = ids(website)
    query = {
        "size": website.pizzeria.size("regina", "family").id,
        "without": known["jambon"],
        f"option-{known['mozzarella']}": "without",
        "extra": known["oeuf"],
        "quantity": 2,
    }
    fragment = soup(browser.get(f"{REGINA}/choix", query))
    assert fragment.select_one("html") is None
    parts = {part["id"]: part for part in fragment.select("[hx-swap-oob]")}
    assert words(parts["montant"].get_text()) == "38,40 €"
    assert words(parts["allergenes"].get_text()).replace(" ,", ",") == "Allergènes : Gluten, Œufs"
    image = parts["dessin"].select_one("img")
    assert image["alt"] == "Dessin\xa0: Regina, sans mozzarella, sans jambon, + œuf"
    assert "jambon" not in image["src"]
    assert "oeuf" in image["src"]
    assert words(parts[f"prix-{known['oeuf']}"].get_text()) == "+ 1,70 €"
    assert "38,40 €" in parts["annonce"].get_text().replace("\u202f", " ").replace("\xa0", " ")
    whole = soup(browser.get(REGINA))
    missing = [id for id in parts if whole.select_one(f"[id='{id}']") is None]
    assert missing == []


def test_without_javascript_a_button_works_it_out(website, browser):
    form = browser.form(REGINA, REGINA)
    form["size"] = str(website.pizzeria.size("regina", "family").id)
    choose(form, without=[ids(website)["mozzarella"]])
    page = form.submit("recalculer", status=200)
    assert words(soup(page).select_one("#montant").get_text()) == "17,50 €"
    assert "Lait" not in words(soup(page).select_one("#allergenes").get_text())
    assert (f"option-{ids(website)['mozzarella']}", "without") in checked(page)
    assert browser.lines() == []


def edit(browser, line: int = 1):
    page = browser.get(soup(browser.get(BASKET)).select(".edit-line")[line - 1]["href"])
    return page.forms["choix"]


def test_the_options_of_a_line_are_changed_from_the_basket(website, browser):
    known = ids(website)
    browser.add("regina", quantity=2, without=[known["jambon"]])
    browser.add()
    form = edit(browser)
    assert form["quantity"].value == "2"
    choose(form, without=[], extra=[known["oeuf"], known["mozzarella"]])
    form["size"] = str(website.pizzeria.size("regina", "junior").id)
    answer = form.submit(status=303)
    assert place(answer) == BASKET
    page = answer.follow()
    assert notices(page) == ["Regina : modifié."]
    assert browser.lines() == [("Regina", 2), ("Margherita", 1)]
    line = words(soup(page).select_one(".basket-line").get_text(" "))
    assert "Junior" in line
    assert "sans" not in line
    assert "+ œuf" in line
    assert "+ mozzarella" in line


def test_a_line_that_becomes_like_another_joins_it(website, browser):
    jambon = ids(website)["jambon"]
    browser.add("regina", quantity=2, without=[jambon])
    browser.add("regina", quantity=3)
    form = edit(browser)
    choose(form, without=[])
    form.submit(status=303)
    assert browser.lines() == [("Regina", 5)]


def test_a_line_that_is_gone_or_somebody_elses_is_said(website, browser):
    browser.add("regina")
    form = edit(browser)
    other = website.browser()
    other.add("regina")
    with website.session() as session:
        mine, theirs = session.scalars(select(BasketLine.id).order_by(BasketLine.id))
    answer = browser.get(f"{REGINA}?ligne={theirs}", status=303)
    assert notices(answer.follow()) == ["Cette ligne n’est plus dans votre panier."]
    browser.post_form(CHANGE, {"line": str(mine), "quantity": "0"})
    form["quantity"] = "3"
    page = form.submit(status=422)
    assert "Cette ligne n’est plus dans votre panier." in words(page)
    assert ("quantity", "3") in checked(page)
    assert soup(page).select_one("input[name=line]") is None
    assert browser.lines() == []
    page.forms["choix"].submit(status=303)
    assert browser.lines() == [("Regina", 3)]
    assert other.lines() == [("Regina", 1)]


def test_a_line_that_changed_meanwhile_is_said_and_replaced_only_then(website, browser):
    browser.add("regina")
    form = edit(browser)
    browser.add("regina")
    form["quantity"] = "5"
    page = form.submit(status=422)
    assert "Cette ligne a été modifiée entre-temps." in words(page)
    assert browser.lines() == [("Regina", 2)]
    page.forms["choix"].submit(status=303)
    assert browser.lines() == [("Regina", 5)]


def test_what_an_order_holds_is_there_for_its_change(website, browser):
    """The last ham is in the order itself: changing it must not be refused for want of ham."""
    leave(website, "jambon", 2 * 60)
    browser.add("regina", quantity=2)
    tracking = browser.order().request.path
    form = browser.form(tracking, f"{tracking}/modifier")
    form.submit(status=303)
    form = edit(browser)
    choose(form, extra=[ids(website)["oeuf"]])
    form.submit(status=303)
    assert browser.lines() == [("Regina", 2)]
