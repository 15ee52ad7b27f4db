"""UC6.1: restaurants side by side, over a period and beside another one."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.domain.hours import business_day
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.restaurant import Restaurant
from views.pages import soup, words
from views.website import ELSEWHERE, HERE

GROUP, PAGE = "/equipe/comparaison", f"/equipe/{HERE}/comparaison"
DAY = timedelta(days=1)
TODAY = business_day(datetime.now(UTC))


@pytest.fixture
def close(website):
    """A day so long ago is closed, with these figures."""

    def close(days_ago: int, pizzeria=None, **figures: int) -> None:
        own = (pizzeria or website.pizzeria).restaurant.id
        values = {"orders": 0, "turnover_cents": 0, "vat_cents": 0} | figures
        now = datetime.now(UTC)
        with website.session() as session:
            day = TODAY - days_ago * DAY
            session.add(ClosedDay(restaurant_id=own, day=day, closed_at=now, **values))

    return close


@pytest.fixture
def two_days(website, close):
    close(1, orders=4, turnover_cents=6000, refunded_cents=500, late=1, cancelled=2)
    close(2, orders=2, turnover_cents=4000, timed_orders=2, waited_seconds=2400)
    close(1, website.branch, orders=5, turnover_cents=20000, not_delivered=1)
    return {"du": f"{TODAY - DAY}", "au": f"{TODAY - DAY}"}


def rows(page) -> dict[str, list[str]]:
    found = {}
    for row in soup(page).select("table")[0].select("tbody tr, tfoot tr"):
        name, *cells = (words(cell.get_text(" ")) for cell in row.select("th, td"))
        found[name] = cells
    return found


def test_restaurants_stand_side_by_side_with_the_day_before_under_them(website, two_days):
    told = rows(website.staff("direction").get(GROUP, two_days))
    here, there = website.pizzeria.restaurant.name, website.branch.restaurant.name
    assert told[here] == [
        "1 1",
        "4 2 (+100 %)",
        "60,00 € 40,00 € (+50 %)",
        "15,00 € 20,00 € (−25 %)",
        "– 20 min",
        "25 % 0 %",
        "5,00 € 0,00 €",
        "2 0",
        "0 0",
        "0,00 € 0,00 €",
    ]
    assert told[there][:3] == ["1 0", "5 0", "200,00 € 0,00 €"]
    assert told["Ensemble"][1:4] == [
        "9 2 (+350 %)",
        "260,00 € 40,00 € (+550 %)",
        "28,89 € 20,00 € (+44 %)",
    ]


def test_a_manager_sees_their_own_restaurant(website, two_days):
    manager = website.staff("manager")
    assert list(rows(manager.get(PAGE, two_days))) == [website.pizzeria.restaurant.name]
    manager.get(f"/equipe/{ELSEWHERE}/comparaison", status=403)
    manager.get(GROUP, status=403)
    manager.get(f"{GROUP}.csv", status=403)


def test_the_same_days_of_last_year_are_what_one_asks_for(website, close, two_days):
    day = TODAY - DAY
    try:
        then = day.replace(year=day.year - 1)
    except ValueError:
        then = day.replace(year=day.year - 1, day=28)
    close((TODAY - then).days, orders=1, turnover_cents=3000)
    asked = two_days | {"avec": "last_year"}
    told = rows(website.staff("manager").get(PAGE, asked))
    assert told[website.pizzeria.restaurant.name][2] == "60,00 € 30,00 € (+100 %)"


def test_four_weeks_until_yesterday_are_shown_unasked(website, close):
    for days_ago in (0, 1, 28, 29):
        close(days_ago, orders=1, turnover_cents=1000)
    told = rows(website.staff("manager").get(PAGE))
    assert told[website.pizzeria.restaurant.name][:2] == ["2 1", "2 1 (+100 %)"]


def test_charts_say_what_the_table_says(website, two_days):
    page = soup(website.staff("direction").get(GROUP, two_days))
    chart = page.select_one("figure.bars")
    assert words(chart.figcaption.get_text()) == "Chiffre d’affaires"
    said = [words(each.get_text()) for each in chart.select("svg[role=img] desc")]
    assert said == ["200,00 €, avant 0,00 €", "60,00 €, avant 40,00 €"]
    assert [words(each.get_text()) for each in chart.select("p.small")] == said
    assert [rect["width"] for rect in chart.select(".bar-now")] == ["600.0", "180.0"]
    names = [words(each.get_text()) for each in page.select("figure.bars svg title")]
    assert len(set(names)) == len(names)
    days = page.select("figure.columns-chart tbody tr")
    assert [words(row.td.get_text()) for row in days] == ["260,00 €"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"du": "hier"}, "date valide"),
        ({"du": "2026-02-02", "au": "2026-02-01"}, "La fin vient avant le début."),
        ({"du": "2020-01-01", "au": "2026-01-01"}, "Choisissez une période de deux ans au plus."),
        ({"avec": "x"}, ""),
    ],
)
def test_what_cannot_be_is_told_with_what_was_typed(website, asked, says):
    manager = website.staff("manager")
    page = manager.get(PAGE, asked, status=422)
    assert says in words(page)
    for name, value in asked.items():
        if name != "avec":
            assert soup(page).select_one(f"#{name}")["value"] == value
    manager.get(f"{PAGE}.csv", asked, status=400)


def test_nothing_closed_says_so(website):
    page = website.staff("manager").get(PAGE)
    assert "Aucun jour clos dans ces périodes." in words(page)
    assert soup(page).select("svg.chart") == []


def test_the_same_goes_into_a_spreadsheet(website, two_days):
    file = website.staff("direction").get(f"{GROUP}.csv", two_days)
    day = TODAY - DAY
    name = f'attachment; filename="comparaison-{day}-{day}.csv"'
    assert file.headers["Content-Disposition"] == name
    lines = list(csv.reader(io.StringIO(file.body.decode("utf-8-sig")), delimiter=";"))
    here = website.pizzeria.restaurant.name
    now, before = (line for line in lines if line[0] == here)
    dates = [f"{day:%d/%m/%Y}"] * 2
    assert now == [
        here,
        *dates,
        "1",
        "4",
        "60,00",
        "15,00",
        "",
        "1",
        "5,00",
        "2",
        "0",
        "0,00",
        "0",
        "0",
        "0",
    ]
    earlier = [f"{day - DAY:%d/%m/%Y}"] * 2
    assert before[1:8] == [*earlier, "1", "2", "40,00", "20,00", "20"]
    assert len(lines) == 1 + 2 * 2


def test_no_name_of_a_restaurant_is_a_formula(website, two_days):
    with website.session() as session:
        session.get_one(Restaurant, website.branch.restaurant.id).name = "=1+1"
    file = website.staff("direction").get(f"{GROUP}.csv", two_days)
    names = {line.split(";")[0] for line in file.body.decode("utf-8-sig").splitlines()}
    assert "'=1+1" in names
    assert "=1+1" not in names


def test_however_many_days_it_takes_as_many_statements(website, close):
    direction = website.staff("direction")
    close(1, orders=1, turnover_cents=1000)
    direction.get(GROUP)
    with website.counted() as few:
        direction.get(GROUP)
    for days_ago in range(2, 20):
        close(days_ago, orders=1, turnover_cents=1000)
        close(days_ago, website.branch, orders=1, turnover_cents=1000)
    with website.counted() as many:
        direction.get(GROUP)
    assert len(many) == len(few) <= 9
