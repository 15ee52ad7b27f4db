"""UC4.1: a wrong tap is taken back from the board within ten seconds."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from ocpizza.models.order_status import Status
from views.pages import form_of, notices, soup, words
from views.staff.test_boards import ROAD, leave_with
from views.website import ELSEWHERE, HERE

KITCHEN = f"/equipe/{HERE}/cuisine"


def undo_path(order) -> str:
    return f"/equipe/{HERE}/commandes/{order.number}/etape-annulee"


def tap(browser, order):
    """The board after the order's next step was tapped."""
    form = form_of(browser.get(KITCHEN), f"/equipe/{HERE}/commandes/{order.number}/statut")
    return form.submit(status=303).follow()


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_the_board_offers_to_undo_the_last_tap_and_does(website, add_up):
    order = website.order(minutes_ago=1)
    browser = website.staff("pizzaiolo")
    assert undo_path(order) not in browser.get(KITCHEN)
    page = form_of(tap(browser, order), undo_path(order)).submit(status=303).follow()
    assert page.request.path == KITCHEN
    assert notices(page) == [
        f"Étape annulée : {order.number} est de nouveau « Commande à réaliser »."
    ]
    assert website.look_at(order).status is Status.TO_PREPARE
    assert undo_path(order) not in page
    history = words(browser.get(f"/equipe/{HERE}/commandes/{order.number}"))
    assert "Étape annulée : Commande prise en charge · Pizzaiolo" in history
    add_up(website.engine)


def test_the_page_of_an_order_offers_it_too(website):
    order = website.order(minutes_ago=1)
    browser = website.staff("pizzaiolo")
    tap(browser, order)
    path = f"/equipe/{HERE}/commandes/{order.number}"
    page = form_of(browser.get(path), undo_path(order)).submit(status=303).follow()
    assert page.request.path == path
    assert website.look_at(order).status is Status.TO_PREPARE


def test_after_ten_seconds_it_is_offered_no_more_and_refused_politely(website):
    order = website.order(minutes_ago=1)
    browser = website.staff("pizzaiolo")
    page = tap(browser, order)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=11)):
        assert undo_path(order) not in browser.get(KITCHEN)
        page = form_of(page, undo_path(order)).submit(status=303).follow()
    assert notices(page) == [
        f"Trop tard pour annuler : {order.number} reste « Commande prise en charge »."
    ]
    assert website.look_at(order).status is Status.ACCEPTED


def test_what_a_colleague_has_gone_on_with_is_told(website):
    order = website.order(minutes_ago=1)
    browser = website.staff("pizzaiolo")
    page = tap(browser, order)
    tap(website.staff("manager"), order)
    page = form_of(page, undo_path(order)).submit(status=303).follow()
    (said,) = notices(page)
    assert f"Trop tard : {order.number} est « Commande en préparation »" in said
    assert website.look_at(order).status is Status.PREPARING


def test_who_may_not_undo_it_is_told_so(website):
    order = website.order(minutes_ago=1)
    page = tap(website.staff("pizzaiolo"), order)
    event = form_of(page, undo_path(order))["event"].value
    cashier = website.staff("cashier")
    page = cashier.post_form(undo_path(order), {"event": event}).follow()
    assert notices(page) == ["Vous ne pouvez pas annuler cette étape."]
    away = website.staff(f"pizzaiolo.{ELSEWHERE}")
    away.post_form(undo_path(order), {"event": event}, status=403)
    assert website.look_at(order).status is Status.ACCEPTED


@pytest.mark.parametrize("event", ["", "x", "0", "9" * 30])
def test_an_event_that_is_none_undoes_nothing(website, event):
    order = website.order(minutes_ago=1)
    browser = website.staff("pizzaiolo")
    tap(browser, order)
    browser.post_form(undo_path(order), {"event": event, "board": "kitchen"}, status=303)
    assert website.look_at(order).status is Status.ACCEPTED


def test_a_board_that_is_polled_forgets_the_offer_when_its_time_is_over(website):
    order = website.order(minutes_ago=1)
    browser = website.staff("pizzaiolo")
    tap(browser, order)
    first = browser.get(f"{KITCHEN}/etat")
    assert undo_path(order) in first
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=11)):
        known = {"If-None-Match": first.headers["ETag"]}
        answer = browser.get(f"{KITCHEN}/etat", headers=known, status=200)
    assert undo_path(order) not in answer


def test_the_customer_s_page_follows_back(website):
    order = website.order(minutes_ago=1)
    cook, customer = website.staff("pizzaiolo"), website.browser()
    page = tap(cook, order)
    tracking = f"/suivi/{order.tracking_token}"

    def now_at() -> str:
        return words(soup(customer.get(tracking)).select_one(".is-now").get_text(" "))

    assert now_at().startswith("Acceptée")
    etag = customer.get(f"{tracking}/etat").headers["ETag"]
    form_of(page, undo_path(order)).submit(status=303)
    state = customer.get(f"{tracking}/etat", headers={"If-None-Match": etag})
    assert state.status_int == 200
    assert now_at().startswith("Reçue")
    assert [words(step.get_text(" ")).split()[0] for step in soup(state).select(".reached")] == [
        "Reçue"
    ]


def test_a_driver_who_left_with_a_wrong_order_leaves_it_again(website, add_up):
    order = website.order(Status.READY, minutes_ago=1)
    driver = website.staff("driver")
    page = leave_with(driver, order)
    assert undo_path(order) in page
    assert undo_path(order) not in driver.get(f"{ROAD}/copie")
    page = form_of(page, undo_path(order)).submit(status=303).follow()
    assert page.request.path == ROAD
    assert notices(page) == [f"Étape annulée : {order.number} est de nouveau « Commande prête »."]
    left = website.look_at(order)
    assert (left.status, left.driver_id) == (Status.READY, None)
    assert undo_path(order) not in page
    add_up(website.engine)


def test_the_drivers_board_offers_it_for_ten_seconds_to_whoever_left(website):
    order = website.order(Status.READY, minutes_ago=1)
    driver = website.staff("driver")
    leave_with(driver, order)
    before = driver.get(f"{ROAD}/etat")
    assert undo_path(order) in before
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=11)):
        same = {"If-None-Match": before.headers["ETag"]}
        after = driver.get(f"{ROAD}/etat", headers=same, status=200)
        assert undo_path(order) not in after


def test_a_step_of_the_kitchen_is_not_taken_back_on_the_road(website):
    order = website.order(Status.PREPARING, minutes_ago=1)
    manager = website.staff("manager")
    tap(manager, order)
    assert website.look_at(order).status is Status.READY
    assert undo_path(order) not in manager.get(ROAD)
