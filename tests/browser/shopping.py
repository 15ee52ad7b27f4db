"""A customer's way to the last step of the checkout, for tests that begin there."""

import re

from playwright.sync_api import Page, expect

PHONE = {"width": 360, "height": 740}


def fits(page: Page) -> None:
    """Nobody has to scroll sideways."""
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= page.viewport_size["width"], page.url


def go_to_checkout(page: Page) -> None:
    """Two Reginas, and everything of the checkout but the means of payment."""
    page.goto("/pizzeria/paris-republique")
    page.get_by_role("button", name=re.compile("Ajouter Regina, Classique")).click()
    page.get_by_role("link", name="Voir le panier, 1 article").click()
    page.get_by_role("button", name="Un Regina de plus").click()
    expect(page.locator(".quantity-value")).to_have_text(re.compile("2$"))
    page.get_by_role("link", name=re.compile("Commander")).click()
    page.get_by_label("Votre nom").fill("Stanley Morel")
    page.get_by_label("Téléphone").fill("06 39 98 12 34")
    page.get_by_label("Numéro et rue").fill("12 rue des Lilas")
    page.get_by_label("Code postal").fill("75011")
    page.get_by_label("Ville").fill("Paris")
