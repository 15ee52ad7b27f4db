"""Errors of pages: where, in what version and restaurant, under the mark that the page shows."""

import re

import pytest
import structlog

import ocpizza
from ocpizza import error_reports
from views.pages import words
from views.website import SHOP, Browser

VIEW = "ocpizza.views.catalogue.menu.basket_bar"


@pytest.fixture
def broken_menu(monkeypatch):
    def fail(*_):
        raise RuntimeError("the bar is broken")

    monkeypatch.setattr(VIEW, fail)


def test_a_crash_is_told_under_the_mark_that_the_customer_reads(told, browser, broken_menu):
    page = browser.get(SHOP, status=500)
    mark = re.search("donnez ce repère : ([0-9a-f]{8})", words(page))[1]
    event = told.one()
    assert event["tags"] == {"error_id": mark, "restaurant": "city_001"}
    assert event["transaction"] == "menu"
    assert event["release"] == f"ocpizza@{ocpizza.__version__}"
    assert event["environment"] == "production"
    assert event["level"] == "error"
    assert event["logentry"]["message"] == "crash"
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("RuntimeError", "the bar is broken")
    frames = error["stacktrace"]["frames"]
    ours = [frame for frame in frames if frame["filename"] == "ocpizza/views/catalogue/menu.py"]
    assert ours[0]["function"] == "menu"
    assert ours[0]["module"] == "ocpizza.views.catalogue.menu"
    assert ours[0]["in_app"]


def test_a_page_of_the_staff_names_its_restaurant(told, website, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("no board")

    monkeypatch.setattr("ocpizza.views.staff.kitchen.kitchen_cards", fail)
    website.staff("manager.city_002").get("/equipe/city_002/cuisine", status=500)
    assert told.one()["tags"]["restaurant"] == "city_002"


def test_a_page_that_fails_before_its_restaurant_is_known_tells_no_other(
    told, website, monkeypatch, broken_menu
):
    browser = website.browser()
    browser.get(SHOP, status=500)

    def fail(*_):
        raise LookupError("no shop")

    monkeypatch.setattr("ocpizza.resources.storefront_by_slug", fail)
    browser.get("/pizzeria/julia-martin", status=500)
    _, second = told.wait_for(2)
    assert "restaurant" not in second["tags"]
    assert second["transaction"] == "menu"
    assert "julia" not in repr(second)


def test_a_request_that_fails_before_its_page_is_known_tells_no_other(
    told, website, monkeypatch, broken_menu
):
    website.browser().get(SHOP, status=500)

    def fail(_request):
        raise RuntimeError("no routes")

    monkeypatch.setattr(website.application, "routes_mapper", fail)
    website.browser().get("/", status=500)
    _, second = told.wait_for(2)
    assert (second["transaction"], "restaurant" in second["tags"]) == ("ocpizza test", False)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/nulle-part", 404), ("/?code_postal=%ff", 400), ("/equipe/city_001/livraisons", 403)],
)
def test_what_a_visitor_did_wrong_is_no_error(told, website, path, status):
    website.staff("pizzaiolo").get(path, status=status)
    elsewhere = Browser(website.application, HTTP_SEC_FETCH_SITE="cross-site")
    elsewhere.post("/panier/modifier", {"vider": "1"}, status=400)
    structlog.get_logger().error("the end")
    assert [event["logentry"]["message"] for event in told.wait_for(1)] == ["the end"]


def test_a_database_that_is_down_is_told_once(told, website, monkeypatch):
    from ocpizza.db import make_engine, read_only

    engine = make_engine("sqlite:////nowhere/at/all.sqlite")
    engines = {"write": engine, "read": read_only(engine)}
    monkeypatch.setitem(website.application.registry, "engines", engines)
    for path in ("/", SHOP) * 3:
        website.browser().get(path, status=503)
    structlog.get_logger().error("the end")
    events = told.wait_for(2)
    texts = [event["logentry"]["message"] for event in events]
    assert texts == ["the database is down", "the end"]


def test_without_a_dsn_nobody_is_told(told, tell, browser, broken_menu):
    tell("")
    browser.get(SHOP, status=500)
    assert not error_reports.in_use()
    tell(told.dsn)
    structlog.get_logger().error("the end")
    assert [event["logentry"]["message"] for event in told.wait_for(1)] == ["the end"]
