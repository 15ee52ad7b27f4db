"""What search engines, browsers and telephones are told: all of the shop, nothing of anybody."""

import json
import re

import pytest
from sqlalchemy import select

from factories import make_branch
from ocpizza.models.price import HiddenProduct
from ocpizza.models.product import Product
from ocpizza.models.restaurant import Restaurant
from ocpizza.views.machine.discovery import PUBLIC
from security.test_roles import PAGES, path_of
from views.pages import soup, words
from views.website import SHOP

URL = "http://127.0.0.1:6543"


def test_every_page_is_either_public_or_asks_not_to_be_listed(website):
    order, listed = website.order(), set()
    browser = website.staff("direction")
    for route, method in PAGES:
        if method == "GET" and route not in ("sign_out",):
            answer = browser.get(path_of(website, route, order), expect_errors=True)
            if answer.headers.get("X-Robots-Tag") != "noindex":
                listed.add(route)
    assert listed == PUBLIC


def test_the_sitemap_holds_public_pages_only_and_all_of_them_are_there(website, browser):
    locations = re.findall("<loc>([^<]*)</loc>", browser.get("/sitemap.xml").text)
    assert len(locations) == len(set(locations))
    assert all(each.startswith(f"{URL}/") for each in locations)
    paths = [each.removeprefix(URL) for each in locations]
    assert {"/", SHOP, f"{SHOP}/regina", f"{SHOP}/allergenes", "/mentions-legales"} <= set(paths)
    for path in paths:
        page = browser.get(path, status=200)
        assert "X-Robots-Tag" not in page.headers
        assert soup(page).select_one("link[rel=canonical]")["href"] == URL + path
        assert len(soup(page).select_one("meta[name=description]")["content"]) > 10
        for name in ("title", "description", "url", "image"):
            assert soup(page).select_one(f"meta[property='og:{name}']")["content"]


def test_the_sitemap_names_what_a_restaurant_sells_and_nothing_that_it_hides(website, browser):
    hidden = website.pizzeria.products["regina"].id
    with website.session() as session:
        session.add(HiddenProduct(restaurant_id=website.pizzeria.restaurant.id, product_id=hidden))
    locations = re.findall("<loc>([^<]*)</loc>", browser.get("/sitemap.xml").text)
    assert f"{URL}{SHOP}/margherita" in locations
    assert f"{URL}{SHOP}/regina" not in locations
    elsewhere = SHOP.replace("001", "002")
    assert f"{URL}{elsewhere}/regina" in locations


def test_the_sitemap_asks_as_much_of_many_restaurants_as_of_few(website, browser):
    browser.get("/sitemap.xml")
    with website.counted() as few:
        browser.get("/sitemap.xml")
    with website.session() as session:
        for number in range(3, 9):
            make_branch(session, website.pizzeria, code=f"city_00{number}")
    browser.get("/")
    with website.counted() as many:
        browser.get("/sitemap.xml")
    assert len(many) == len(few)


def test_robots_are_led_to_the_sitemap_and_told_no_secret(website, browser):
    text = browser.get("/robots.txt").text
    assert f"Sitemap: {URL}/sitemap.xml" in text
    assert "/suivi" not in text
    assert "/pizzeria" not in text


def test_the_manifest_and_every_icon_are_there(browser):
    page = soup(browser.get("/"))
    manifest = json.loads(browser.get(page.select_one("link[rel=manifest]")["href"]).text)
    for icon in manifest["icons"]:
        answer = browser.get(icon["src"])
        assert answer.content_type == icon["type"]
    browser.get(manifest["start_url"], status=200)
    touch = browser.get(page.select_one("link[rel=apple-touch-icon]")["href"])
    assert touch.body.startswith(b"\x89PNG")
    assert browser.get("/favicon.ico").body.startswith(b"\0\0\1\0")
    share = page.select_one("meta[property='og:image']")["content"]
    assert browser.get(share.removeprefix(URL)).body.startswith(b"\xff\xd8")


def test_the_menu_says_restaurant_and_prices_as_schema_org_does(browser):
    data = json.loads(
        soup(browser.get(SHOP)).select_one("script[type='application/ld+json']").string
    )
    assert (data["@type"], data["name"]) == ("Restaurant", "OC Pizza République")
    assert data["address"]["postalCode"] == "75011"
    assert len(data["openingHoursSpecification"]) == 7
    sections = data["hasMenu"]["hasMenuSection"]
    assert [section["name"] for section in sections] == ["Pizzas", "Boissons"]
    regina = next(one for one in sections[0]["hasMenuItem"] if one["name"] == "Regina")
    assert [offer["price"] for offer in regina["offers"]] == ["9.00", "11.50", "17.50"]


def test_the_menu_says_sizes_in_the_language_of_the_page(website, browser):
    page = soup(browser.get(SHOP, headers={"Accept-Language": "en"}))
    data = json.loads(page.select_one("script[type='application/ld+json']").string)
    sections = data["hasMenu"]["hasMenuSection"]
    names = {
        offer["name"]
        for section in sections
        for one in section["hasMenuItem"]
        for offer in one["offers"]
    }
    shown = {words(size.get_text()) for size in page.select(".size > span")}
    assert {words(name) for name in names} == shown


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "<!--<script>", "a\u2028&b"]
)
def test_nothing_that_the_shop_wrote_ends_the_script(website, browser, name):
    with website.session() as session:
        session.scalars(select(Restaurant).where(Restaurant.code == "city_001")).one().name = name
        session.scalars(select(Product).where(Product.slug == "regina")).one().name = name
    text = browser.get(SHOP).text
    (content,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert not set("<>&\u2028") & set(content)
    assert json.loads(content)["name"] == name
