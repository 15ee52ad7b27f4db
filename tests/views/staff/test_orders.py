"""UC6.1: managers follow every order of their restaurant, and take them away for a spreadsheet."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.domain.hours import PARIS, business_day
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.order import follow
from views.pages import place, soup, words
from views.website import HERE

PAGE = f"/equipe/{HERE}/commandes"
DAY = timedelta(days=1)


@pytest.fixture
def manager(website):
    return website.staff("manager")


def numbers(page) -> list[str]:
    return [words(cell.get_text()) for cell in soup(page).select("tbody th a")]


def today():
    return business_day(datetime.now(UTC))


def test_without_a_filter_it_shows_today(website, manager):
    order = website.order(Status.READY, mode=Mode.TAKEAWAY, contact_name="Soki <b>")
    page = manager.get(PAGE)
    assert numbers(page) == [order.number]
    said = words(page)
    assert "Soki <b>" in said
    for part in ("Commande prête", "À emporter", "Internet", "À encaisser"):
        assert part in said, part


def test_nothing_there_is_said(manager):
    assert "Aucune commande ne correspond." in words(manager.get(PAGE))


def test_a_late_order_stands_out(website, manager):
    website.order()
    assert "En retard" not in words(manager.get(PAGE))
    late = website.order(minutes_ago=180)
    days = {late.business_day, today()}
    page = manager.get(PAGE, {"du": f"{min(days)}", "au": f"{max(days)}"})
    assert "En retard" in words(page)


def test_filters_are_kept_on_the_page_and_on_its_ways_on(website, manager, monkeypatch):
    monkeypatch.setattr(follow, "PAGE", 1)
    for _ in range(2):
        website.order(Status.READY, mode=Mode.TAKEAWAY, contact_name="Julia P.")
    website.order(Status.READY)
    asked = {"statut": "ready", "mode": "takeaway", "qui": "Julia"}
    page = manager.get(PAGE, asked)
    form = soup(page).select_one(".order-filter")
    assert form.select_one("[name=statut] [selected]")["value"] == "ready"
    assert form.select_one("[name=qui]")["value"] == "Julia"
    older = page.click("Plus anciennes")
    assert len(numbers(page)) == len(numbers(older)) == 1
    assert numbers(page) != numbers(older)
    assert "Plus anciennes" not in words(older)
    assert numbers(older.click("Les plus récentes")) == numbers(page)


def test_a_number_leads_to_its_order_of_whatever_day(website, manager):
    order = website.order(minutes_ago=60 * 24 * 40)
    for typed in (order.number, order.number.lower().replace("-", " ")):
        found = manager.get(PAGE, {"qui": typed})
        assert place(found) == f"{PAGE}/{order.number}"
        assert order.number in words(found.follow())
    assert numbers(manager.get(PAGE, {"qui": "XXXX-XXXX"})) == []


def test_another_restaurants_number_is_unknown(website, manager):
    order = website.order(at=website.branch)
    assert "Aucune commande ne correspond." in words(manager.get(PAGE, {"qui": order.number}))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"du": "2026-05-02", "au": "2026-05-01"}, "La fin vient avant le début."),
        ({"du": "2026-01-01", "au": "2026-02-01"}, "Choisissez une période de 31 jours au plus."),
        ({"du": "2026-01-01"}, "Choisissez une période de 31 jours au plus."),
        ({"du": "0001-01-01", "au": "0001-01-01"}, "Indiquez un jour comme 24/12/2026."),
        ({"du": "hier"}, "N'est pas une date valide"),
        ({"statut": "lost"}, "N'est pas un choix valide"),
        ({"qui": "x" * 101}, "trop long"),
    ],
)
def test_what_cannot_be_is_said_and_kept(manager, asked, message):
    page = manager.get(PAGE, asked, status=422)
    name, typed = next(iter(asked.items()))
    field = soup(page).select_one(f".order-filter [name={name}]")
    assert message.lower() in words(page).lower(), words(page)
    if name != "statut":
        assert field["value"] == typed
    manager.get(f"{PAGE}.csv", asked, status=400)


def test_a_date_may_be_typed_as_the_french_write_it(website, manager):
    order = website.order()
    typed = f"{order.business_day:%d/%m/%Y}"
    assert numbers(manager.get(PAGE, {"du": typed, "au": typed})) == [order.number]


def test_a_spreadsheet_opens_it_right(website, manager):
    order = website.order(Status.READY, contact_name='=HYPERLINK("http://x";"y")')
    answer = manager.get(f"{PAGE}.csv")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert f"commandes-{HERE}-{today()}-{today()}.csv" in answer.headers["Content-Disposition"]
    titles, row = csv.reader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";")
    told = dict(zip(titles, row, strict=True))
    assert told["Commande"] == order.number
    # As a spreadsheet reads an hour, at midnight too.
    assert told["Heure"] == f"{order.placed_at.astimezone(PARIS):%H:%M}"
    assert told["Client"] == '\'=HYPERLINK("http://x";"y")'
    parts = [float(told[name].replace(",", ".")) for name in ("Produits", "Remise", "Livraison")]
    assert round(parts[0] - parts[1] + parts[2], 2) == float(told["Total TTC"].replace(",", "."))


def test_the_groups_managers_see_what_every_restaurant_does(website):
    website.order()
    website.order(minutes_ago=180)
    page = website.staff("direction").get("/equipe")
    name = website.pizzeria.restaurant.name
    cards = [words(card.get_text(" ")) for card in soup(page).select(".card")]
    (said,) = (card for card in cards if name in card)
    assert "2 commandes en cours" in said
    assert "1 en retard" in said
    assert "rien de vendu encore" in said
