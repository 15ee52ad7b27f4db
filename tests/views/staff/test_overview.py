"""UC6.1: a restaurant at a glance, and the whole group on one page, as they are now."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from factories import author_of, make_staff, order_of
from ocpizza.domain.hours import business_day, span
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.stock import Stock
from ocpizza.models.vat import Mode
from ocpizza.services.order.hand_over import HandOver, hand_over
from views.pages import soup, words
from views.website import ELSEWHERE, HERE

PAGE, GROUP = f"/equipe/{HERE}/ensemble", "/equipe"
WEEK = timedelta(days=7)


def card(page, title: str) -> str:
    """The words of a card, without its title."""
    for found in soup(page).select("li.card"):
        if words(found.h2.get_text()) == title:
            return words(found.get_text(" ")).removeprefix(title).strip()
    raise AssertionError(title)


@pytest.fixture
def sell(website):
    """A Margherita for 9,50 €, eaten there or brought, handed over and paid for at some moment."""

    def sell(
        at: datetime, waited=timedelta(minutes=20), pizzeria=None, mode: Mode = Mode.EAT_IN
    ) -> None:
        pizzeria = pizzeria or website.pizzeria
        brought = mode is Mode.DELIVERY
        status = Status.OUT_FOR_DELIVERY if brought else Status.READY
        with website.session() as session:
            order = order_of(session, pizzeria, mode=mode, now=at, status=status)
            role = Role.MANAGER if brought else Role.CASHIER
            author = author_of(make_staff(session, role, pizzeria.restaurant))
            hand_over(session, order.id, HandOver(status, Means.CASH), author, at + waited)

    return sell


def leave(website, code: str, quantity: int) -> None:
    here = website.pizzeria.restaurant.id, website.pizzeria.ingredients[code].id
    with website.session() as session:
        session.execute(
            update(Stock)
            .where(Stock.restaurant_id == here[0], Stock.ingredient_id == here[1])
            .values(quantity=quantity)
        )


def test_an_evening_without_anything_says_so(website):
    page = website.staff("manager").get(PAGE)
    assert card(page, "En retard") == "Aucune"
    assert "0,00 €" in card(page, "Chiffre d’affaires du jour")
    assert card(page, "De la commande à la porte").startswith("–")
    assert "Rien ne manque" in words(page)


def test_orders_are_counted_by_status_and_the_late_ones_named(website):
    website.order()
    late = website.order(Status.PREPARING, minutes_ago=120)
    website.order(Status.DELIVERED)
    website.order(at=website.branch)
    page = website.staff("manager").get(PAGE)
    assert card(page, "Commandes en cours") == (
        "Commande à réaliser 1 Commande prise en charge 0 Commande en préparation 1 "
        "Commande prête 0"
    )
    assert card(page, "En retard").startswith(f"1 commande en retard {late.number}")


def test_turnover_stands_beside_the_same_day_of_last_week_at_the_same_hour(website, sell):
    now = datetime.now(UTC)
    opens = span(business_day(now))[0]
    # Both of last week's day: one was handed over by now, one was not yet.
    sell(max(now - WEEK - timedelta(minutes=90), opens - WEEK), timedelta(0))
    sell(now - WEEK + timedelta(minutes=1))
    sell(max(now - timedelta(minutes=30), opens), timedelta(0))
    told = card(website.staff("manager").get(PAGE), "Chiffre d’affaires du jour")
    assert told.startswith("9,50 € 1 commande remise")
    assert told.endswith("dernier à la même heure : 9,50 € (1 commande)")


def test_the_average_time_to_the_door_is_that_of_deliveries_alone(website, sell):
    opens = span(business_day(datetime.now(UTC)))[0]
    manager = website.staff("manager")
    sell(opens, timedelta(minutes=5))
    told = card(manager.get(PAGE), "De la commande à la porte")
    assert told == "– Attente moyenne des livraisons d’aujourd’hui. Au comptoir : 5 min."
    sell(opens, timedelta(minutes=20), mode=Mode.DELIVERY)
    sell(opens, timedelta(minutes=40), mode=Mode.DELIVERY)
    told = card(manager.get(PAGE), "De la commande à la porte")
    assert told == "30 min Attente moyenne des livraisons d’aujourd’hui. Au comptoir : 5 min."


def test_what_runs_out_is_told_with_its_hour(website):
    now = datetime.now(UTC)
    day = business_day(now)
    # The last minute of tomorrow, a week ago: it is tomorrow whatever the hour is.
    tomorrow = span(day + timedelta(days=1))[1] - WEEK - timedelta(minutes=1)
    with website.session() as session:
        order_of(session, website.pizzeria, now=tomorrow)
    leave(website, "mozzarella", 100)
    leave(website, "oeuf", 0)
    page = website.staff("manager").get(PAGE)
    rows = [words(row.get_text(" ")) for row in soup(page).select(".overview-stock tbody tr")]
    assert rows == ["Œuf 0 Épuisé", "Mozzarella 100 g demain"]


def test_the_same_is_asked_again_by_itself_and_told_when_it_changes(website):
    manager = website.staff("manager")
    assert soup(manager.get(PAGE)).select_one("[data-live]")["data-live"] == f"{PAGE}/etat"
    first = manager.get(f"{PAGE}/etat")
    again = manager.get(f"{PAGE}/etat", headers={"If-None-Match": first.headers["ETag"]})
    # The minute may have gone by between the two.
    assert again.status_int in (200, 304)
    website.order()
    changed = manager.get(f"{PAGE}/etat", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_int == 200


def test_however_many_orders_there_are_it_takes_as_many_statements(website):
    manager = website.staff("manager")
    manager.get(PAGE)
    with website.counted() as few:
        manager.get(PAGE)
    for _ in range(4):
        website.order(minutes_ago=120)
    with website.counted() as many:
        manager.get(PAGE)
    assert len(many) == len(few) <= 11


def test_the_group_sees_every_restaurant_with_what_is_late_sold_and_gone(website, sell):
    website.order(minutes_ago=120)
    sell(span(business_day(datetime.now(UTC)))[0], timedelta(0), website.branch)
    leave(website, "oeuf", 0)
    direction = website.staff("direction")
    for path in (GROUP, f"{GROUP}/etat"):
        page = direction.get(path)
        here = card(page, website.pizzeria.restaurant.name)
        assert "1 commande en cours 1 en retard" in here
        assert here.endswith("Épuisé œuf")
        elsewhere = card(page, website.branch.restaurant.name)
        assert "1 commande remise, 9,50 €" in elsewhere
        assert "Épuisé" not in elsewhere


def test_the_groups_page_is_the_groups(website):
    assert website.staff("manager").get(f"{GROUP}/etat", status=403)
    assert website.staff("manager").get(GROUP, status=303).location.endswith(PAGE)
    website.staff("manager").get(f"/equipe/{ELSEWHERE}/ensemble", status=403)


def test_the_groups_page_is_told_when_any_order_moves(website):
    direction = website.staff("direction")
    first = direction.get(f"{GROUP}/etat").headers["ETag"]
    website.order(at=website.branch)
    assert direction.get(f"{GROUP}/etat", headers={"If-None-Match": first}).status_int == 200
    with website.session() as session:
        assert session.query(Order).count() == 1
