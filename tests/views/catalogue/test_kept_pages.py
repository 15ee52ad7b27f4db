"""Whole pages kept in the process: the next visitor gets the same one as long as it is true."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pyramid.events import BeforeTraversal
from structlog.testing import capture_logs
from webob import Request

from ocpizza.db import make_engine, read_only
from ocpizza.kept_pages import MAX_PAGES
from ocpizza.models.product import ProductSize
from ocpizza.services.catalogue import restaurants
from ocpizza.views.catalogue import menu
from views.catalogue.test_menu import leave, says
from views.pages import words
from views.website import SHOP

BOTH = pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
PAGES = pytest.mark.parametrize("path", ["/", SHOP])
EVENING = datetime(2026, 11, 24, 18, 30, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(EVENING, tick=False) as clock:
        yield clock


@pytest.fixture
def made(website):
    """The paths of the pages that were made, and not found."""
    paths: list[str] = []

    def note(event: BeforeTraversal) -> None:
        paths.append(event.request.path)

    registry = website.application.registry
    registry.registerHandler(note, (BeforeTraversal,))
    yield paths
    registry.unregisterHandler(note, (BeforeTraversal,))


def ask(website, path: str, **environ: str):
    """The answer to a stranger who asks with this in the environment of their request."""
    request = Request.blank(path)
    request.environ.update(environ)
    return request.get_response(website.application)


@BOTH
@PAGES
def test_what_is_asked_twice_is_made_once_and_is_the_same(website, made, path):
    first, second = (website.browser().get(path) for _ in range(2))
    assert made == [path]
    assert first.body == second.body
    assert first.headerlist == second.headerlist


@PAGES
@pytest.mark.parametrize(
    "other",
    [
        {"HTTP_ACCEPT_LANGUAGE": "en"},
        {"HTTP_HOST": "127.0.0.1"},
        {"wsgi.url_scheme": "https"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
        {"SCRIPT_NAME": "/pizza"},
        {"QUERY_STRING": "filtre=spicy"},
    ],
    ids=str,
)
def test_whoever_asks_for_another_page_gets_another(website, made, path, other):
    first, second, third = (ask(website, path, **more) for more in ({}, other, {}))
    assert len(made) == 2
    assert first.body == third.body
    unlike = {"HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING", "SCRIPT_NAME"} & set(other)
    assert (first.body != second.body) >= bool(unlike)


@PAGES
@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_COOKIE": "langue=fr"},
        {"HTTP_COOKIE": "somebody=else"},
        {"HTTP_AUTHORIZATION": "Basic eDp5"},
    ],
    ids=str,
)
def test_whoever_brings_anything_gets_a_page_of_their_own(website, made, path, more):
    for brought in ({}, more, {}, more):
        ask(website, path, **brought)
    assert len(made) == 3


@PAGES
def test_what_cannot_be_read_is_refused_as_ever(website, path):
    assert ask(website, path).status_int == 200
    assert ask(website, path, CONTENT_TYPE="text/html; charset=latin1").status_int == 400


def test_a_basket_is_shown_to_its_visitor_alone(website, made):
    strangers = website.browser().get(SHOP)
    browser = website.browser()
    browser.add()
    assert "Panier 1" in words(browser.get(SHOP))
    made.clear()
    assert website.browser().get(SHOP).body == strangers.body
    assert made == []


@BOTH
def test_what_is_sold_out_since_is_shown_so_at_once_and_what_is_back_too(website):
    for left, sold_out in ((10_000, False), (0, True), (10_000, False)):
        leave(website, "jambon", left)
        assert ("Indisponible" in says(website.browser().get(SHOP), "regina")) is sold_out


def test_how_many_are_left_is_what_is_left_now(website, made):
    for left in (240, 239, 160, 10_000):
        leave(website, "jambon", left)
        kept, again = (website.browser().get(SHOP) for _ in range(2))
        website.application.registry["kept_pages"].__init__()
        assert kept.body == again.body == website.browser().get(SHOP).body


def test_what_is_sold_of_plenty_changes_nothing(website, made):
    for left in (900_000, 890_000):
        leave(website, "jambon", left)
        website.browser().get(SHOP)
    assert made == [SHOP]


@BOTH
@PAGES
def test_a_change_of_the_catalogue_is_seen_at_once(website, path):
    website.browser().get(path)
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).name = "OC Pizza du Temple"
        for size in session.query(ProductSize):
            size.price_cents = 12_345
    page = words(website.browser().get(path))
    assert "OC Pizza du Temple" in page
    assert ("123,45" in page) is (path == SHOP)


@PAGES
def test_a_restaurant_that_goes_is_gone(website, path):
    website.browser().get(path)
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).active = False
    answer = website.browser().get(path, expect_errors=True)
    assert answer.status_int == (404 if path == SHOP else 200)
    assert "OC Pizza République" not in words(answer)


@PAGES
def test_hours_and_promises_are_those_of_the_minute(website, made, clock, path):
    with website.session() as session:
        restaurant = session.merge(website.pizzeria.restaurant)
        restaurant.paused_until = EVENING + timedelta(seconds=20)
        restaurant.pause_note = "Four en panne"
    paused = "Pas de commande en ligne"
    for seconds, times in ((0, 1), (19, 1), (20, 2), (49, 2), (50, 3)):
        clock.move_to(EVENING + timedelta(seconds=seconds))
        assert (paused in words(website.browser().get(path))) is (times == 1)
        assert len(made) == times
    clock.move_to(EVENING)
    assert paused in words(website.browser().get(path))


@PAGES
def test_a_page_that_was_kept_is_counted_as_any_other(website, path):
    for _ in range(3):
        website.browser().get(path)
    counted = website.application.registry["figures"].requests
    route = "menu" if path == SHOP else "home"
    assert counted.labels(route, "read", 200)._value.get() == 3


@PAGES
def test_nothing_is_shown_while_the_database_is_down(website, tmp_path, path):
    website.browser().get(path)
    registry = website.application.registry
    before = registry["engines"]
    engine = make_engine(f"sqlite:///{tmp_path}/nowhere/at/all.sqlite")
    registry["engines"] = {"write": engine, "read": read_only(engine)}
    with capture_logs():
        website.browser().get(path, status=503)
    registry["engines"] = before
    website.browser().get(path, status=200)


@PAGES
def test_what_fails_while_a_page_is_looked_at_is_told_as_ever(website, monkeypatch, path):
    website.browser().get(path)

    def read(*_):
        raise LookupError("a kind that nobody foresaw")

    monkeypatch.setattr(restaurants, "cached", read)
    with capture_logs() as logs:
        page = website.browser().get(path, status=500)
    (crash,) = [line for line in logs if line["event"] == "crash"]
    assert crash["error_id"] in words(page)


def test_a_page_with_a_cookie_in_it_is_not_kept(website, made, monkeypatch):
    basket_bar = menu.basket_bar

    def with_a_session(request, *rest):
        request.session["anything"] = "of somebody's"
        return basket_bar(request, *rest)

    monkeypatch.setattr(menu, "basket_bar", with_a_session)
    for _ in range(2):
        website.browser().get(SHOP)
    assert len(made) == 2


def test_nobody_fills_the_memory_with_addresses_that_they_invent(website, made):
    website.browser().get(SHOP)
    for number in range(MAX_PAGES + 5):
        website.browser().get(f"/?{number}")
        website.browser().get(SHOP, headers={"Host": f"10.0.0.{number}"})
    assert len(website.application.registry["kept_pages"]) <= MAX_PAGES
    made.clear()
    website.browser().get(SHOP)
    assert made == [SHOP]
