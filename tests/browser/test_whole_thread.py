"""From an empty basket to a delivered pizza, in the browsers of everybody concerned."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from browser.shopping import PHONE, fits
from ocpizza.models.order import Order
from ocpizza.models.stock import Stock
from ocpizza.operations.demo_data import PASSWORD

pytestmark = pytest.mark.browser
TABLET = {"width": 1280, "height": 800}


def choose_pizzas(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Votre code postal").fill("75011")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("Livraison au 75011 Paris")).to_be_visible()
    expect(page.get_by_text("Il en reste 3")).to_be_visible()
    expect(page.get_by_text("Indisponible").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Ajouter Regina, Classique")).click()
    expect(page.get_by_role("link", name="Voir le panier, 1 article")).to_be_visible()
    page.get_by_role("button", name=re.compile("Ajouter Margherita, Familiale")).click()
    expect(page.get_by_role("link", name="Voir le panier, 2 articles")).to_be_visible()


def fill_in(page: Page) -> None:
    """Everything of the checkout but the last click."""
    page.get_by_role("link", name="Voir le panier, 2 articles").click()
    page.get_by_role("button", name="Un Regina de plus").click()
    expect(page.locator("#panier-compte")).to_contain_text("3")
    page.get_by_role("link", name=re.compile("Commander")).click()
    page.get_by_label("Votre nom").fill("Stanley Morel")
    page.get_by_label("Téléphone").fill("06 39 98 12 34")
    page.get_by_label("Numéro et rue").fill("12 rue des Lilas")
    page.get_by_label("Code postal").fill("75011")
    page.get_by_label("Ville").fill("Paris")
    page.get_by_label("Espèces").check()
    page.get_by_label(re.compile("J’ai lu et j’accepte")).check()


# What the team sets → what the customer reads.
READ_AS = {
    "Commande prise en charge": "Commande acceptée",
    "Commande en préparation": "En préparation",
    "Commande prête": "Prête, le livreur va partir",
}


def sign_in(page: Page, identifier: str) -> None:
    page.goto("/connexion")
    page.get_by_label("E-mail ou identifiant").fill(identifier)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_text("Connecté", exact=True)).to_be_visible()


def prepare(page: Page, number: str, follow) -> None:
    sign_in(page, "pizza.republique")
    ticket = page.get_by_role("article", name=f"Commande {number}")
    ticket.get_by_role("link", name="Recette Regina").click()
    expect(page.get_by_role("heading", name="La recette")).to_be_visible()
    expect(page.get_by_text("Champignons").first).to_be_visible()
    page.get_by_role("link", name="Retour à la cuisine").click()
    for button, status in (
        ("Prendre en charge", "Commande prise en charge"),
        ("Commencer", "Commande en préparation"),
        ("Prête", "Commande prête"),
    ):
        ticket.get_by_role("button", name=button).click()
        expect(page.get_by_text(f"{number} : {status}")).to_be_visible()
        follow(READ_AS[status])


def deliver(page: Page, number: str, follow) -> None:
    sign_in(page, "livreur.republique")
    ticket = page.get_by_role("article", name=f"Commande {number}")
    expect(ticket.get_by_role("link", name="Plan")).to_be_visible()
    expect(ticket.get_by_role("link", name=re.compile("Appeler 06 39 98 12 34"))).to_be_visible()
    fits(page)
    ticket.get_by_label(f"J’emporte {number}").check()
    page.get_by_role("button", name="Je pars livrer").click()
    follow("En route")
    ticket.get_by_label("Espèces").check()
    ticket.get_by_role("button", name="Livrée").click()
    expect(page.get_by_text("Aucune commande à livrer")).to_be_visible()
    follow("Livrée, bon appétit")


@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_pizza_goes_from_the_menu_to_the_door(visit, demo_database, add_up, backend, javascript):
    with Session(demo_database) as session:
        before = session.scalar(select(func.sum(Stock.quantity)))
    customer = visit(PHONE, javascript)
    choose_pizzas(customer)
    fits(customer)
    fill_in(customer)
    customer.get_by_role("button", name="Commande avec obligation de paiement").click()
    title = customer.get_by_role("heading", name=re.compile("Commande ....-...."))
    number = re.search("....-....", title.inner_text())[0]
    fits(customer)

    def follow(status: str) -> None:
        """With JavaScript the page follows by itself, without it the customer reloads."""
        if not javascript:
            customer.reload()
        elif status != "Commande acceptée":
            # Seen once that it asks by itself; from then on, ask now.
            customer.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(customer.locator(".now")).to_contain_text(status)

    follow("Commande reçue")
    prepare(visit(TABLET, javascript), number, follow)
    deliver(visit(PHONE, javascript), number, follow)
    expect(customer.locator(".now")).to_contain_text("Payée")
    with Session(demo_database) as session:
        order = session.scalars(select(Order)).one()
        assert order.number == number
        assert order.driver_id
        assert order.pizzaiolo_id
        assert session.scalar(select(func.sum(Stock.quantity))) < before
    add_up(demo_database)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_double_click_on_the_order_button_makes_one_order(visit, demo_database, add_up, backend):
    page = visit(PHONE)
    choose_pizzas(page)
    fill_in(page)
    page.get_by_role("button", name=re.compile("obligation de paiement")).dblclick()
    expect(page.get_by_role("heading", name=re.compile("Commande ....-...."))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Votre panier est vide")).to_be_visible()
    with Session(demo_database) as session:
        assert session.scalar(select(func.count(Order.id))) == 1
    add_up(demo_database)
