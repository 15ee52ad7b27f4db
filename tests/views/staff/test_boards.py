"""UC4.5, UC4.1: the live boards of the kitchen, the drivers and the counter."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select as select_rows

from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Payment
from ocpizza.models.stock import StockMovement
from ocpizza.models.vat import Mode
from views.pages import form_of, notices, soup, words
from views.website import ELSEWHERE, HERE

KITCHEN, ROAD, COUNTER = (
    f"/equipe/{HERE}/{name}" for name in ("cuisine", "livraisons", "comptoir")
)
TAKE = f"{ROAD}/prendre"
EMPTY = {
    KITCHEN: "Aucune commande à préparer. Soufflez !",
    ROAD: "Aucune commande à livrer pour le moment.",
    COUNTER: "Aucune commande n’attend au comptoir.",
}


def numbers(page) -> list[str]:
    """The orders on a board, from the first."""
    return [
        words(link.get_text())
        for link in soup(page).select('article header a[href*="/commandes/"]:not(template *)')
    ]


def ticket(page, order: Order) -> str:
    found = soup(page).select_one(f'article[aria-label="Commande {order.number}"]:not(template *)')
    return words(found.get_text(" "))


def status_form(page, order: Order):
    return form_of(page, f"/equipe/{HERE}/commandes/{order.number}/statut")


def leave_with(browser, *orders):
    """The page after these orders were checked and taken."""
    form = form_of(browser.get(ROAD), TAKE)
    for box in form.fields["order"]:
        box.checked = box._value in {order.number for order in orders}
    return form.submit(status=303).follow()


@pytest.mark.parametrize("path", EMPTY)
def test_an_empty_board_says_so(website, path):
    page = website.staff("manager").get(path)
    assert EMPTY[path] in words(page)
    assert numbers(page) == []


def test_the_kitchen_sees_the_oldest_order_first_in_each_column(website):
    ages = {minutes: website.order(minutes_ago=minutes) for minutes in (5, 50, 20)}
    accepted = website.order(Status.ACCEPTED, minutes_ago=70)
    page = website.staff("pizzaiolo").get(KITCHEN)
    oldest_first = [ages[minutes].number for minutes in (50, 20, 5)]
    assert numbers(page) == [*oldest_first, accepted.number]


def test_the_kitchen_reads_what_is_to_be_made_in_all(website):
    pizzeria = website.pizzeria
    website.order(Status.PREPARING, lines=[(pizzeria.select("regina"), 2)])
    website.order(lines=[(pizzeria.select("margherita"), 1), (pizzeria.select("regina"), 3)])
    website.order(Status.READY, lines=[(pizzeria.select("margherita"), 9)])
    for path in (KITCHEN, f"{KITCHEN}/etat"):
        page = website.staff("pizzaiolo").get(path)
        (found,) = soup(page).select(".to-make")
        assert words(found.get_text(" ")) == "À faire : 5 Regina 1 Margherita"


def test_the_kitchen_sees_only_what_it_works_on_here(website):
    for status in (Status.OUT_FOR_DELIVERY, Status.DELIVERED):
        website.order(status)
    website.order(at=website.branch)
    ready = website.order(Status.READY)
    assert numbers(website.staff("pizzaiolo").get(KITCHEN)) == [ready.number]


def test_a_ticket_says_what_to_make_and_nothing_about_the_customer(website):
    select = website.pizzeria.select
    order = website.order(
        lines=[(select("regina", "family", without=["jambon"], extras=["oeuf"]), 2)],
        comment="Bien cuite",
    )
    page = website.staff("pizzaiolo").get(KITCHEN)
    text = ticket(page, order)
    assert "2 Regina Familiale 40 cm sans jambon + œuf" in text
    assert "Gluten, Œufs, Lait" in text.replace(" ,", ",")
    assert "« Bien cuite »" in text
    assert "Stanley" not in text
    assert "06 12" not in text


def check_lists(page, order: Order) -> list[tuple[str, list[str]]]:
    """Each check-list of a ticket: what it is of, and its lines."""
    found = soup(page).select_one(f'article[aria-label="Commande {order.number}"]')
    return [
        (words(each["aria-label"]), [words(line.get_text(" ")) for line in each.select("li")])
        for each in found.select(".composition")
    ]


def test_a_line_is_a_check_list_in_the_grams_of_its_size(website):
    select = website.pizzeria.select
    regina = select("regina", "family", without=["jambon"], extras=["oeuf", "mozzarella"])
    lines = [(regina, 2), (select("cola"), 1)]
    order = website.order(Status.PREPARING, lines=lines)
    page = website.staff("pizzaiolo").get(KITCHEN)
    assert check_lists(page, order) == [
        (
            "Composition : Regina",
            [
                "272 g farine",
                "136 g sauce tomate",
                "204 g mozzarella",
                "85 g champignons",
                "sans jambon",
                "68 g + mozzarella",
                "2 + œuf",
            ],
        )
    ]
    assert "Pour chaque pizza :" in ticket(page, order)


def test_a_check_list_says_what_was_taken_from_stock(website):
    select = website.pizzeria.select
    names = {
        one.id: (one.short_name or one.name).lower()
        for one in website.pizzeria.ingredients.values()
    }
    lines = [(select("regina", without=["champignons"], extras=["oeuf"]), 1)]
    order = website.order(Status.PREPARING, lines=lines)
    with website.session() as session:
        mine = select_rows(StockMovement).where(StockMovement.order_id == order.id)
        taken = {names[one.ingredient_id]: -one.delta for one in session.scalars(mine)}
    ((_, shown),) = check_lists(website.staff("pizzaiolo").get(KITCHEN), order)
    said = [line.replace(" g", "").replace("+ ", "") for line in shown if "sans" not in line]
    assert {line.split(" ", 1)[1]: int(line.split(" ", 1)[0]) for line in said} == taken


@pytest.mark.parametrize("status", [Status.TO_PREPARE, Status.ACCEPTED, Status.READY])
def test_only_what_is_being_prepared_has_its_check_lists_open(website, status):
    order = website.order(status)
    page = website.staff("pizzaiolo").get(KITCHEN)
    folded = soup(page).select("details .composition")
    assert len(folded) == (status is not Status.READY)
    assert len(check_lists(page, order)) == len(folded)


def test_who_reads_recipes_finds_the_check_lists_on_the_page_of_an_order(website):
    order = website.order(Status.ACCEPTED)
    path = f"/equipe/{HERE}/commandes/{order.number}"
    assert "120 g mozzarella" in words(website.staff("pizzaiolo").get(path))
    assert "120 g" not in words(website.staff("cashier").get(path))


def test_a_late_order_says_so_in_words_and_is_shown_by_a_shape(website):
    late, fine = website.order(minutes_ago=90), website.order()
    page = website.staff("pizzaiolo").get(KITCHEN)
    assert "En retard" in ticket(page, late)
    assert "En retard" not in ticket(page, fine)
    assert len(soup(page).select(".lateness-late .lateness-shape")) == 1


def test_the_pizzaiolo_takes_an_order_from_step_to_step_with_one_tap_each(website, add_up):
    order = website.order()
    browser = website.staff("pizzaiolo")
    page = browser.get(KITCHEN)
    for status, said in [
        (Status.ACCEPTED, "Commande prise en charge"),
        (Status.PREPARING, "Commande en préparation"),
        (Status.READY, "Commande prête"),
    ]:
        page = status_form(page, order).submit(status=303).follow()
        assert page.request.path == KITCHEN
        assert notices(page) == [f"{order.number} : {said}"]
        assert website.look_at(order).status is status
    assert f"/commandes/{order.number}/statut" not in page.text
    add_up(website.engine)


def test_the_recipe_of_a_line_is_one_tap_away_in_its_size(website):
    order = website.order(lines=[(website.pizzeria.select("regina", "family"), 1)])
    page = website.staff("pizzaiolo").get(KITCHEN)
    recipe = page.click(href="/recettes/regina")
    assert "Pour une Familiale 40 cm" in words(recipe)
    assert "Jambon blanc 102 g" in words(recipe)
    back = recipe.click(href=f"{KITCHEN}$", index=0)
    assert numbers(back) == [order.number]


def test_a_driver_sees_ready_deliveries_and_their_own_on_the_road(website):
    browser = website.staff("driver")
    ready = website.order(Status.READY)
    website.order(Status.READY, mode=Mode.TAKEAWAY)
    website.order(Status.OUT_FOR_DELIVERY)  # a colleague's
    website.order(Status.PREPARING)
    website.order(Status.READY, at=website.branch)
    page = browser.get(ROAD)
    assert numbers(page) == [ready.number]
    text = ticket(page, ready)
    assert "12 rue Oberkampf 75011 Paris" in text
    assert "Appeler 06 12 34 56 78" in text
    assert "À encaisser : 12,00 €" in text
    page = leave_with(browser, ready)
    assert notices(page) == [f"Vous partez avec {ready.number}."]
    assert numbers(page) == [ready.number]
    assert len(numbers(website.staff("manager").get(ROAD))) == 2


@pytest.mark.parametrize("means", ["cash", "card_terminal", "other"])
def test_delivered_is_paid_with_what_the_driver_says(website, add_up, means):
    order = website.order(Status.READY)
    browser = website.staff("driver")
    form = status_form(leave_with(browser, order), order)
    assert form["means"].value == "cash"
    form["means"] = means
    page = form.submit(status=303).follow()
    assert EMPTY[ROAD] in words(page)
    after = website.look_at(order)
    assert (after.status, after.payment_status) == (Status.DELIVERED, "paid")
    assert paid(website, order) == [(means, 1200, 1)]
    add_up(website.engine)


def paid(website, order: Order) -> list[tuple[str, int, int]]:
    """(means, cents, receipt number) of an order's payments."""

    with website.session() as session:
        found = session.query(Payment).filter_by(order_id=order.id)
        return [(each.means, each.captured_cents, each.receipt.number) for each in found]


