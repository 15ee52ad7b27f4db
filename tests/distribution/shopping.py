"""What a visitor and a manager do on the demo chain of an installed shop."""

import webtest

from views.pages import soup, words
from views.website import Browser
from views.website import sign_in as send_sign_in

SHOP = "/pizzeria/paris-republique"  # open round the clock


def order_a_pizza(browser: Browser) -> webtest.TestResponse:
    """Order a Margherita; gives its tracking page."""
    browser.add("margherita", SHOP)
    return browser.order(mode="takeaway")


def heading(page: webtest.TestResponse) -> str:
    """What a page is about, such as an order and its number."""
    return words(str(soup(page).h1))


def sign_in(browser: Browser, identifier: str, password: str) -> webtest.TestResponse:
    """Send the sign-in form; the answer is not followed."""
    return send_sign_in(browser, identifier, password)
