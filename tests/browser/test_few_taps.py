"""How little it takes to order on a telephone: taps, keys and pages, counted."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from browser.audit import PHONE
from browser.open_house import OpenHouse
from factories import PASSWORD, make_account
from local_stripe_server import LocalStripe
from ocpizza.domain.author import Author
from ocpizza.domain.postal_address import Address
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment
from ocpizza.payments import use_threads
from ocpizza.payments.settle import settle
from ocpizza.payments.threads import PaymentThreads
from ocpizza.services.account.addresses import keep_delivery_address
from payments.till import gateway, stripe

__all__ = ["gateway", "stripe"]
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


@pytest.fixture
def paid_online(open_house: OpenHouse, gateway, monkeypatch) -> None:
    """The shop takes payments through the simulator."""
    registry = open_house.website.application.registry
    monkeypatch.setitem(registry, "payments", gateway)
    for name in ("payment_threads", "payment_questions"):
        monkeypatch.setitem(registry, name, None)
    # However busy the machine is.
    use_threads(registry, PaymentThreads(serving=4, patience=30))


@pytest.fixture
def known(thumb, open_house: OpenHouse, stripe: LocalStripe, gateway, paid_online) -> Thumb:
    """A customer, signed in, who keeps their address and the card that they paid an order with."""
    website, now = open_house.website, datetime.now(UTC)
    email = f"stanley.{uuid4().hex}@example.org"
    with website.session() as session:
        account_id = make_account(session, email=email, email_verified_at=now, created_at=now).id
        keep_delivery_address(session, account_id, Address("12 rue Oberkampf", "75011", "Paris"))
    author, phone = Author(account_id, Role.CUSTOMER), "+33639981199"
    order = open_house.order(
        Status.AWAITING_PAYMENT, means=Means.ONLINE_CARD, author=author, phone=phone
    )
    with website.session() as session:
        payment_id = session.query(Payment).filter(Payment.order_id == order.id).one().id
    settle(website.engine, gateway, payment_id, now)
    with website.session() as session:
        intent_id = session.get_one(Payment, payment_id).stripe_intent_id
    stripe.confirm(gateway.fetch(intent_id, None).client_secret, keep=True)
    settle(website.engine, gateway, payment_id, now)
    customer = thumb("visitor")
    page = customer.page
    page.goto("/connexion")
    page.get_by_label("E-mail ou identifiant").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("link", name="Compte").first).to_be_visible()
    return customer


def test_a_saved_card_pays_two_pizzas_in_four_taps_and_three_pages(known, open_house):
    page, before = known.page, known.pages
    page.goto(open_house.path("menu"))
    known.add("Regina", 1)
    known.add("Margherita", 2)
    known.tap(page.get_by_role("link", name="Commander", exact=True))
    expect(page.get_by_label("Visa se terminant par 4242")).to_be_checked()
    known.tap(page.get_by_role("button", name="Commande avec obligation de paiement"))
    expect(page.get_by_role("heading", name=re.compile("Commande ....-...."))).to_be_visible()
    expect(page.get_by_text("Carte acceptée").first).to_be_visible()
    assert known.keys == 0
    assert known.taps <= 4
    assert known.pages - before <= 3


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
