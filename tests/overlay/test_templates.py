"""Templates: a restaurant's, then the common one, then ours, through every way to name one."""

from itertools import compress, product
from pathlib import Path

import pytest
from jinja2 import Environment
from pyramid.testing import DummyRequest
from structlog.testing import capture_logs

from ocpizza.overlay import OverlayError
from ocpizza.overlay.load import Overlay
from ocpizza.overlay.references import check_references

MENUS = ("/pizzeria/city-001", "/pizzeria/city-002")
BANNER = """{%% extends 'layout.jinja2' %%}
{%% block announcement %%}<p>%s</p>{{ super() }}{%% endblock %%}"""
NAMING = "{%% extends 'own/%s.html' %%}"


@pytest.fixture
def base(application) -> Environment:
    """Our own templates, as every application of this run has them."""
    return application[0].registry["overlay"].templates.base


def over(release: Path, base: Environment) -> Overlay:
    """What is in the release, over ours."""
    overlay = Overlay(release, strict=True)
    overlay.compile_templates(base)
    return overlay


def name_of(way: tuple[bool, ...]) -> str:
    return "_and_".join(compress(("city_001", "city_002", "common"), way)) or "nobody"


def test_a_restaurants_template_is_its_own_alone(shop, put):
    put("city_001/templates/catalogue/menu.html", "<p>la carte d’ici</p>")
    browser = shop().browser()
    assert [("la carte d’ici" in browser.get(menu)) for menu in MENUS] == [True, False]
    assert "la carte d’ici" not in browser.get("/")


def test_the_nearest_one_counts(release, put, base):
    """Every way in which three places may have a template, asked for every place."""
    ways = list(product([False, True], repeat=3))
    for way in ways:
        for place in compress(("city_001", "city_002", "common"), way):
            put(f"{place}/templates/own/{name_of(way)}.html", f"{place} {{{{ 1|euros }}}}")
            put(f"{place}/templates/naming/{name_of(way)}.html", NAMING % name_of(way))
    templates = over(release, base).templates
    request = DummyRequest(locale_name="fr")
    for way in ways:
        for places in (("city_001", "common"), ("city_002", "common"), ("common",), ()):
            there = [place for place in places if f"{place}_" in f"{name_of(way)}_"]
            for suffix, folder in product((".html", ".jinja2"), ("own", "naming")):
                name = f"{folder}/{name_of(way)}{suffix}"
                assert templates.has(places, name) is bool(there)
                if there:
                    written = templates.template(places, name).render(request=request)
                    assert written == f"{there[0]} 0,01\xa0€", (name, places)


def test_a_layout_holds_for_all_pages_of_its_restaurant(shop, put):
    put("city_001/templates/layout.html", BANNER % "fermé lundi")
    browser = shop().browser()
    for path in ("", "/allergenes", "/margherita"):
        assert "fermé lundi" in browser.get(MENUS[0] + path)
        assert "fermé lundi" not in browser.get(MENUS[1] + path)
    for path in ("/", "/connexion", "/allergenes"):
        assert "fermé lundi" not in browser.get(path)


def test_layouts_lie_over_each_other(shop, put):
    put("city_001/templates/layout.html", BANNER % "d’ici")
    put("common/templates/layout.html", BANNER % "de tous")
    browser = shop().browser()
    page = browser.get(MENUS[0]).text
    assert page.index("d’ici") < page.index("de tous") < page.index("<h1")
    assert "d’ici" not in browser.get(MENUS[1])
    for path in (MENUS[1], "/", "/connexion"):
        assert "de tous" in browser.get(path)


def test_kept_cards_are_those_of_their_restaurant(shop, put):
    """They are rendered once: by whichever menu is asked for first."""
    put("city_001/templates/catalogue/card.html", "<li>carte d’ici</li>")
    browser = shop().browser()
    for menu in (*MENUS, *MENUS[::-1]):
        assert ("carte d’ici" in browser.get(menu)) is (menu == MENUS[0])


def test_a_page_may_add_to_the_one_beneath(shop, put):
    put(
        "city_001/templates/catalogue/menu.html",
        "{% extends 'catalogue/menu.html' %}"
        "{% block content %}<p>d’ici</p>{{ super() }}{% endblock %}",
    )
    browser = shop().browser()
    page = browser.get(MENUS[0]).text
    assert page.index("d’ici") < page.index("<h1")
    assert "d’ici" not in browser.get(MENUS[1])


