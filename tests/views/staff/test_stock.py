"""D2, UC6.2: what there is, how it is changed by hand, and every movement of it."""

import pytest

from factories import order_of, stock_up
from ocpizza.models.stock import StockMovement
from views.pages import form_of, notices, place, soup, words
from views.website import ELSEWHERE, HERE

CHANGED = "Le contenu du stock a été modifié"
LIST = f"/equipe/{HERE}/stock"


def path_of(website, code: str = "jambon") -> str:
    return f"{LIST}/{website.pizzeria.ingredients[code].id}"


def fill(form, **values):
    for name, value in values.items():
        form[name] = value
    return form.submit(expect_errors=True)


def rows(page) -> list[list[str]]:
    """Of each movement when it was, why, how much, what was left, by whom."""
    return [
        [words(cells[place].get_text(" ")) for place in (3, 1, 0, 2, 4)]
        for row in soup(page).select("tbody tr")
        if (cells := row.select("th, td"))
    ]


def left(website, code: str = "jambon") -> int:
    with website.session() as session:
        return website.pizzeria.stock_of(session, code)


def test_a_manager_notes_a_delivery_from_the_stock_page(website, add_up):
    manager = website.staff("manager")
    path = path_of(website)
    page = manager.get(LIST).click("Jambon blanc")
    answer = fill(form_of(page, path), reason="supply", quantity="2,5", note="Métro")
    assert place(answer) == LIST
    assert notices(answer.follow()) == [f"{CHANGED} : Jambon blanc, 102,5 kg."]
    first = rows(manager.get(path))[0]
    assert first[1:] == ["Livraison reçue Métro", "+2,5 kg", "102,5 kg", "Manager Lombard"]
    assert left(website) == 102_500
    add_up(website.engine)


def test_waste_and_corrections_go_the_other_way(website, add_up):
    manager, path = website.staff("manager"), path_of(website)
    fill(form_of(manager.get(path), path), reason="waste", quantity="120", counted_in="1")
    fill(form_of(manager.get(path), path), reason="correction", quantity="99 kg")
    assert [row[2:4] for row in rows(manager.get(path))[:2]] == [
        ["−880 g", "99 kg"],
        ["−120 g", "99,88 kg"],
    ]
    add_up(website.engine)


def test_a_double_click_is_one_movement(website, add_up):
    manager, path = website.staff("manager"), path_of(website)
    form = form_of(manager.get(path), path)
    for _ in range(2):
        answer = fill(form, reason="supply", quantity="2")
        assert notices(answer.follow()) == [f"{CHANGED} : Jambon blanc, 102 kg."]
    assert left(website) == 102_000
    add_up(website.engine)


def test_two_managers_are_told_of_each_other_with_nothing_lost(website, add_up):
    path = path_of(website)
    here, group = website.staff("manager"), website.staff("direction")
    forms = [form_of(one.get(path), path) for one in (here, group)]
    fill(forms[0], reason="supply", quantity="2")
    page = fill(forms[1], reason="supply", quantity="2", note="le camion")
    assert page.status_int == 422
    assert "a été modifié entre-temps" in words(page)
    assert rows(page)[0][2] == "+2 kg"
    again = form_of(page, path)
    assert (again["quantity"].value, again["note"].value) == ("2", "le camion")
    assert left(website) == 102_000
    again.submit(status=303)
    assert left(website) == 104_000
    add_up(website.engine)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"quantity": ""}, "Indiquez une quantité."),
        ({"quantity": "beaucoup"}, "Indiquez une quantité comme 2,5."),
        ({"reason": "waste", "quantity": "101"}, "Il n’y en a plus que 100 kg en stock."),
        ({"reason": "correction", "quantity": "100"}, "C’est déjà ce qu’il y a en stock."),
        ({"note": "x" * 201}, "C’est trop long : 200 caractères au plus."),
    ],
)
def test_what_will_not_do_says_why_and_keeps_what_was_typed(website, values, said):
    manager, path = website.staff("manager"), path_of(website)
    values = {"reason": "supply", "quantity": "1", "note": "Métro"} | values
    page = fill(form_of(manager.get(path), path), **values)
    assert page.status_int == 422
    assert said in words(soup(page).select_one(".error-summary").get_text(" "))
    again = form_of(page, path)
    assert {name: again[name].value for name in values} == values
    assert left(website) == 100_000