def test_the_counter_hands_an_order_over_and_takes_the_money(website, add_up):
    order = website.order(Status.READY, mode=Mode.TAKEAWAY)
    website.order(Status.READY)
    browser = website.staff("cashier")
    page = browser.get(COUNTER)
    assert numbers(page) == [order.number]
    assert "Stanley Martin" in ticket(page, order)
    assert "À encaisser : 9,50 €" in ticket(page, order)
    form = status_form(page, order)
    form["means"] = "card_terminal"
    page = form.submit(status=303).follow()
    assert notices(page) == [f"{order.number} : Commande livrée"]
    assert paid(website, order) == [("card_terminal", 950, 1)]
    add_up(website.engine)


def test_who_comes_second_is_told_who_was_first_and_when(website, add_up):
    order = website.order()
    first, second = website.staff("pizzaiolo"), website.staff("manager")
    forms = [status_form(browser.get(KITCHEN), order) for browser in (first, second)]
    forms[0].submit(status=303)
    (message,) = notices(forms[1].submit(status=303).follow())
    assert message.startswith(
        f"Trop tard : {order.number} est « Commande prise en charge » depuis "
    )
    assert message.endswith(", par Pizzaiolo Lombard.")
    add_up(website.engine)


def test_two_drivers_cannot_take_one_order(website):
    order = website.order(Status.READY)
    form = form_of(website.staff("driver").get(ROAD), TAKE)
    form["order"] = [order.number]
    leave_with(website.staff("manager"), order)
    page = form.submit(status=303).follow()
    assert notices(page)[0].startswith(f"Trop tard : {order.number} est « Commande en livraison »")
    assert numbers(page) == []


