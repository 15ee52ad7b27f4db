"""B31 in Chromium, with Stripe's script (its stand-in): paid, declined, 3-D Secure, closed tab."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from browser.audit import audit
from browser.open_house import write_settings
from browser.served import served
from browser.shopping import PHONE, fits, go_to_checkout
from databases import Databases
from factories import PASSWORD, make_account
from local_stripe_server import DECLINED, GOOD, SECURE, LocalStripe
from ocpizza.models.order import Order
from ocpizza.models.payment import PaymentStatus
from ocpizza.operations.demo_data import load_demo_data
from payments.till import stripe

__all__ = ["stripe"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("till")]  # in one served shop
SECRET = "whsec_browser"


@pytest.fixture(scope="session")
def demo_database(databases: Databases) -> Iterator[Engine]:
    """The demo chain, for every test of this file: each looks at the orders that it made."""
    with databases.private("postgresql") as engine:
        with Session(engine) as session, session.begin():
            load_demo_data(session, datetime.now(UTC))
        yield engine


@pytest.fixture(scope="session")
def address(demo_database: Engine, stripe_server: LocalStripe, tmp_path_factory) -> Iterator[str]:
    """It takes payments through the simulator, from one visitor as often as from many."""
    stripe = {
        "SECRET_KEY": "sk_test_12345",
        "PUBLISHABLE_KEY": "pk_test_12345",
        "WEBHOOK_SECRET": SECRET,
        "API_URL": stripe_server.url,
        "JS_URL": f"{stripe_server.url}/js.stripe.com/v3/",
    }
    environment = {f"OCPIZZA_STRIPE_{name}": value for name, value in stripe.items()}
    environment |= {"OCPIZZA_ORDERS_UNPAID_PIZZAS": "999", "OCPIZZA_ORDERS_UNPAID_CENTS": "999999"}
    ini = write_settings(demo_database, tmp_path_factory.mktemp("till"))
    with served(ini, environment) as address:
        yield address


@pytest.fixture(autouse=True)
def told(stripe: LocalStripe, address: str) -> None:
    """What happens at Stripe is told to the shop that is served here."""
    stripe.tell(f"{address}/stripe/evenements", SECRET)


@pytest.fixture
def page(visit) -> Page:
    """The payment page of an order."""
    page = visit(PHONE)
    order_by_card(page)
    return page


def without_fields(page: Page) -> None:
    """Stripe's script does not come to the checkout."""
    script = re.compile(r"/js\.stripe\.com/")
    page.route(script, lambda route: route.fulfill(body="", content_type="text/javascript"))


def order_by_card(page: Page, *, again: bool = False) -> None:
    """Order two Reginas; whoever orders `again` finds their card chosen, and accepts no terms."""
    without_fields(page)
    go_to_checkout(page)
    if again:
        expect(page.get_by_label("Visa se terminant par 4242")).to_be_checked()
        page.get_by_label("Une autre carte, en ligne").check()
    else:
        page.get_by_label("Carte en ligne").check()
        page.get_by_label(re.compile("J’ai lu et j’accepte")).check()
    page.unroute_all()
    page.get_by_role("button", name="Commande avec obligation de paiement").click()
    expect(page.get_by_role("heading", name=re.compile("Payer .*€"))).to_be_visible()
    # A page of the same name comes before, for as long as Stripe is asked.
    expect(page.locator("#payer")).to_be_visible()
    fits(page)


def give_card(page: Page, number: str) -> None:
    type_card(page, number)
    page.locator("#payer button").click()


def type_card(page: Page, number: str) -> None:
    fields = page.locator("#carte")
    for name, value in (
        ("Numéro de carte", number),
        ("Mois", "12"),
        ("Année", "40"),
        ("Code de sécurité", "123"),
    ):
        fields.get_by_label(name, exact=True).fill(value)


def confirmed(page: Page) -> None:
    expect(page.get_by_text("Commande reçue").first).to_be_visible()
    expect(
        page.get_by_text("Carte acceptée, débitée quand la préparation commence").first
    ).to_be_visible()


# Once the order is placed, while its payment's page is asked for.
OFFLINE_ONCE = """() => {
  const online = window.fetch;
  window.fetch = (path, ...more) => {
    if (!String(path).includes("/paiement")) return online(path, ...more);
    window.fetch = online;
    return Promise.reject(new TypeError("offline"));
  };
}"""


@pytest.fixture
def checkout(visit) -> Page:
    """The checkout, where a card is chosen that is given there; nothing but its number lacks."""
    return choose_new_card(visit(PHONE))


