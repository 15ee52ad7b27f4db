"""The menu, a product and the basket with JavaScript: what follows, is told, and comes back."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser.audit import PHONE
from browser.open_house import OpenHouse

pytestmark = pytest.mark.browser
SHOP = "/pizzeria/paris-republique"


@pytest.fixture
def visitor(chromium: Browser, open_house: OpenHouse):
    """A visitor's page on a phone that must log no error and break no policy."""
    options = {"viewport": PHONE, "reduced_motion": "reduce"}
    context = open_house.new_visit(chromium, "visitor", **options)
    complaints = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    yield page
    context.close()
    assert complaints == []


def in_sight(page: Page, css: str) -> bool:
    return page.evaluate(
        """css => { const box = document.querySelector(css).getBoundingClientRect();
        return box.top >= 0 && box.bottom <= innerHeight && box.width > 0; }""",
        css,
    )


def add_regina(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Ajouter Regina, Classique")).click()
    expect(page.get_by_role("link", name="Voir le panier, 1 article")).to_be_visible()


def test_the_product_page_follows_what_is_chosen(visitor: Page):
    visitor.goto(f"{SHOP}/regina")
    button = visitor.get_by_role("button", name=re.compile("^Ajouter"))
    expect(button).to_have_text(re.compile("12,00"))
    before = visitor.locator("#dessin img").get_attribute("src")
    visitor.get_by_label("Familiale").check()
    expect(button).to_have_text(re.compile("18,00"))
    visitor.get_by_role("group", name="Mozzarella").get_by_label("sans").check()
    expect(visitor.locator("#allergenes")).not_to_contain_text("Lait")
    image = visitor.locator("#dessin img")
    expect(image).to_have_attribute("alt", re.compile("sans mozzarella$"))
    assert image.get_attribute("src") != before
    visitor.get_by_label("Quantité").fill("2")
    visitor.get_by_label("Quantité").blur()
    expect(button).to_have_text(re.compile("36,00"))
    expect(visitor.locator("#annonce")).to_contain_text("36,00")
    assert visitor.get_by_role("button", name="Recalculer").count() == 0
    for place in (0, 600, 1200):
        visitor.evaluate(f"scrollTo(0, {place})")
        assert in_sight(visitor, ".add-bar .button-primary")
    button.click()
    visitor.goto("/panier")
    expect(visitor.locator(".basket-line")).to_contain_text("sans mozzarella")


def test_quantities_are_told_and_what_is_removed_comes_back(visitor: Page):
    visitor.goto(SHOP)
    add_regina(visitor)
    visitor.goto("/panier")
    more = visitor.get_by_role("button", name="Un Regina de plus")
    more.focus()
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#annonce")).to_have_text(re.compile("Quantité.: 2, total 26,50"))
    expect(visitor.locator("#panier-compte")).to_contain_text("2")
    expect(more).to_be_focused()
    visitor.get_by_role("button", name="Retirer Regina").click()
    expect(visitor.get_by_role("heading", name="Votre panier est vide")).to_be_visible()
    undo = visitor.get_by_role("button", name="Annuler, remettre Regina")
    expect(undo).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(visitor.locator(".quantity-value")).to_contain_text("2")
    expect(visitor.locator("#panier-compte")).to_contain_text("2")


def test_who_goes_on_before_the_basket_has_answered_finds_what_they_asked_for(visitor: Page):
    visitor.goto(SHOP)
    add_regina(visitor)
    visitor.goto("/panier")
    held = []
    visitor.route("**/panier/**", lambda route: held.append(route))
    with visitor.expect_request("**/panier/**"):
        visitor.get_by_role("button", name="Un Regina de plus").click()
    visitor.get_by_role("link", name=re.compile("Commander")).click()
    held[0].continue_()
    expect(visitor.get_by_role("heading", name="Votre commande")).to_be_visible()
    expect(visitor.get_by_text("2 × Regina")).to_be_visible()


def test_two_lines_that_change_at_once_both_show_it(visitor: Page):
    visitor.goto(SHOP)
    add_regina(visitor)
    tap(visitor, "Margherita")
    expect(visitor.get_by_role("link", name="Voir le panier, 2 articles")).to_be_visible()
    visitor.goto("/panier")
    held: list[Route] = []
    visitor.route("**/panier/**", lambda route: held.append(route))
    for name in ("Regina", "Margherita"):
        with visitor.expect_request("**/panier/**"):
            visitor.get_by_role("button", name=f"Un {name} de plus").click()
    for route in list(held):
        with visitor.expect_response("**/panier/**"):
            route.continue_()
    expect(visitor.locator(".quantity-value")).to_have_text([re.compile("2$")] * 2)
    visitor.get_by_role("link", name="Commander · 46,50 €").click()
    expect(visitor.get_by_role("heading", name="Votre commande")).to_be_visible()


def tap(page: Page, *products: str) -> None:
    for product in products:
        page.get_by_role("button", name=re.compile(f"Ajouter {product}, Classique")).click()


def tap_before_an_answer(page: Page, *products: str) -> list[Route]:
    """Tap these on a menu whose basket is not empty; gives what the first tap has asked for."""
    page.goto(SHOP)
    add_regina(page)
    held: list[Route] = []
    page.route("**/ajouter", lambda route: held.append(route), times=1)
    with page.expect_request("**/ajouter"):
        tap(page, products[0])
    tap(page, *products[1:])
    return held


def test_each_of_several_quick_taps_puts_its_pizza_in(visitor: Page):
    held = tap_before_an_answer(visitor, "Margherita", "Napolitaine", "Regina", "Margherita")
    visitor.get_by_role("link", name="Commander").click()
    expect(visitor.get_by_role("link", name="Commander")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    expect(visitor.get_by_role("heading", name="Votre commande")).to_be_visible()
    lines = visitor.locator(".recap-lines li")
    expect(lines).to_contain_text(["2 × Regina", "2 × Margherita", "1 × Napolitaine"])


def test_who_goes_on_stays_where_it_is_said_what_there_is_no_more_of(visitor: Page):
    held = tap_before_an_answer(visitor, "Margherita")
    visitor.get_by_role("link", name="Commander").click()
    words = "Margherita est indisponible aujourd’hui."
    answer = held[0].fetch()
    toast = f'<p class="toast toast-error">{words}</p>'
    told = re.sub('<p class="toast.*?</p>', toast, answer.text())
    held[0].fulfill(response=answer, body=told)
    expect(visitor.locator("#toast")).to_have_text(words)
    expect(visitor).to_have_url(re.compile(f"{SHOP}$"))
    visitor.get_by_role("link", name="Commander").click()
    expect(visitor.get_by_role("heading", name="Votre commande")).to_be_visible()


def test_who_goes_on_is_asked_first_whether_another_restaurant_s_basket_may_go(visitor: Page):
    visitor.goto(SHOP)
    add_regina(visitor)
    visitor.goto("/pizzeria/paris-montparnasse")
    held: list[Route] = []
    visitor.route("**/ajouter", lambda route: held.append(route))
    with visitor.expect_request("**/ajouter"):
        tap(visitor, "Regina")
    visitor.get_by_role("link", name="Voir le panier").click()
    held[0].continue_()
    expect(visitor.get_by_role("heading", name="Un autre restaurant ?")).to_be_visible()
    expect(visitor).to_have_url(re.compile("montparnasse$"))


def test_a_message_is_read_then_gets_out_of_the_way(visitor: Page):
    visitor.clock.install()
    visitor.goto(SHOP)
    for name in ("Regina", "Margherita"):
        visitor.get_by_role("button", name=f"Ajouter {name}, Classique").click()
        expect(visitor.locator("#toast")).to_contain_text(name)
        visitor.clock.run_for(4000)
        expect(visitor.locator("#toast")).to_contain_text(name)
    visitor.clock.run_for(2000)
    expect(visitor.locator("#toast")).to_be_empty()


def test_the_back_button_shows_the_basket_of_today(visitor: Page):
    visitor.goto(SHOP)
    add_regina(visitor)
    visitor.get_by_role("link", name="Voir le panier, 1 article").click()
    visitor.get_by_role("button", name="Un Regina de plus").click()
    expect(visitor.locator("#annonce")).to_contain_text("Quantité")
    visitor.go_back()
    expect(visitor.get_by_role("link", name="Voir le panier, 2 articles")).to_be_visible()
    expect(visitor.locator("#panier-compte")).to_contain_text("2")
    # The same where the browser kept the page alive.
    page = visitor.context.new_page()
    page.goto("/panier")
    page.get_by_role("button", name="Un Regina de plus").click()
    expect(page.locator("#annonce")).to_have_text(re.compile("Quantité.: 3"))
    shown = "new PageTransitionEvent('pageshow', { persisted: true })"
    visitor.evaluate(f"dispatchEvent({shown})")
    expect(visitor.get_by_role("link", name="Voir le panier, 3 articles")).to_be_visible()
    visitor.goto("/panier")
    page.get_by_role("button", name="Retirer Regina").click()
    expect(page.get_by_role("heading", name="Votre panier est vide")).to_be_visible()
    visitor.evaluate(f"dispatchEvent({shown})")
    expect(visitor.get_by_role("heading", name="Votre panier est vide")).to_be_visible()


def test_a_menu_that_one_comes_back_to_promises_by_the_clock_of_now(visitor: Page):
    visitor.clock.install()
    visitor.goto(SHOP)
    promise = visitor.locator("#ouverture")
    expect(promise).to_contain_text("Chez vous vers")
    answer = visitor.request.get(SHOP)
    later = re.sub("Chez vous vers [^·]*", "Chez vous vers midi ", answer.text())
    visitor.route(f"**{SHOP}", lambda route: route.fulfill(response=answer, body=later))
    visitor.clock.run_for(61_000)
    visitor.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(promise).to_contain_text("Chez vous vers midi")
    visitor.unroute_all()
    visitor.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(promise).not_to_contain_text("midi")


def test_the_header_is_one_line_and_the_menu_marks_the_shelf(visitor: Page):
    visitor.goto(SHOP)
    add_regina(visitor)
    tops = visitor.evaluate(
        "[...document.querySelectorAll('.site-header a')].map((a) => a.getBoundingClientRect())"
        ".map((box) => Math.round(box.top + box.height / 2))"
    )
    assert max(tops) - min(tops) <= 2
    shelves = visitor.get_by_role("navigation", name="Rayons")
    expect(shelves.locator("[aria-current]")).to_have_text("Pizzas")
    shelves.get_by_role("link", name="Desserts").click()
    expect(shelves.locator("[aria-current]")).to_have_text("Desserts")
    eager = visitor.locator(".product-picture img:not([loading])")
    assert 1 <= eager.count() <= 3
