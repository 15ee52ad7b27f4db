"""A whole order, and the work on it, with nothing but a keyboard."""

import re

import pytest
from playwright.sync_api import Browser, expect

from browser.audit import TABLET
from browser.keyboard import Keyboard
from browser.open_house import OpenHouse
from ocpizza.models.order_status import Status

pytestmark = pytest.mark.browser


@pytest.fixture
def sit_down(chromium: Browser, open_house: OpenHouse):
    """A keyboard in front of a page, as somebody of `PEOPLE`."""
    contexts = []

    def sit_down(who: str, path: str, viewport=TABLET) -> Keyboard:
        context = open_house.new_visit(chromium, who, viewport=viewport, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return Keyboard(page)

    yield sit_down
    for context in contexts:
        context.close()


def choose(keyboard: Keyboard) -> None:
    """From the home page to a basket of two Margheritas."""
    page = keyboard.page
    keyboard.go_to("text", "Votre code postal", within=7)
    keyboard.write("75011")
    keyboard.press("Enter")
    expect(page.get_by_text("Livraison au 75011 Paris")).to_be_visible()
    keyboard.skip()
    keyboard.go_to("button", "Ajouter Margherita, Classique", within=14)
    for count in ("1 article", "2 articles"):
        keyboard.press("Enter")
        expect(page.get_by_role("link", name=f"Voir le panier, {count}")).to_be_visible()
        assert "Ajouter Margherita, Classique" in keyboard.where()["name"]
    expect(page.locator("#toast")).to_contain_text("Margherita : ajouté au panier")
    keyboard.follow("link", "^Panier", within=17, backwards=True, heading="Votre panier")


def change_quantities(keyboard: Keyboard) -> None:
    """One more and one less, without leaving the buttons."""
    page = keyboard.page
    keyboard.skip()
    keyboard.go_to("button", "Un Margherita de plus", within=3)
    for count in (3, 4):
        keyboard.press("Enter")
        expect(page.locator(".quantity-value")).to_have_text(re.compile(f"{count}$"))
        assert keyboard.where()["name"] == "Un Margherita de plus"
    keyboard.go_to("button", "Un Margherita de moins", within=1, backwards=True)
    keyboard.press("Space")
    expect(page.locator(".quantity-value")).to_have_text(re.compile("3$"))
    assert keyboard.where()["name"] == "Un Margherita de moins"


def give_details(keyboard: Keyboard) -> None:
    """First nothing, to be led from each fault to its field; then all."""
    page = keyboard.page
    keyboard.skip()
    keyboard.go_to("radio", "Livraison", within=2)
    keyboard.press("ArrowDown")
    expect(page.get_by_label("Numéro et rue")).to_be_hidden()
    keyboard.press("ArrowUp")
    keyboard.go_to("button", "Commande avec obligation de paiement", within=14)
    keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("Erreur\N{NO-BREAK SPACE}: ")
    keyboard.go_to("link", "Indiquez votre nom", within=1)
    keyboard.press("Enter")
    expect(page.get_by_label("Votre nom")).to_be_focused()
    keyboard.write("Stanley Morel")
    for kind, label, value in (
        ("tel", "Téléphone", "06 39 98 12 34"),
        ("text", "Numéro et rue", "12 rue des Lilas"),
        ("text", "Code postal", "75011"),
        ("text", "Ville", "Paris"),
    ):
        keyboard.go_to(kind, label, within=2)
        keyboard.write(value)


def pay(keyboard: Keyboard) -> None:
    keyboard.go_to("radio", "Carte", within=3)
    keyboard.press("ArrowDown")
    keyboard.press("Space")
    assert keyboard.page.get_by_label("Espèces").is_checked()
    keyboard.go_to("checkbox", "J’ai lu et j’accepte", within=1)
    keyboard.press("Space")
    keyboard.follow("button", "obligation de paiement", within=2, heading="Commande ....-....")


def test_a_whole_order_needs_no_mouse(sit_down):
    keyboard = sit_down("visitor", "/")
    choose(keyboard)
    change_quantities(keyboard)
    keyboard.follow("link", "Commander", within=6, heading="Votre commande")
    give_details(keyboard)
    pay(keyboard)
    expect(keyboard.page.locator(".now")).to_contain_text("Commande reçue")
    keyboard.skip()
    keyboard.go_to("button", "Modifier ma commande", within=1)
    # Ten of them past what the menu is looked through by, there and back.
    assert keyboard.presses <= 95


def test_the_kitchen_needs_no_mouse(sit_down, open_house: OpenHouse):
    open_house.clear_board()
    order = open_house.order(minutes_ago=120)
    keyboard = sit_down("pizzaiolo", open_house.path("kitchen"))
    for button, status, within in (
        ("Prendre en charge", "Commande prise en charge", 5),
        ("Commencer", "Commande en préparation", 5),
        # Past the check-list of what goes on it.
        ("Prête", "Commande prête", 20),
    ):
        keyboard.skip()
        find_button_of(keyboard, order.number, button, within)
        keyboard.press("Enter")
        told = keyboard.page.get_by_role("status").filter(has_text=f"{order.number} : {status}")
        expect(told).to_be_visible()


def find_button_of(keyboard: Keyboard, number: str, button: str, within: int = 4) -> None:
    keyboard.go_to("link", number, within=150)
    keyboard.go_to("button", button, within=within)


def test_the_delivery_needs_no_mouse(sit_down, open_house: OpenHouse):
    order = open_house.order(Status.READY, minutes_ago=120)
    keyboard = sit_down("driver", open_house.path("deliveries"))
    page = keyboard.page
    keyboard.skip()
    keyboard.go_to("link", order.number, within=150)
    keyboard.go_to("checkbox", f"J’emporte {order.number}", within=1)
    keyboard.press("Space")
    keyboard.go_to("button", "Je pars livrer", within=80)
    keyboard.press("Enter")
    expect(page.get_by_text(f"Vous partez avec {order.number}.")).to_be_visible()
    keyboard.go_to("link", order.number, within=150)
    keyboard.go_to("summary", "3 articles", within=4)
    keyboard.press("Enter")
    keyboard.go_to("radio", "Espèces", within=2)
    keyboard.press("ArrowRight")
    keyboard.go_to("button", "Livrée", within=2)
    keyboard.press("Space")
    expect(page.get_by_text(f"{order.number} : Commande livrée")).to_be_visible()


def test_a_board_that_renews_itself_keeps_the_focus_and_what_was_begun(
    sit_down, open_house: OpenHouse
):
    order = open_house.order(Status.OUT_FOR_DELIVERY, minutes_ago=120)
    keyboard = sit_down("driver", open_house.path("deliveries"))
    page = keyboard.page
    keyboard.skip()
    keyboard.go_to("link", order.number, within=150)
    keyboard.go_to("summary", "3 articles", within=4)
    keyboard.press("Enter")
    keyboard.go_to("radio", "Espèces", within=2)
    keyboard.press("ArrowRight")
    ticket = page.get_by_role("article", name=f"Commande {order.number}")
    ticket.get_by_label("Somme reçue").fill("50")
    before = keyboard.where()
    came = open_house.order(Status.READY, minutes_ago=90)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("link", name=came.number)).to_be_visible()
    assert keyboard.where() == before
    expect(ticket.get_by_label("Carte")).to_be_checked()
    expect(ticket.get_by_label("Somme reçue")).to_have_value("50")
    expect(ticket.get_by_text("À rendre :")).to_be_visible()
    expect(ticket.locator("details")).to_have_attribute("open", "")