def choose_new_card(page: Page) -> Page:
    go_to_checkout(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator("#nouvelle-carte")).to_be_hidden()
    assert not [url for url in asked if "stripe" in url]
    page.get_by_label("Carte en ligne").check()
    page.get_by_label(re.compile("J’ai lu et j’accepte")).check()
    expect(page.locator("#carte").get_by_label("Numéro de carte")).to_be_visible()
    return page


def order(page: Page) -> None:
    page.get_by_role("button", name="Commande avec obligation de paiement").click()


def orders(database: Engine) -> int:
    with Session(database) as session:
        return session.query(Order).count()


def test_a_card_is_given_where_one_orders(checkout, demo_database, add_up):
    page, before = checkout, orders(demo_database)
    type_card(page, GOOD)
    fits(page)
    shuts_nobody_out(page)
    order(page)
    confirmed(page)
    assert orders(demo_database) == before + 1
    add_up(demo_database)


def test_the_bank_asks_where_one_orders(checkout):
    page = checkout
    type_card(page, SECURE)
    order(page)
    page.get_by_role("button", name="Complete authentication").click()
    confirmed(page)


def test_a_card_that_is_declined_where_one_orders_is_said_on_the_payment_page(
    checkout, demo_database
):
    page, before = checkout, orders(demo_database)
    type_card(page, DECLINED)
    order(page)
    expect(page.get_by_role("alert").filter(has_text="Paiement refusé")).to_be_visible()
    give_card(page, GOOD)
    confirmed(page)
    assert orders(demo_database) == before + 1


def test_an_incomplete_card_orders_nothing(checkout, demo_database):
    page, before = checkout, orders(demo_database)
    order(page)
    expect(page.get_by_text("Complétez le numéro, la date et le code")).to_be_visible()
    assert orders(demo_database) == before
    type_card(page, GOOD)
    order(page)
    confirmed(page)
    assert orders(demo_database) == before + 1


def test_what_is_missing_is_said_by_the_page_as_ever(chromium, address, demo_database):
    context = chromium.new_context(base_url=address, viewport=PHONE, locale="fr-FR")
    page, before = choose_new_card(context.new_page()), orders(demo_database)
    page.get_by_label("Votre nom").fill("")
    type_card(page, GOOD)
    order(page)
    expect(page.locator(".error-summary")).to_be_visible()
    assert orders(demo_database) == before
    page.get_by_label("Votre nom").fill("Stanley")
    type_card(page, GOOD)
    order(page)
    confirmed(page)
    context.close()


def test_whoever_loses_the_network_while_they_order_presses_again(checkout, demo_database, add_up):
    page, before = checkout, orders(demo_database)
    type_card(page, GOOD)
    page.evaluate(OFFLINE_ONCE)
    order(page)
    expect(page.get_by_text("Le paiement n’a pas pu être envoyé.")).to_be_visible()
    order(page)
    confirmed(page)
    assert orders(demo_database) == before + 1
    add_up(demo_database)


def test_whoever_changes_what_is_ordered_already_reads_it_before_they_pay(checkout, demo_database):
    page, before = checkout, orders(demo_database)
    type_card(page, GOOD)
    page.evaluate(OFFLINE_ONCE)
    order(page)
    expect(page.get_by_text("Le paiement n’a pas pu être envoyé.")).to_be_visible()
    page.get_by_label("Votre nom").fill("Stanley")
    order(page)
    expect(page.get_by_role("heading", name=re.compile("Payer .*€"))).to_be_visible()
    give_card(page, GOOD)
    confirmed(page)
    assert orders(demo_database) == before + 1


def test_a_card_is_accepted(page, demo_database, add_up):
    give_card(page, GOOD)
    confirmed(page)
    fits(page)
    token = page.url.rpartition("/")[2]
    with Session(demo_database) as session:
        of_this = select(Order.payment_status).where(Order.tracking_token == token)
        assert session.scalars(of_this).one() is PaymentStatus.AUTHORISED
    add_up(demo_database)


def test_a_declined_card_is_said_and_another_accepted(page):
    give_card(page, DECLINED)
    expect(page.get_by_role("alert").filter(has_text="Paiement refusé")).to_be_visible()
    fits(page)
    give_card(page, GOOD)
    confirmed(page)


def test_an_incomplete_card_is_said_without_leaving_the_page(page):
    page.locator("#payer button").click()
    expect(page.locator("#carte-erreur")).not_to_be_empty()
    give_card(page, GOOD)
    confirmed(page)


def test_the_bank_lets_it_pass(page):
    give_card(page, SECURE)
    page.get_by_role("button", name="Complete authentication").click()
    confirmed(page)


def test_the_bank_does_not_let_it_pass(page):
    give_card(page, SECURE)
    page.get_by_role("button", name="Fail authentication").click()
    expect(page.get_by_text("Votre banque n’a pas confirmé le paiement.")).to_be_visible()