def test_the_loser_of_a_race_on_the_orders_own_page_arrives_on_their_board(website):
    order = website.order(Status.READY)
    driver = website.staff("driver")
    form = status_form(driver.get(f"/equipe/{HERE}/commandes/{order.number}"), order)
    leave_with(website.staff("manager"), order)
    page = form.submit(status=303).follow().follow()
    assert page.request.path == ROAD
    assert notices(page)[0].startswith("Trop tard")


# What shows on each board; what is read for nothing new is who asks, where, and the board.
ON = {KITCHEN: Mode.DELIVERY, ROAD: Mode.DELIVERY, COUNTER: Mode.TAKEAWAY}
NOTHING_NEW = {KITCHEN: 4, ROAD: 4, COUNTER: 3}


@pytest.mark.parametrize("path", EMPTY)
@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
def test_a_board_is_not_sent_again_until_an_order_on_it_changes(website, path):
    browser = website.staff("manager")
    website.order(Status.READY, mode=ON[path], minutes_ago=2)
    with time_machine.travel(datetime.now(UTC).replace(second=10)):
        seen = {"If-None-Match": browser.get(f"{path}/etat").headers["ETag"]}
        if path != KITCHEN:
            website.order(Status.PREPARING, mode=ON[path])
        with website.counted() as statements:
            browser.get(f"{path}/etat", headers=seen, status=304)
    assert len(statements) == NOTHING_NEW[path], statements
    website.order(Status.READY, mode=ON[path], minutes_ago=2)
    answer = browser.get(f"{path}/etat", headers=seen, status=200)
    assert "<html" not in answer.text
    assert answer.headers["ETag"] != seen["If-None-Match"]


@pytest.mark.parametrize("path", EMPTY)
def test_the_fragment_of_a_board_is_what_its_page_shows(website, path):
    website.order(Status.READY)
    website.order(Status.READY, mode=Mode.TAKEAWAY)
    browser = website.staff("manager")
    assert words(browser.get(f"{path}/etat")) in words(browser.get(path))


@pytest.mark.parametrize("path", EMPTY)
@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
def test_a_full_board_is_fifteen_statements_at_most(website, path):
    select = website.pizzeria.select
    for slug in ("margherita", "regina"):
        for mode in (Mode.DELIVERY, Mode.TAKEAWAY):
            lines = [(select(slug, extras=["oeuf"]), 2), (select("cola"), 1)]
            website.order(Status.READY, lines=lines, mode=mode)
            website.order(lines=lines, mode=mode)
    browser = website.staff("direction")
    with website.counted() as statements:
        browser.get(path)
    assert len(statements) <= 15, statements
    assert len(numbers(browser.get(path))) >= 2


def test_a_late_order_says_so(website):
    late, fine = website.order(minutes_ago=60), website.order()
    page = website.staff("pizzaiolo").get(KITCHEN)
    assert "En retard, prévue" in ticket(page, late)
    assert "Pour " in ticket(page, fine)


def test_boards_of_another_restaurant_are_their_own(website):
    order = website.order(at=website.branch)
    browser = website.staff("direction")
    assert numbers(browser.get(f"/equipe/{ELSEWHERE}/cuisine")) == [order.number]
    assert numbers(browser.get(KITCHEN)) == []
