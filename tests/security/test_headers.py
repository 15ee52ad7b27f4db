"""Security headers of every answer, and pages that need nothing which they forbid."""

import re

import pytest

from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.pictures import ART_VERSION
from ocpizza.routes import ROUTES
from views.pages import soup
from views.website import BASKET, CHECKOUT, HERE, SAME_ORIGIN, SHOP

WORK = f"/equipe/{HERE}"
PICTURE = f"/dessin/{ART_VERSION}/pizza/mozzarella.svg"
OF_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
STAFF_PAGES = [
    "/equipe",
    *(f"{WORK}/{page}" for page in ("cuisine", "livraisons", "comptoir", "recettes", "stock")),
    f"{WORK}/recettes/regina",
    f"{WORK}/pizzas-realisables",
]


def static_path(browser) -> str:
    return soup(browser.get("/")).select_one("link[rel=stylesheet]")["href"]


@pytest.mark.parametrize("path", ["/", SHOP, "/nulle-part", "/equipe", "static", PICTURE])
def test_every_answer_has_security_headers(browser, path):
    path = static_path(browser) if path == "static" else path
    headers = browser.get(path, expect_errors=True).headers
    assert {name: headers.get(name) for name in OF_ALL} == OF_ALL
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    if path != PICTURE:
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", SHOP, BASKET, "/nulle-part"])
def test_pages_are_kept_by_nobody_else(browser, path):
    answer = browser.get(path, expect_errors=True)
    assert answer.cache_control.private is not False
    assert "Cookie" in answer.headers["Vary"]


SECRET_ROUTES = [
    name
    for name, pattern, _factory in ROUTES
    if "{token" in pattern or pattern.startswith(("/suivi", "/compte", "/equipe"))
]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("route", SECRET_ROUTES)
def test_nobody_keeps_what_a_secret_address_shows(website, browser, route, known):
    order = website.order(Status.READY)
    parts = {"token": order.tracking_token if known else "t" * 43, "code": HERE}
    parts |= {"number": order.number, "provider": "google", "product": "regina", "promotion": "1"}
    parts |= {"colleague": "1", "ingredient": "1", "line": "1", "company": "1"}
    parts["report"] = "1"
    path = website.application.routes_mapper.get_route(route).generate(parts)
    for visitor in (browser, website.staff("manager")):
        for method in ("GET", "POST"):
            answer = visitor.request(path, method=method, expect_errors=True)
            (said,) = answer.headers.getall("Cache-Control")
            assert "no-store" in said, (path, method)


def test_an_unchanged_order_is_kept_by_nobody_either(website, browser):
    path = f"/suivi/{website.order(Status.READY).tracking_token}/etat"
    again = browser.get(path, headers={"If-None-Match": browser.get(path).headers["ETag"]})
    assert again.status_int == 304
    assert again.headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_a_year_under_an_address_of_their_version(browser):
    path = static_path(browser)
    assert re.fullmatch(r"/static/[0-9a-f]{12}/app\.css", path)
    answer = browser.get(path)
    assert answer.content_type == "text/css"
    assert answer.cache_control.max_age == 365 * 24 * 3600
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/../settings.py", "/static/%2e%2e/%2e%2e/settings.py", "/static/app.css"]
)
def test_nothing_but_static_files_is_served_as_such(browser, path):
    prefix = static_path(browser).removesuffix("/app.css")
    browser.get(path, status=404)
    browser.get(path.replace("/static", prefix, 1) + "x", status=404)


def shop_pages(website, browser):
    for path in ("/", "/?code_postal=75011", SHOP, f"{SHOP}/regina", BASKET, "/connexion"):
        yield browser.get(path)
    yield browser.get("/suivi")
    yield browser.get("/conditions-generales")
    yield browser.get("/nulle-part", status=404)
    browser.add(without=[website.pizzeria.ingredients["mozzarella"].id])
    yield browser.get(SHOP)
    yield browser.get(BASKET)
    yield browser.add(shop="/pizzeria/city-002")
    yield browser.get(CHECKOUT)
    yield browser.give_details(phone="", contact_name="")
    browser.give_details()
    yield browser.get(CHECKOUT)
    tracking = browser.order()
    yield tracking
    yield browser.get(f"{tracking.request.path}/etat")


def staff_pages(website):
    website.order()
    website.order(Status.READY)
    order = website.order(Status.READY, mode=Mode.TAKEAWAY)
    manager = website.staff("direction")
    for path in (*STAFF_PAGES, f"{WORK}/commandes/{order.number}", f"{WORK}/cuisine/etat"):
        yield manager.get(path)


def test_no_page_of_the_shop_needs_anything_inline(website, browser):
    for page in shop_pages(website, browser):
        assert inline(page) == [], page.request.url


def test_no_page_of_the_staff_needs_anything_inline(website):
    for page in staff_pages(website):
        assert inline(page) == [], page.request.url


# Scripts that are none.
DATA = ("application/ld+json", "application/json")


def inline(page) -> list[str]:
    """What a strict content security policy would refuse on this page."""
    found = []
    for tag in soup(page).find_all(True):
        runs = tag.name == "script" and tag.get("type") not in DATA
        if tag.name == "style" or (runs and not tag.get("src")):
            found.append(str(tag))
        for name, value in tag.attrs.items():
            link = str(value).strip().lower()
            outside = name in ("src", "action") and not link.startswith("/")
            if (
                name == "style"
                or name.startswith(("on", "hx-on"))
                or "javascript:" in link
                or outside
            ):
                found.append(f"{tag.name} {name}={value}")
    return found


def test_a_page_over_another_host_name_links_only_to_paths(website):
    visitor = website.browser(HTTP_HOST="evil.example", **SAME_ORIGIN)
    assert "evil.example" not in visitor.get(SHOP).text