def test_who_closes_the_tab_too_early_has_ordered_all_the_same(page, visit):
    tracking = page.url.removesuffix("/paiement")
    # It never leaves the browser, which stays where it is.
    page.route("**/paiement/retour", lambda route: route.fulfill(status=204))
    with page.expect_request("**/paiement/retour"):
        give_card(page, GOOD)
    page.close()
    again = visit(PHONE)
    again.goto(tracking)
    confirmed(again)


def test_one_may_pay_on_delivery_after_all(page, demo_database, add_up):
    page.get_by_label("Espèces").check()
    page.get_by_role("button", name="Payer au livreur").click()
    expect(page.get_by_text("Commande reçue").first).to_be_visible()
    add_up(demo_database)


def shuts_nobody_out(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    assert audit(page) == {}


def test_the_page_with_its_fields_shuts_nobody_out(page):
    shuts_nobody_out(page)


@pytest.fixture
def julia(demo_database) -> str:
    """A customer's address; `PASSWORD` is hers. Unconfirmed for long, the worker would erase it."""
    now = datetime.now(UTC)
    values = {"email": f"julia.{uuid4().hex}@example.org", "created_at": now}
    with Session(demo_database) as session, session.begin():
        return make_account(session, email_verified_at=now, **values).email


@pytest.fixture
def her_page(visit, julia) -> Page:
    """Her payment page."""
    page = visit(PHONE)
    page.goto("/connexion")
    page.get_by_label("E-mail ou identifiant").fill(julia)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    order_by_card(page)
    return page


def keep_a_card(page: Page) -> None:
    page.get_by_label("Garder cette carte").check()
    give_card(page, GOOD)
    confirmed(page)


def test_a_bank_that_asks_about_a_saved_card_is_answered_on_the_payment_page(
    her_page, stripe, demo_database, add_up
):
    page = her_page
    page.get_by_label("Garder cette carte").check()
    give_card(page, SECURE)
    page.get_by_role("button", name="Complete authentication").click()
    confirmed(page)
    go_to_checkout(page)
    expect(page.get_by_label("Visa se terminant par 3184")).to_be_checked()
    shuts_nobody_out(page)
    page.get_by_role("button", name="Commande avec obligation de paiement").click()
    expect(page.get_by_text("Votre banque vous demande de confirmer ce paiement")).to_be_visible()
    fits(page)
    shuts_nobody_out(page)
    page.locator("#payer button").click()
    page.get_by_role("button", name="Complete authentication").click()
    confirmed(page)
    add_up(demo_database)


def test_a_saved_card_pays_the_next_order_on_the_payment_page_too(her_page, demo_database, add_up):
    page = her_page
    keep_a_card(page)
    order_by_card(page, again=True)
    expect(page.get_by_label("Visa se terminant par 4242")).to_be_checked()
    expect(page.locator("#nouvelle-carte")).to_be_hidden()
    shuts_nobody_out(page)
    page.locator("#payer button").click()
    confirmed(page)
    add_up(demo_database)


def test_another_card_than_the_kept_one_may_be_given(her_page, demo_database):
    page = her_page
    keep_a_card(page)
    order_by_card(page, again=True)
    page.get_by_label("Une autre carte").check()
    give_card(page, SECURE)
    page.get_by_role("button", name="Complete authentication").click()
    confirmed(page)
    page.goto("/compte/cartes")
    expect(page.get_by_text("se terminant par")).to_have_count(2)  # one card, and its button


def test_a_card_that_stripe_has_no_more_is_said(her_page, stripe):
    page = her_page
    keep_a_card(page)
    order_by_card(page, again=True)
    card_id = page.get_by_label("Visa se terminant par 4242").get_attribute("value")
    assert stripe.post(f"/v1/payment_methods/{card_id}/detach")[0] == 200
    page.locator("#payer button").click()
    expect(page.get_by_text("Cette carte n’est plus gardée.")).to_be_visible()
    page.get_by_label("Une autre carte").check()
    give_card(page, GOOD)
    confirmed(page)


def test_without_javascript_one_is_told_and_pays_on_delivery(visit):
    page = visit(PHONE, javascript=False)
    go_to_checkout(page)
    page.get_by_label("Carte en ligne").check()
    page.get_by_label(re.compile("J’ai lu et j’accepte")).check()
    page.get_by_role("button", name="Commande avec obligation de paiement").click()
    expect(page.get_by_text("Le paiement par carte a besoin de JavaScript")).to_be_visible()
    expect(page.locator("#payer")).to_be_hidden()
    fits(page)
    page.get_by_role("button", name="Payer au livreur").click()
    expect(page.get_by_text("Commande reçue").first).to_be_visible()
