"""How little it takes to order on a telephone: taps, keys and pages, counted."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from browser.audit import PHONE
from browser.open_house import OpenHouse
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means

pytestmark = pytest.mark.browser


class Thumb:
    """One thumb on a telephone: what it taps and types, and the pages that it has to wait for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = self.keys = self.pages = 0
        page.on("requestfinished", self._note)

    def _note(self, request: Request) -> None:
        answer = request.response()
        if request.is_navigation_request() and answer and answer.status == 200:
            self.pages += 1

    def tap(self, what: Locator) -> None:
        self.taps += 1
        what.tap()

    def write(self, field: Locator, text: str) -> None:
        """Tap a field and type into it."""
        self.tap(field)
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press_enter(self) -> None:
        self.keys += 1
        self.page.keyboard.press("Enter")

    def add(self, name: str, inside: int) -> None:
        self.tap(self.page.get_by_role("button", name=re.compile(f"Ajouter {name}, Classique")))
        expect(self.page.locator("#panier-compte")).to_contain_text(str(inside))


@pytest.fixture
def thumb(chromium: Browser, open_house: OpenHouse):
    contexts = []

    def thumb(who: str) -> Thumb:
        options = {"viewport": PHONE, "has_touch": True, "reduced_motion": "reduce"}
        context = open_house.new_visit(chromium, who, **options)
        contexts.append(context)
        page = context.new_page()
        counting = Thumb(page)
        page.goto("/")
        return counting

    yield thumb
    for context in contexts:
        context.close()


def test_a_guest_has_two_pizzas_delivered_in_ten_taps_forty_five_keys_and_five_pages(thumb):
    guest = thumb("visitor")
    page = guest.page
    guest.write(page.get_by_label("Votre code postal"), "75011")
    guest.press_enter()
    expect(page.get_by_text("Livraison au 75011 Paris")).to_be_visible()
    guest.add("Regina", 1)
    guest.add("Margherita", 2)
    guest.tap(page.get_by_role("link", name="Commander", exact=True))
    guest.write(page.get_by_label("Votre nom"), "Hervé Petit")
    guest.write(page.get_by_label("Téléphone", exact=True), "0639981177")
    guest.write(page.get_by_label("Numéro et rue"), "12 rue des Lilas")
    guest.tap(page.get_by_label("Espèces"))
    guest.tap(page.get_by_label(re.compile("J’ai lu et j’accepte")))
    guest.tap(page.get_by_role("button", name="Commande avec obligation de paiement"))
    expect(page.get_by_role("heading", name=re.compile("Commande ....-...."))).to_be_visible()
    expect(page.get_by_text("75011 Paris", exact=False).first).to_be_visible()
    assert guest.taps <= 10
    assert guest.keys <= 45
    assert guest.pages <= 5


def test_the_usual_is_two_taps(thumb, open_house):
    author = Author(open_house.website.account("customer").id, Role.CUSTOMER)
    lines = [(open_house.website.pizzeria.select("margherita"), 2)]
    known = {"author": author, "phone": "+33639981188", "means": Means.CASH, "lines": lines}
    open_house.order(Status.DELIVERED, minutes_ago=90, **known)
    customer = thumb("customer")
    page = customer.page
    customer.tap(page.get_by_role("button", name="Commander la même chose"))
    customer.tap(page.get_by_role("button", name="Commande avec obligation de paiement"))
    expect(page.get_by_role("heading", name=re.compile("Commande ....-...."))).to_be_visible()
    assert (customer.taps, customer.keys) == (2, 0)
    assert customer.pages <= 3
