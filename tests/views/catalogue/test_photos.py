"""Photos of products, as customers and search engines see them."""

import json

import pytest

from databases import counted_statements
from ocpizza.domain.photo import LARGE, SMALL, Photo
from ocpizza.photos.decode import MOST_SMALL
from uploads import photo, read, show
from views.pages import soup
from views.website import BASKET, SHOP

# Of all pictures that a phone has in sight before anybody scrolls.
FIRST_SIGHT = 4


@pytest.fixture
def made(website) -> Photo:
    """The photo that the Margherita is shown by."""
    with website.session() as session:
        return show(session, website.pizzeria.products["margherita"], photo(1600, 1200))


def image(page, where: str):
    return soup(page).select_one(f"{where} img")


def test_cards_show_the_small_square_and_keep_its_place(made, browser):
    shown = image(browser.get(SHOP), "#produit-margherita")
    assert shown["src"] == f"/photo/carte/{made.sha256[:32]}.webp"
    assert (shown["width"], shown["height"], shown["alt"]) == ("160", "160", "")
    answer = browser.get(shown["src"])
    assert read(answer.body).size == (SMALL, SMALL)
    assert len(answer.body) * FIRST_SIGHT <= MOST_SMALL * FIRST_SIGHT < 40_000


def test_the_page_of_the_product_shows_the_large_one_under_its_name(made, browser):
    page = browser.get(f"{SHOP}/margherita")
    shown = image(page, ".product-hero")
    assert shown["src"] == f"/photo/fiche/{made.sha256[:32]}.webp"
    assert (shown["alt"], shown["width"], shown["height"]) == ("Margherita", "320", "320")
    assert read(browser.get(shown["src"]).body).size == (LARGE, LARGE)
    preview = soup(page).select_one('meta[property="og:image"]')["content"]
    assert preview == f"http://127.0.0.1:6543{shown['src']}"
    other = soup(browser.get(f"{SHOP}/regina")).select_one('meta[property="og:image"]')["content"]
    assert other.endswith("/share.jpg")


def test_search_engines_are_told_the_large_one(made, browser):
    data = soup(browser.get(SHOP)).find("script", type="application/ld+json").string
    sections = json.loads(data)["hasMenu"]["hasMenuSection"]
    images = {item["name"]: item.get("image") for each in sections for item in each["hasMenuItem"]}
    assert images["Margherita"] == f"http://127.0.0.1:6543/photo/fiche/{made.sha256[:32]}.webp"
    assert images["Regina"] is None


def test_the_basket_and_past_orders_show_it_too(made, website):
    customer = website.staff("customer")
    customer.add("margherita")
    small = f"/photo/carte/{made.sha256[:32]}.webp"
    assert image(customer.get(BASKET), ".basket-line")["src"] == small
    customer.order()
    with counted_statements(website.engine) as statements:
        page = customer.get("/compte/commandes")
    assert image(page, ".past-pictures")["src"] == small
    assert not [each for each in statements if each.startswith("SELECT picture.")]


def test_a_photo_is_kept_for_ever_without_a_cookie_and_is_one_statement(made, website, browser):
    path = f"/photo/carte/{made.sha256[:32]}.webp"
    with website.counted() as statements:
        answer = browser.get(path)
    assert len(statements) == 1
    assert answer.body == made.small
    assert answer.content_type == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers
    with website.counted() as statements:
        again = browser.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_int, statements) == (304, [])
    assert "immutable" in again.headers["Cache-Control"]
    large = browser.get(path.replace("carte", "fiche"))
    assert large.headers["ETag"] != answer.headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        f"/photo/carte/{'0' * 32}.webp",
        f"/photo/carte/{'f' * 32}.webp",
        f"/photo/carte/{'0' * 31}.webp",
        f"/photo/autre/{'0' * 32}.webp",
        "/photo/carte/",
        "/photo",
    ],
)
def test_nothing_is_listed_and_nothing_else_is_there(made, browser, path):
    browser.get(path, status=404)


def test_half_a_digest_names_nothing(made, browser):
    browser.get(f"/photo/carte/{made.sha256[:16]}.webp", status=404)
    browser.get(f"/photo/carte/{made.sha256}.webp", status=404)
    browser.get(f"/photo/carte/{made.sha256[:32].upper()}.webp", status=404)
