"""The menu looked through while one types finds what the server finds, and asks it nothing."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from browser.sights import Sight

pytestmark = pytest.mark.browser
# What is there to be seen: each product, and without what.
SEEN = """(page) => {
  const shown = [...page.querySelectorAll("section:not([hidden]) .product:not([hidden])")];
  const links = [...page.querySelectorAll(".shelves a:not([hidden])")].map((link) => link.hash);
  return [links, ...shown.map((card) => {
    const [way, sizes] = [card.querySelector(".leave-out a"), card.querySelector(".sizes")];
    const left = way?.getAttribute("href").split("?")[1];
    return [card.id, way?.textContent.trim(), left, sizes.hidden];
  })];
}"""
HERE = f"({SEEN})(document)"
ASKED = f"""async (address) => {{
  const page = await (await fetch(address)).text();
  return ({SEEN})(new DOMParser().parseFromString(page, "text/html"));
}}"""
TRIED = (
    {"recherche": "CHEVRE"},
    {"recherche": "champinons"},
    {"recherche": "4 fromages"},
    {"recherche": "œuf"},
    {"recherche": "coca"},
    {"recherche": "pizza au thon"},
    {"recherche": "sushi"},
    {"recherche": "jambon", "filtre": ["without_pork"]},
    {"filtre": ["vegetarian", "spicy"]},
    {"sans": ["gluten", "milk"]},
    {"recherche": "regnia", "filtre": ["vegetarian"], "sans": ["milk"]},
)


def fill(page: Page, recherche: str = "", **chosen: list[str]) -> None:
    page.evaluate("document.querySelector('.avoid').open = true")
    while page.locator("#chercher input:checked").count():
        page.locator("#chercher input:checked").first.uncheck()
    for name, values in chosen.items():
        for value in values:
            page.locator(f"#chercher input[name={name}][value={value}]").check()
    page.get_by_role("searchbox").fill(recherche)


def test_what_is_found_while_one_types_is_what_the_server_finds(look):
    page = look(Sight("menu"))
    start, everything = page.url, page.evaluate(HERE)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for fields in TRIED:
        fill(page, **fields)
        query = urlencode(fields, doseq=True)
        expect(page).to_have_url(f"{start}?{query}")
        found = page.evaluate(HERE)
        assert [each for each in asked if "/pizzeria/" in each] == []
        assert found == page.evaluate(ASKED, page.url), fields
        assert found != everything
        asked.clear()
    page.get_by_role("link", name="Tout afficher").first.click()
    expect(page.locator("#rien-trouve")).to_be_hidden()
    assert page.evaluate(HERE) == everything
    assert page.url == start


def test_a_browser_without_an_account_keeps_favourites_of_its_own(look):
    page = look(Sight("menu"))
    expect(page.get_by_label("Mes favoris")).to_be_hidden()
    page.goto(f"{page.url}/tartufo")
    page.get_by_role("button", name="Favori sur cet appareil").click()
    page.go_back()
    page.get_by_label("Mes favoris").check()
    expect(page.locator(".product:not([hidden]) h3")).to_have_text(["Tartufo"])
    # Nobody else would find it by that address.
    assert "?" not in page.url
    page.evaluate("localStorage.clear()")
