"""What somebody comes for is in sight before they scroll, and a table fits the screen it is on."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.audit import PHONE, TABLET
from browser.open_house import OpenHouse
from browser.sights import SIGHTS, Sight, see_the_effect
from droplets.waiting import wait_until

pytestmark = pytest.mark.browser
# Nothing lies on it, and all of it is on the screen.
IN_SIGHT = """(element) => {
  const box = element.getBoundingClientRect();
  return [box.top + 2, box.bottom - 2].every((y) => {
    const there = document.elementFromPoint(box.left + box.width / 2, y);
    return element.contains(there) || Boolean(there?.contains(element));
  });
}"""
ACROSS = "(element) => element.getBoundingClientRect().right <= innerWidth"
LINES = """(element) => Math.round(
  element.getBoundingClientRect().height / parseFloat(getComputedStyle(element).lineHeight))"""
TOO_WIDE = """[...document.querySelectorAll(".table-scroll")]
  .filter((table) => table.scrollWidth > table.clientWidth + 1)
  .map((table) => `${table.innerText.slice(0, 40)}: ${table.scrollWidth} > ${table.clientWidth}`)"""
# A day a line, and nine figures: the first of them fit, the day stays in sight beside the others.
SCROLLS_ON_A_PHONE = ("sales",)
WITH_A_TABLE = (
    "overview",
    "orders",
    "sales",
    "comparison",
    "group_comparison",
    "feasible",
    "products",
    "product_prices",
    "unit_costs",
    "meats",
    "stock",
    "stock_ingredient",
    "stock_count_differences",
    "till_x",
    "till_reports",
    "till_report",
)
TABLES = [
    sight
    for sight in SIGHTS
    if (sight.route in WITH_A_TABLE and not (sight.then or sight.query))
    or sight.then is see_the_effect
]


@pytest.fixture
def sit_down(chromium: Browser, open_house: OpenHouse):
    contexts = []

    def sit_down(who: str, route: str, order: str = "", **viewport: int) -> Page:
        context = open_house.new_visit(chromium, who, viewport=viewport)
        contexts.append(context)
        page: Page = context.new_page()
        page.goto(open_house.path(route, order))
        return page

    yield sit_down
    for context in contexts:
        context.close()


def begin_an_order(page: Page) -> None:
    page.get_by_role("button", name="Ajouter Regina, Classique").click()
    expect(page.locator("#commander")).to_be_visible()


def is_in_sight(part: Locator) -> None:
    """A board may draw its parts anew while one looks."""
    wait_until(lambda: part.evaluate(IN_SIGHT), 60, str(part))


def test_a_driver_sees_where_to_go_and_what_to_collect(sit_down):
    page = sit_down("driver", "deliveries", **PHONE)
    delivery = page.locator(".delivery").first
    # Whoever has just left may take that back for a moment, above all else.
    expect(delivery.get_by_role("button", name="Annuler l’étape")).to_have_count(0)
    is_in_sight(delivery.locator(".address-line"))
    is_in_sight(delivery.locator(".due"))
    is_in_sight(delivery.get_by_role("button", name="Livrée"))
    for link in ("Plan", "Appeler"):
        is_in_sight(delivery.get_by_role("link", name=link))


def test_a_cashier_sees_the_button_that_places_the_order_whatever_else_is_begun(sit_down):
    for _ in range(4):
        begin_an_order(sit_down("cashier", "till", **TABLET))
    page = sit_down("cashier", "till", **TABLET)
    expect(page.get_by_role("navigation", name="Commandes commencées")).to_be_visible()
    begin_an_order(page)
    is_in_sight(page.locator("#commander"))
    is_in_sight(page.locator("#encaisser"))


def test_a_cashier_takes_the_whole_sum_in_one_press(sit_down):
    page = sit_down("cashier", "till_payment", "counter", **TABLET)
    for means in ("Espèces, compte juste", "Carte", "Titre-restaurant"):
        is_in_sight(page.get_by_role("button", name=means, exact=True))


@pytest.mark.parametrize("who", ["manager", "direction"])
def test_the_name_of_a_manager_does_not_fill_the_header(sit_down, who):
    page = sit_down(who, "overview", **TABLET)
    assert page.locator(".who > span").evaluate(LINES) <= 2
    tabs = page.locator(".tabs").first.locator("a").all()
    assert len({tab.bounding_box()["y"] for tab in tabs}) == 1


@pytest.mark.parametrize("sight", TABLES, ids=str)
def test_a_table_fits_its_screen(look, sight: Sight):
    page = look(sight)
    if sight.route in SCROLLS_ON_A_PHONE:
        assert page.locator("tbody tr td").nth(1).evaluate(ACROSS)
    else:
        assert page.evaluate(TOO_WIDE) == []
    page.set_viewport_size(TABLET)
    assert page.evaluate(TOO_WIDE) == []
