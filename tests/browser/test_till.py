"""UC1.2 by telephone, with nothing but a keyboard: a known customer in a few keys and requests."""

import re

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect
from sqlalchemy import select

from browser.audit import TABLET
from browser.keyboard import Keyboard
from browser.open_house import OpenHouse
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order import Order, Source
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PaymentStatus
from ocpizza.models.vat import Mode
from views.pages import words

pytestmark = pytest.mark.browser
MAX_KEYS, MAX_REQUESTS = 40, 6
# Pages and parts of pages; what a browser keeps for a year is not asked again.
ASKED = ("document", "xhr", "fetch")


@pytest.fixture
def sit_down(chromium: Browser, open_house: OpenHouse):
    """A cashier in front of the till, and what their browser has asked for since."""
    contexts = []

    def sit_down() -> tuple[Keyboard, list[str]]:
        context = open_house.new_visit(chromium, "cashier", viewport=TABLET)
        contexts.append(context)
        page, asked = context.new_page(), []

        def note(request: Request) -> None:
            if request.resource_type in ASKED:
                asked.append(f"{request.method} {request.url}")

        page.on("request", note)
        page.goto(open_house.path("till"))
        expect(page.locator("#entry")).to_be_focused()
        return Keyboard(page), asked

    yield sit_down
    for context in contexts:
        context.close()


def write(keyboard: Keyboard, text: str) -> None:
    """Type with every key counted."""
    for letter in text:
        keyboard.press(letter)


def placed(page: Page) -> str:
    """The number of the order whose page one has come to."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(r"^\w{4}-\w{4}$"))
    return words(heading.inner_text())


def look_at(open_house: OpenHouse, number: str) -> tuple[Source, str, list[tuple[str, int]]]:
    with open_house.website.session() as session:
        order = session.scalars(select(Order).where(Order.number == number)).one()
        lines = [(line.name, line.quantity) for line in order.revision.lines]
        return order.source, order.contact_name, lines


def regular(open_house: OpenHouse, digits: str) -> Order:
    """An order of an hour ago, of a customer whose number ends in what nobody else's does."""
    phone = f"+3369876{digits}"
    return open_house.order(Status.READY, contact_name="Hervé Lefort", phone=phone, minutes_ago=60)


def test_a_known_customer_has_the_same_again_in_forty_keys_and_six_requests(sit_down, open_house):
    before = regular(open_house, "5432")
    keyboard, asked = sit_down()
    page = keyboard.page
    expect(page.locator("#entry")).to_be_focused()
    write(keyboard, "5432")
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="La même chose").first).to_be_focused()
    keyboard.press("Enter")
    expect(page.locator("#commander")).to_be_focused()
    keyboard.press("Enter")
    source, name, lines = look_at(open_house, placed(page))
    assert (source, name) == (Source.PHONE, "Hervé Lefort")
    assert lines == look_at(open_house, before.number)[2]
    assert keyboard.presses <= MAX_KEYS
    assert len(asked) <= MAX_REQUESTS, asked


def test_a_known_customer_has_something_else_in_forty_keys(sit_down, open_house):
    regular(open_house, "2345")
    keyboard, _asked = sit_down()
    page = keyboard.page
    write(keyboard, "2345")
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="La même chose").first).to_be_focused()
    keyboard.go_to("button", "Nouvelle commande pour Hervé", within=4)
    keyboard.press("Enter")
    expect(page.locator("#contact_name")).to_have_value("Hervé Lefort")
    expect(page.locator("#entry")).to_be_focused()
    for typed, count in (("2 regi", 1), ("marg", 2)):
        write(keyboard, typed)
        keyboard.press("Enter")
        expect(page.locator(".till-line")).to_have_count(count)
        expect(page.locator("#entry")).to_be_focused()
    assert keyboard.presses <= MAX_KEYS - 10
    page.locator("#commander").focus()
    keyboard.press("Enter")
    source, name, lines = look_at(open_house, placed(page))
    assert (source, name) == (Source.PHONE, "Hervé Lefort")
    assert lines == [("Regina", 2), ("Margherita", 1)]


def test_a_known_customer_has_their_offer_in_forty_keys_and_six_requests(sit_down, open_house):
    julia = Author(open_house.website.account("customer").id, Role.CUSTOMER)
    known = {"contact_name": "Julia Ferrand", "phone": "+33698763456", "mode": Mode.TAKEAWAY}
    open_house.website.order(Status.DELIVERED, author=julia, minutes_ago=60, **known)
    keyboard, asked = sit_down()
    page = keyboard.page
    write(keyboard, "3456")
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="La même chose").first).to_be_focused()
    keyboard.press("Enter")
    expect(page.locator("#commander")).to_be_focused()
    offer = page.get_by_role("button", name="Appliquer l’offre Dix pour cent")
    while not offer.evaluate("button => button === document.activeElement"):
        keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(page.locator("#sans-promotion")).to_be_visible()
    expect(page.locator("#commander")).to_be_focused()
    keyboard.press("Enter")
    number = placed(page)
    with open_house.website.session() as session:
        order = session.scalars(select(Order).where(Order.number == number)).one()
        assert order.revision.discount_cents > 0
    assert keyboard.presses <= MAX_KEYS
    assert len(asked) <= MAX_REQUESTS, asked


