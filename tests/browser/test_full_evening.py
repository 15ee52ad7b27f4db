"""Thirty orders at three restaurants, by web, telephone and at the counter, to their end."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from browser.audit import TABLET
from browser.evening import (
    CITIES,
    ORDERS,
    WAVES,
    Wanted,
    count_orders,
    demo,
    restaurant,
    size_of,
    takings,
    total,
    used,
)
from browser.served import served
from browser.shopping import PHONE
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Payment
from ocpizza.models.restaurant import OpeningHours, Restaurant
from ocpizza.models.stock import Stock
from ocpizza.operations.demo_data import PASSWORD
from views.pages import words

pytestmark = pytest.mark.browser
JOBS = ("caisse", "pizza", "livreur", "manager")
MEANS = {"cash": "Espèces", "card_terminal": "Carte"}


@pytest.fixture
def backend() -> str:
    return "postgresql"


@pytest.fixture
def always_open(demo_database: Engine) -> Engine:
    """The demo chain, whose doors are open at whatever hour this is."""
    with Session(demo_database) as session, session.begin():
        session.execute(delete(OpeningHours))
        for one in session.scalars(select(Restaurant)):
            one.opening_hours = [
                OpeningHours(weekday=day, opens_minute=360, closes_minute=1800) for day in range(7)
            ]
    return demo_database


@pytest.fixture
def address(settings, always_open, tmp_path) -> Iterator[str]:
    """The chain served behind a proxy that tells who asks."""
    with served(tmp_path / "ocpizza.ini", {"OCPIZZA_PROXY_TRUSTED": "127.0.0.1"}) as address:
        yield address


class Evening:
    """Everybody's browsers: one for each of the staff, a new one for each customer."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self._chromium, self._address = chromium, address
        self._contexts: list[BrowserContext] = []
        self.customers = 0
        self.complaints: list[str] = []
        self.staff = {(job, city): self._sit_down(job, city) for city in CITIES for job in JOBS}

    def _open(self, **options) -> Page:
        context = self._chromium.new_context(
            base_url=self._address, locale="fr-FR", reduced_motion="reduce", **options
        )
        context.set_default_timeout(30_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _sit_down(self, job: str, city: str) -> Page:
        page = self._open(viewport=PHONE if job == "livreur" else TABLET)
        page.goto("/connexion")
        page.get_by_label("E-mail ou identifiant").fill(_identifier(job, city))
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        expect(page.get_by_text("Connecté", exact=True)).to_be_visible()
        return page

    def customer(self) -> Page:
        """A telephone of somebody else, from an address of its own."""
        self.customers += 1
        told = {"X-Forwarded-For": f"198.51.100.{self.customers}"}
        return self._open(viewport=PHONE, extra_http_headers=told)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def _identifier(job: str, city: str) -> str:
    """Whose this job is, as the demo's file has it."""
    roles = {"caisse": "cashier", "pizza": "pizzaiolo", "livreur": "driver", "manager": "manager"}
    return next(
        one["identifier"]
        for one in demo("staff", "staff", "identifier").values()
        if (one.get("restaurant"), one["role"]) == (city, roles[job])
    )


@pytest.fixture
def evening(chromium: Browser, address: str) -> Iterator[Evening]:
    evening = Evening(chromium, address)
    yield evening
    evening.close()
    assert evening.complaints == []


def order_on_the_web(page: Page, city: str, wanted: Wanted, phone: str) -> None:
    page.goto(f"/pizzeria/{restaurant(city)['slug']}")
    inside = 0
    for slug, size, count in wanted.lines:
        name = demo("products", "product", "slug")[slug]["name"]
        button = page.get_by_role("button", name=f"Ajouter {name}, {size_of(slug, size)['name']}")
        for _each in range(count):
            button.first.click()
            inside += 1
            expect(
                page.get_by_role("link", name=f"Voir le panier, {inside} article")
            ).to_be_visible()
    page.get_by_role("link", name="Voir le panier").first.click()
    page.get_by_role("link", name=re.compile("Commander")).click()
    fill_in_contact(page, city, wanted, phone)
    page.get_by_label(MEANS[wanted.means]).first.check()
    page.get_by_label(re.compile("J’ai lu et j’accepte")).check()
    page.get_by_role("button", name="Commande avec obligation de paiement").click()
    expect(page.get_by_role("heading", name=re.compile("Commande ....-...."))).to_be_visible()


def fill_in_contact(page: Page, city: str, wanted: Wanted, phone: str) -> None:
    page.locator(f"input[name=mode][value={wanted.mode}]").check()
    page.locator("#contact_name").fill("Stanley Morel")
    page.locator("#phone").fill(phone)
    if wanted.mode == "delivery":
        page.locator("#street").fill("12 rue des Lilas")
        page.locator("#postcode").fill(restaurant(city)["delivery_postcodes"][0])
        page.locator("#town").fill(restaurant(city)["town"])


def order_at_the_till(page: Page, city: str, wanted: Wanted, phone: str) -> None:
    page.goto(f"/equipe/{city}/caisse")
    for number, (slug, size, count) in enumerate(wanted.lines, 1):
        name = demo("products", "product", "slug")[slug]["name"]
        of_size = "" if size == "unique" else size_of(slug, size)["name"].split()[0]
        page.locator("#entry").fill(f"{count} {name} {of_size}")
        page.locator("#entry").press("Enter")
        expect(page.locator(".till-line")).to_have_count(number)
    page.locator(f"input[name=source][value={wanted.source}]").check()
    if wanted.source == "phone":
        fill_in_contact(page, city, wanted, phone)
    else:
        page.locator(f"input[name=mode][value={wanted.mode}]").check()
    page.locator(f"input[name=means][value={wanted.means}]").check()
    expect(page.locator("#commander")).to_contain_text(euros(total(city, wanted)))
    page.locator("#commander").click()
    page.wait_for_url(re.compile("/commande(r|s/)"))
    expect(page.locator(".field-error, .error-summary, .notice-error")).to_have_text([])
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\w{4}-\w{4}$"))


def press_all(page: Page, button: str, times: int) -> None:
    """Press each button of this name until none is left, one order after the other."""
    buttons = page.get_by_role("button", name=button, exact=True)
    for left in reversed(range(times)):
        buttons.first.click()
        expect(buttons).to_have_count(left)


def hand_over(page: Page, button: str, orders: list[Wanted]) -> None:
    """Take the money that was announced for each, by the means that its customer chose."""
    buttons = page.get_by_role("button", name=button, exact=True)
    for left in reversed(range(len(orders))):
        buttons.first.click()
        expect(buttons).to_have_count(left)


def work(evening: Evening, city: str) -> None:
    """Cook, drive and hand over all that has come in."""
    cook = evening.staff["pizza", city]
    cook.goto(f"/equipe/{city}/cuisine")
    for button in ("Prendre en charge", "Commencer", "Prête"):
        press_all(cook, button, len(ORDERS))
    delivered = [each for each in ORDERS if each.mode == "delivery"]
    driver = evening.staff["livreur", city]
    driver.goto(f"/equipe/{city}/livraisons")
    boxes = driver.get_by_role("checkbox")
    expect(boxes).to_have_count(len(delivered))
    for box in boxes.all():
        box.check()
    press_all(driver, "Je pars livrer", 1)
    expect(boxes).to_have_count(0)
    hand_over(driver, "Livrée", delivered)
    cashier = evening.staff["caisse", city]
    cashier.goto(f"/equipe/{city}/comptoir")
    hand_over(cashier, "Remise au client", [each for each in ORDERS if each not in delivered])


def stock(engine: Engine, city: str) -> Counter[str]:
    with Session(engine) as session:
        found = session.execute(
            select(Ingredient.code, Stock.quantity)
            .join(Stock)
            .join(Restaurant)
            .where(Restaurant.code == city)
        )
        return Counter(dict(found.all()))


def taken(engine: Engine, city: str) -> dict[str, int]:
    """What the restaurant's payments say was taken, by means."""
    with Session(engine) as session:
        found = session.execute(
            select(Payment.means, func.sum(Payment.captured_cents))
            .join(Order, Order.id == Payment.order_id)
            .join(Restaurant, Restaurant.id == Order.restaurant_id)
            .where(Restaurant.code == city)
            .group_by(Payment.means)
        )
        return {means.value: int(cents) for means, cents in found}


def euros(amount: int) -> str:
    return f"{amount // 100},{amount % 100:02}"


def cents(text: str) -> int:
    return int(re.sub(r"[^0-9-]", "", text))


def what_the_manager_downloads(page: Page, city: str) -> list[dict[str, str]]:
    answer = page.request.get(f"/equipe/{city}/commandes.csv")
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig")), delimiter=";"))


def test_an_evening_adds_up_to_the_cent_and_the_gram(evening: Evening, always_open, add_up):
    before = {city: stock(always_open, city) for city in CITIES}
    for wave in range(WAVES):
        for number, wanted in enumerate(ORDERS):
            for place, city in enumerate(CITIES):
                phone = f"06 39 98 {wave}{place} {number:02}"
                if wanted.source == "web":
                    order_on_the_web(evening.customer(), city, wanted, phone)
                else:
                    order_at_the_till(evening.staff["caisse", city], city, wanted, phone)
        for city in CITIES:
            work(evening, city)
    for city in CITIES:
        assert before[city] - stock(always_open, city) == used(city)
        assert taken(always_open, city) == {
            means: takings(city, means=means) for means in ("cash", "card_terminal")
        }
        look_at_the_figures(evening.staff["manager", city], city)
    with Session(always_open) as session:
        statuses = dict(
            session.execute(select(Order.status, func.count()).group_by(Order.status)).all()
        )
    assert statuses == {Status.DELIVERED: count_orders()}
    add_up(always_open)


def look_at_the_figures(manager: Page, city: str) -> None:
    """The day's orders and turnover, as the manager reads and downloads them."""
    rows = what_the_manager_downloads(manager, city)
    totals = sorted(cents(row["Total TTC"]) for row in rows)
    assert totals == sorted(total(city, wanted) for wanted in ORDERS * WAVES)
    manager.goto(f"/equipe/{city}/chiffres")
    so_far = words(manager.locator("#so-far + p").inner_text())
    count, turnover = re.match(r"(\d+) commandes remises, ([\d ]+,\d\d) €", so_far).groups()
    assert (int(count), cents(turnover)) == (len(ORDERS) * WAVES, takings(city))