def test_ours_can_be_named_whatever_lies_over_it(shop, put):
    put("common/templates/layout.html", BANNER % "de tous")
    put(
        "city_001/templates/catalogue/menu.html",
        "{% extends 'ocpizza:layout.jinja2' %}{% block title %}x{% endblock %}",
    )
    page = shop().browser().get(MENUS[0])
    assert "de tous" not in page
    assert "<html" in page


def test_a_template_escapes_and_is_strict_as_ours_are(shop, put):
    put("city_001/templates/catalogue/menu.html", "{{ '<b>' }}{{ 1200|euros }}{{ _('Panier') }}")
    assert shop().browser().get(MENUS[0]).text == "&lt;b&gt;12,00\xa0€Panier"
    put("city_001/templates/catalogue/menu.html", "{{ nobody_gave_it }}")
    assert shop().browser().get(MENUS[0], status=500)


ASKED = {
    404: lambda browser: browser.get("/nowhere", status=404),
    403: lambda browser: browser.get("/equipe", status=403),
    400: lambda browser: browser.post(
        "/connexion", headers={"Sec-Fetch-Site": "cross-site"}, status=400
    ),
    405: lambda browser: browser.delete("/panier", status=405),
    500: lambda browser: browser.get("/allergenes", status=500),
}
FAILING = (
    "{{ nobody_gave_it }}",
    "{{ 1 / 0 }}",
    "{% extends name_of_nothing ~ 'x' %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
)


@pytest.mark.parametrize("content", FAILING, ids=map(str, range(len(FAILING))))
def test_an_error_page_that_fails_is_our_own(shop, put, content):
    put("common/templates/error.html", content)
    put("common/templates/catalogue/allergens_anywhere.html", "{{ 1 / 0 }}")
    website = shop(strict=False)
    for status, ask in ASKED.items():
        browser = website.staff("customer") if status == 403 else website.browser()
        with capture_logs() as said:
            page = ask(browser)
        assert f'<p class="error-code" aria-hidden="true">{status}</p>' in page
        assert [line["event"] for line in said].count(
            "error page fails, the package's own is shown"
        ) == 1


def test_no_request_reads_a_file_of_it(shop, put, release):
    put("city_001/templates/layout.html", BANNER % "fermé lundi")
    website = shop()
    release.rename(release.with_name("gone"))
    assert "fermé lundi" in website.browser().get(MENUS[0])


WRONG = {
    "{% if %}": "line 1: ",
    "\n{{ 1|nobody }}": "line 2: No filter named 'nobody'",
    "{% extends 'nothing.html' %}": "there is no template nothing.html",
    "{% include 'catalogue/carte.jinja2' %}": "there is no template catalogue/carte.jinja2",
    "{% extends 'catalogue/allergens.html' %}": "it extends itself: common:layout → ",
    b"\xe9": "UnicodeDecodeError",
    "{% for x in y %}" * 25 + "{% endfor %}" * 25: "SyntaxError: too many statically nested",
    "{{ " + "1" * 5000 + " }}": "ValueError: Exceeds the limit",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}": "RecursionError: ",
}


@pytest.mark.parametrize("content", WRONG, ids=map(str, range(len(WRONG))))
def test_a_template_that_does_not_fit_is_refused_in_one_line(release, put, base, content):
    put("common/templates/layout.html", content)
    with pytest.raises(OverlayError) as refused:
        check_references(over(release, base))
    assert str(refused.value).startswith(f"common/templates/layout.html: {WRONG[content]}")
    assert "\n" not in str(refused.value)


def test_one_that_does_not_fit_is_set_aside_alone(shop, put):
    put("city_001/templates/catalogue/menu.html", "{% if %}")
    put("city_001/templates/catalogue/allergens.html", "allergènes d’ici")
    website = shop(strict=False)
    browser = website.browser()
    assert "Margherita" in browser.get(MENUS[0])
    assert browser.get(f"{MENUS[0]}/allergenes").text == "allergènes d’ici"
    (aside,) = website.application.registry["overlay"].set_aside
    assert aside.component == "city_001/templates/catalogue/menu.html"


def test_a_page_of_an_update_is_kept_for_nobody_else(put, shop):
    put("common/templates/catalogue/home.html", "{{ request.remote_addr }}")
    served = shop()
    for address in ("192.0.2.1", "192.0.2.2"):
        assert served.browser(REMOTE_ADDR=address).get("/").text == address