def test_a_code_typed_or_an_offer_pressed_while_the_page_is_asked_is_not_lost(sit_down):
    keyboard, _asked = sit_down()
    page = keyboard.page
    write(keyboard, "regi")
    keyboard.press("Enter")
    expect(page.locator(".till-line")).to_have_count(1)
    network = SlowNetwork(page)
    page.get_by_role("button", name="Ajouter Margherita, Classique").click()
    page.locator("#code").fill("rien")
    page.locator("#appliquer").click()
    assert len(network.on_its_way) == 1
    network.let_through()
    expect(page.locator(".till-line")).to_have_count(2)
    expect(page.locator("#notices")).to_contain_text("Le code « RIEN » n’existe pas")
    expect(page.locator("#code")).to_have_value("RIEN")


# What one would press at once, when the page has another part.
HAS_FOCUS = """document.body.addEventListener("htmx:afterSwap", () => {
  setTimeout(() => { document.body.dataset.focus = document.activeElement.id; });
})"""


def test_what_is_to_be_chosen_may_be_pressed_as_soon_as_it_is_there(sit_down):
    keyboard, _asked = sit_down()
    page = keyboard.page
    page.evaluate(HAS_FOCUS)
    write(keyboard, "ma fam")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lequel ?")).to_be_visible()
    first = page.locator(".till-products button").first.get_attribute("id")
    expect(page.locator("body")).to_have_attribute("data-focus", first)


def test_one_types_on_after_choosing_between_two_products(sit_down):
    keyboard, _asked = sit_down()
    page = keyboard.page
    write(keyboard, "ma fam")
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lequel ?")).to_be_visible()
    keyboard.press("Enter")
    expect(page.locator(".till-line")).to_have_count(1)
    expect(page.locator("#entry")).to_be_focused()
    write(keyboard, "regi")
    keyboard.press("Enter")
    expect(page.locator(".till-line")).to_have_count(2)


def test_what_was_typed_is_there_again_after_half_a_minute_without_a_network(sit_down):
    keyboard, _asked = sit_down()
    page = keyboard.page
    write(keyboard, "regi")
    keyboard.press("Enter")
    expect(page.locator(".till-line")).to_have_count(1)
    page.locator("#contact_name").fill("Soki")
    page.context.set_offline(True)
    page.locator("#entry").fill("marg")
    page.locator("#entry").press("Enter")
    expect(page.locator(".offline")).to_be_visible()
    expect(page.locator("#contact_name")).to_have_value("Soki")
    page.context.set_offline(False)
    page.locator("#entry").fill("marg")
    page.locator("#entry").press("Enter")
    expect(page.locator(".till-line")).to_have_count(2)
    page.reload()
    expect(page.locator(".till-line")).to_have_count(2)
    expect(page.locator("#contact_name")).to_have_value("Soki")


def test_it_is_paid_at_once_by_keyboard_with_the_change_said(sit_down, open_house):
    keyboard, _asked = sit_down()
    page = keyboard.page
    write(keyboard, "regi")
    keyboard.press("Enter")
    expect(page.locator(".till-line")).to_have_count(1)
    page.locator("#encaisser").focus()
    keyboard.press("Enter")
    expect(page.locator("#cash")).to_be_focused()
    write(keyboard, "20")
    expect(page.locator("output[for=cash]")).to_contain_text("À rendre")
    keyboard.press("Enter")
    number = placed(page)
    expect(page.locator("#notices")).to_contain_text("Encaissé")
    expect(page.locator("#notices")).to_contain_text("À rendre")
    with open_house.website.session() as session:
        order = session.scalars(select(Order).where(Order.number == number)).one()
        assert order.payment_status is PaymentStatus.PAID
        assert order.received_cents == order.total_cents


class SlowNetwork:
    """What a page posts is on its way until `let_through`."""

    def __init__(self, page: Page) -> None:
        self.on_its_way: list[Route] = []
        self._slow = True
        page.route("**/caisse/**", self._hold)

    def _hold(self, route: Route) -> None:
        if self._slow and route.request.method == "POST":
            self.on_its_way.append(route)
        else:
            route.continue_()

    def let_through(self) -> None:
        self._slow = False
        for route in self.on_its_way:
            route.continue_()


def test_what_is_pressed_and_typed_while_the_page_is_asked_is_not_lost(sit_down):
    keyboard, _asked = sit_down()
    page = keyboard.page
    network = SlowNetwork(page)
    page.locator("input[name=source][value=phone]").check()
    page.locator("input[name=mode][value=delivery]").check()
    page.locator("#contact_name").fill("Soki")
    page.locator("#entry").fill("regi")
    page.locator("#entry").press("Enter")
    plus = page.get_by_role("button", name="Ajouter Margherita, Classique")
    plus.click()
    plus.click()
    assert len(network.on_its_way) == 1
    network.let_through()
    expect(page.locator(".till-line")).to_have_count(2)
    expect(page.locator(".till-line").last).to_contain_text("Margherita")
    expect(page.locator(".till-line .quantity-value").last).to_have_text(re.compile("2$"))
    expect(page.locator("input[name=source][value=phone]")).to_be_checked()
    expect(page.locator("#street")).to_be_visible()
    expect(page.locator("#contact_name")).to_have_value("Soki")
    expect(page.locator("#entry")).to_have_value("")
    page.reload()
    expect(page.locator("#contact_name")).to_have_value("Soki")
    expect(page.locator("input[name=mode][value=delivery]")).to_be_checked()