def test_a_reason_is_chosen_not_presumed(website):
    manager, path = website.staff("manager"), path_of(website)
    page = fill(form_of(manager.get(path), path), quantity="1")
    assert "Choisissez un motif." in words(page)
    assert left(website) == 100_000


def test_a_pizza_maker_reads_movements_and_changes_nothing(website):
    page = website.staff("pizzaiolo").get(path_of(website))
    assert rows(page)[0][1:4] == ["Stock initial", "+100 kg", "100 kg"]
    assert not soup(page).select("main form")


def test_another_restaurants_stock_is_its_own(website):
    path, elsewhere = path_of(website), path_of(website).replace(HERE, ELSEWHERE)
    manager = website.staff("direction")
    fill(form_of(manager.get(path), path), reason="supply", quantity="2")
    assert len(rows(manager.get(elsewhere))) == 1
    website.staff(f"manager.{ELSEWHERE}").get(path, status=403)


@pytest.mark.parametrize("which", ["0", "999999999"])
def test_what_a_restaurant_never_had_has_no_page(website, which):
    website.staff("manager").get(f"{LIST}/{which}", status=404)


def test_orders_are_among_the_movements_and_lead_to_their_page(website):
    order = website.order(lines=[(website.pizzeria.select("regina"), 2)])
    page = website.staff("pizzaiolo").get(path_of(website))
    assert rows(page)[0][1:4] == [f"Commande {order.number}", "−120 g", "99,88 kg"]
    assert page.click(order.number).status_int == 200


def test_movements_go_back_page_by_page(website):
    with website.session() as session:
        here = session.merge(website.pizzeria.restaurant)
        for _ in range(25):
            stock_up(session, here, {website.pizzeria.ingredients["jambon"]: 10})
    manager, path = website.staff("manager"), path_of(website)
    newest = manager.get(path)
    older = newest.click("Plus anciens")
    assert (len(rows(newest)), len(rows(older))) == (20, 6)
    # What is typed belongs to what is read: the newest movements.
    assert f'action="{path}"' not in older.text
    assert rows(older.click("Plus récents")) == rows(newest)


def test_the_pages_of_a_stock_ask_the_database_little(website):
    manager, path = website.staff("manager"), path_of(website)
    form = form_of(manager.get(path), path)
    for ask, most in ((lambda: manager.get(path), 6), (lambda: manager.get(LIST), 4)):
        with website.counted() as statements:
            ask()
        assert len(statements) <= most, statements
    with website.counted() as statements:
        fill(form, reason="supply", quantity="2")
    assert len(statements) <= 11, statements


def test_in_english_everything_is(website):
    manager, path = website.staff("manager"), path_of(website)
    manager.post_form("/langue", {"langue": "en", "suite": path})
    page = manager.get(path)
    for said in ("Delivery received", "Opening stock", "What happened?", "Latest movements"):
        assert said in words(page)


def test_what_was_ordered_meanwhile_is_still_taken_from_a_correction(website, add_up):
    manager, path = website.staff("manager"), path_of(website)
    form = form_of(manager.get(path), path)
    with website.session() as session:
        order_of(session, website.pizzeria, [(website.pizzeria.select("regina"), 1)])
    fill(form, reason="correction", quantity="90")
    assert left(website) == 90_000 - 60
    with website.session() as session:
        assert session.query(StockMovement).filter_by(reason="correction").one().delta == -10_000
    add_up(website.engine)
