"""UC6.1: what was sold, by business day, as managers read it."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from factories import author_of, make_staff, order_of
from ocpizza.domain.hours import business_day, span
from ocpizza.domain.sales import Figures
from ocpizza.models.account import Role
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.sales.close import close_day, days_to_close
from ocpizza.services.sales.month import figures
from views.pages import soup, words
from views.website import HERE

PAGE = f"/equipe/{HERE}/chiffres"
DAY = timedelta(days=1)


@pytest.fixture
def sell(website):
    """A Margherita, eaten there and paid for 20 minutes later; gives its number.

    At noon, that of today now: 20 minutes later is the same day.
    """

    def sell(days_ago: int = 0, *, paid: bool = True) -> str:
        now = datetime.now(UTC)
        if days_ago:
            now = span(business_day(now) - days_ago * DAY)[0] + timedelta(hours=6)
        with website.session() as session:
            pizzeria = website.pizzeria
            order = order_of(session, pizzeria, mode=Mode.EAT_IN, now=now, status=Status.READY)
            if paid:
                cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
                over = HandOver(Status.READY, Means.CASH)
                hand_over(session, order.id, over, cashier, now + timedelta(minutes=20))
            return order.number

    return sell


@pytest.fixture
def close(website):
    """The morning's work."""

    def close() -> dict[date, Figures]:
        now, own = datetime.now(UTC), website.pizzeria.restaurant.id
        with website.session() as session:
            for day in days_to_close(session, own, now):
                close_day(session, own, day, now)
        with website.session() as session:
            return {row.day: figures(row) for row in session.query(ClosedDay)}

    return close


def month_of(day: date) -> str:
    return f"{PAGE}?mois={day:%Y-%m}"


def rows(page) -> list[list[str]]:
    found = soup(page).select("tbody tr, tfoot tr")
    return [[words(cell.get_text(" ")) for cell in row.select("th, td")] for row in found]


def test_a_closed_day_is_a_line_and_the_month_its_sum(website, sell, close):
    sell(40)
    sell(40)
    close()
    day = business_day(datetime.now(UTC)) - 40 * DAY
    lines = rows(website.staff("manager").get(month_of(day)))
    sold = ["2", "19,00 €", "1,72 €", "–", "9,50 €", "–", "–", "20 min"]
    (line,) = [line[1:] for line in lines[:-1] if line[1] != "0"]
    assert line == sold
    assert lines[-1] == ["Ensemble", *sold]


def test_today_is_shown_as_it_goes(website, sell, close):
    sell(7)
    sell()
    sell(paid=False)
    close()
    page = soup(website.staff("manager").get(PAGE))
    assert words(page.select_one("section.card").get_text(" ")) == (
        "Aujourd’hui, jusqu’ici 1 commande remise, 9,50 € · 1 en cours "
        "Le même jour de la semaine dernière, en entier : 1 commande, 9,50 €"
    )


def test_an_order_that_keeps_its_day_from_closing_is_named(website, sell, close):
    number = sell(3, paid=False)
    assert business_day(datetime.now(UTC)) - 3 * DAY not in close()
    page = soup(website.staff("manager").get(PAGE))
    assert [link.get_text() for link in page.select(".notice a")] == [number]
    assert page.select_one(".notice a")["href"].endswith(f"/commandes/{number}")


def test_months_lead_to_each_other_as_far_as_there_is_something(website, sell, close):
    sell(70)
    days = close()
    browser = website.staff("manager")
    page, seen = browser.get(PAGE), [0]
    while link := soup(page).select_one("a[rel=prev]"):
        page = browser.get(link["href"])
        seen.append(len(rows(page)[:-1]))
    assert sum(seen[1:]) + len(rows(browser.get(PAGE))[:-1]) == len(days) == 70
    while link := soup(page).select_one("a[rel=next]"):
        page = browser.get(link["href"])
        seen.pop()
    assert seen == [0]


@pytest.mark.parametrize(
    "asked", ["", "2026-13", "26-1", "0001-01", "2026-1", "٢٠٢٦-٠١", "x" * 999]
)
def test_what_is_no_month_is_this_one(website, sell, close, asked):
    sell()
    page = website.staff("manager").get(PAGE, {"mois": asked})
    assert soup(page).select_one("#so-far")


@pytest.mark.parametrize("asked", ["2000-01", "2099-12"])
def test_a_month_without_anything_says_so(website, sell, close, asked):
    sell(1)
    close()
    page = website.staff("manager").get(f"{PAGE}?mois={asked}")
    name = {"2000-01": "janvier 2000", "2099-12": "décembre 2099"}[asked]
    assert f"Aucun jour clos en {name}." in page
    assert soup(page).select("svg.chart, table") == []


def test_the_same_figures_go_into_a_spreadsheet(website, sell, close):
    sell(40)
    close()
    day = business_day(datetime.now(UTC)) - 40 * DAY
    browser = website.staff("manager")
    file = browser.get(f"{PAGE}.csv?mois={day:%Y-%m}")
    assert file.content_type == "text/csv"
    assert file.headers["Content-Disposition"] == (
        f'attachment; filename="chiffres-{HERE}-{day:%Y-%m}.csv"'
    )
    assert file.body.startswith("\ufeffJour;Commandes;".encode())
    lines = list(csv.reader(io.StringIO(file.body.decode("utf-8-sig")), delimiter=";"))
    own = [f"{day:%d/%m/%Y}", "1", "9,50", "0,86", "0,00", "9,50", "0", "0", "20"]
    assert own in lines
    assert len(lines) - 1 == len(rows(browser.get(month_of(day)))[:-1])


def test_nobody_but_managers_has_the_tab(website):
    for role, of_theirs, there in (("manager", "ensemble", True), ("pizzaiolo", "stock", False)):
        page = website.staff(role).get(f"/equipe/{HERE}/{of_theirs}")
        assert (PAGE in {link.get("href") for link in soup(page).select(".tabs a")}) is there
