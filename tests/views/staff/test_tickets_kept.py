"""What was drawn for a board is kept for whoever may see the same."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from ocpizza.models.ingredient import Ingredient
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.views.staff import kitchen, tickets_kept
from views.pages import form_of, soup, words
from views.staff.test_boards import COUNTER, KITCHEN, NOTHING_NEW, numbers, status_form, ticket

BOARDS = (KITCHEN, COUNTER)


@pytest.fixture
def loaded(monkeypatch) -> list[int]:
    """The orders that were loaded to be drawn."""
    found: list[int] = []
    plain = tickets_kept.load_tickets

    def noted(session, ids):
        found.extend(ids)
        return plain(session, ids)

    monkeypatch.setattr(tickets_kept, "load_tickets", noted)
    return found


def tokens(page) -> set[str]:
    return {field["value"] for field in soup(page).select("article [name=csrf_token]")}


@pytest.mark.parametrize("path", BOARDS)
@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
def test_a_colleague_s_board_is_drawn_from_what_was_kept(website, loaded, path):
    for _ in range(3):
        website.order(Status.READY, mode=Mode.TAKEAWAY)
        website.order()
    first, second = website.staff("manager"), website.staff("direction")
    shown = first.get(f"{path}/etat")
    loaded.clear()
    with website.counted() as statements:
        again = second.get(f"{path}/etat")
    assert loaded == []
    assert len(statements) == NOTHING_NEW[path], statements
    assert words(again) == words(shown)


@pytest.mark.parametrize("path", BOARDS)
def test_its_forms_have_the_token_of_whoever_looks(website, path):
    website.order(Status.READY, mode=Mode.TAKEAWAY)
    website.order()
    seen = []
    for who in ("manager", "direction"):
        browser = website.staff(who)
        page, part = browser.get(path), browser.get(f"{path}/etat")
        assert tokens(page) == tokens(part) == {soup(page).body["data-csrf"]}
        seen.append(tokens(page))
    assert seen[0] != seen[1]


def test_what_somebody_typed_is_no_place_for_a_token_or_a_step(website):
    order = website.order(comment="<token><step>")
    page = website.staff("pizzaiolo").get(KITCHEN)
    assert "« <token><step> »" in ticket(page, order)


def test_one_order_that_changes_is_the_one_that_is_drawn(website, loaded):
    orders = [website.order() for _ in range(4)]
    browser = website.staff("pizzaiolo")
    page = browser.get(KITCHEN)
    loaded.clear()
    page = status_form(page, orders[2]).submit(status=303).follow()
    assert loaded == [orders[2].id]
    assert len(numbers(page)) == 4
    assert numbers(page)[-1] == orders[2].number
    assert "Commencer" in ticket(page, orders[2])


def test_a_board_of_another_language_is_another_one(website):
    order = website.order()
    assert "Prendre en charge" in ticket(website.staff("pizzaiolo").get(KITCHEN), order)
    english = website.staff("manager")
    english.set_cookie("langue", "en")
    part = words(english.get(f"{KITCHEN}/etat"))
    assert order.number in part
    assert "Prendre en charge" not in part


def test_what_the_catalogue_names_otherwise_is_named_so_at_once(website):
    select = website.pizzeria.select
    order = website.order(lines=[(select("regina", extras=["oeuf"]), 1)])
    browser = website.staff("pizzaiolo")
    first = browser.get(f"{KITCHEN}/etat")
    with website.session() as session:
        egg = session.get(Ingredient, website.pizzeria.ingredients["oeuf"].id)
        egg.name = egg.short_name = "œuf de caille"
    seen = {"If-None-Match": first.headers["ETag"]}
    assert "œuf de caille" in ticket(browser.get(f"{KITCHEN}/etat", headers=seen), order)


def test_an_order_that_becomes_late_is_drawn_anew(website):
    order = website.order(minutes_ago=30)
    browser = website.staff("pizzaiolo")
    first = browser.get(f"{KITCHEN}/etat")
    seen = {"If-None-Match": first.headers["ETag"]}
    with time_machine.travel(order.expected_at + timedelta(seconds=1)):
        late = browser.get(f"{KITCHEN}/etat", headers=seen, status=200)
    assert "En retard" not in ticket(first, order)
    assert "En retard" in ticket(late, order)


def test_a_step_is_offered_to_be_taken_back_while_it_may_be(website, loaded):
    order = website.order(minutes_ago=1)
    cook, manager = website.staff("pizzaiolo"), website.staff("manager")
    page = status_form(cook.get(KITCHEN), order).submit(status=303).follow()
    action = soup(page).select_one("form.undo")["action"]
    assert form_of(manager.get(KITCHEN), action)
    loaded.clear()
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=11)):
        for browser in (cook, manager):
            assert action not in browser.get(KITCHEN)
    assert loaded == []


def test_what_changed_while_it_was_read_is_not_kept(website, loaded, monkeypatch):
    order = website.order()
    browser = website.staff("pizzaiolo")
    plain = kitchen.kitchen_cards

    def before(session, restaurant_id):
        return [card._replace(version=card.version - 1) for card in plain(session, restaurant_id)]

    monkeypatch.setattr(kitchen, "kitchen_cards", before)
    for _ in range(2):
        browser.get(f"{KITCHEN}/etat")
    assert loaded == [order.id] * 2


def test_no_more_is_kept_than_memory_is_for(website, loaded, monkeypatch):
    monkeypatch.setattr(tickets_kept, "MOST", 2)
    orders = [website.order(minutes_ago=9 - number) for number in range(3)]
    browser = website.staff("pizzaiolo")
    browser.get(f"{KITCHEN}/etat")
    assert len(website.application.registry["kept_tickets"]) == 2
    loaded.clear()
    assert numbers(browser.get(KITCHEN)) == [order.number for order in orders]
    assert orders[0].id in loaded
