"""What is counted while the site answers: each thing once, and no label is anybody's own."""

import ast
import re
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from pyramid_retry import RetryableException
from sqlalchemy import update

import ocpizza
from metrics.reading import names, samples
from ocpizza.models.restaurant import OpeningHours
from ocpizza.models.stock import Stock
from ocpizza.routes import ROUTES
from ocpizza.services.order import write
from ocpizza.views.machine import health
from views.website import CHECKOUT, SHOP

BOTH = pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
ORDERED = ("delivery", "on_delivery", "city_001", "web")


@pytest.fixture
def backend() -> str:
    return "sqlite"


def text_of(website) -> str:
    return generate_latest(website.application.registry["figures"].registry).decode()


def requests(website) -> dict[tuple[str, ...], float]:
    """By method, route and status."""
    return samples(text_of(website), "ocpizza_requests_total")


def orders(website) -> dict[tuple[str, ...], float]:
    """By mode, payment, restaurant and source."""
    return samples(text_of(website), "ocpizza_orders_total")


def refusals(website) -> dict[tuple[str, ...], float]:
    return samples(text_of(website), "ocpizza_orders_refused_total")


def test_a_request_is_counted_by_its_route_whatever_its_address(website, browser):
    browser.get("/suivi/" + "s" * 43, status=404)
    browser.get("/suivi/" + "t" * 43, status=404)
    browser.head("/health/live", status=200)
    browser.post(SHOP, status=405)
    assert requests(website) == {
        ("read", "tracking", "404"): 2,
        ("read", "health_live", "200"): 1,
        ("write", "menu", "405"): 1,
    }
    took = samples(text_of(website), "ocpizza_request_seconds_count")
    assert took == {("tracking",): 2, ("health_live",): 1, ("menu",): 1}


def test_addresses_that_nobody_has_are_one_figure_however_many_they_are(website, browser):
    for number in range(5):
        browser.get(f"/wp-login-{number}.php", status=404)
        browser.request(f"/{number}", method="BREW", status=404)
    assert requests(website) == {("read", "(none)", "404"): 5, ("other", "(none)", "404"): 5}


def test_a_request_that_is_tried_again_is_one(website, browser, monkeypatch):
    tries = []

    def once_more(_registry):
        tries.append(1)
        if len(tries) < 3:
            raise RetryableException

    monkeypatch.setattr(health, "unready", once_more)
    browser.get("/health/ready", status=200)
    assert len(tries) == 3
    assert requests(website) == {("read", "health_ready", "200"): 1}


def test_a_crash_is_counted_as_what_the_visitor_saw(website, browser, monkeypatch):
    def crash(_registry):
        raise ZeroDivisionError

    monkeypatch.setattr(health, "unready", crash)
    browser.get("/health/ready", status=500)
    assert requests(website) == {("read", "health_ready", "500"): 1}


@BOTH
def test_an_order_is_counted_once_when_it_is_there(website, browser):
    browser.add()
    browser.give_details()
    assert orders(website) == {}
    form = browser.payment_form()
    form.submit(status=303)
    assert orders(website) == {ORDERED: 1}
    # The same form once more is the same order.
    form.submit(status=303)
    assert orders(website) == {ORDERED: 1}


@BOTH
def test_an_order_whose_number_another_has_is_counted_once(website, browser, monkeypatch):
    numbers = iter([website.order().number, "23456789"])
    monkeypatch.setattr(write, "new_number", lambda: next(numbers))
    browser.add()
    browser.order()
    assert orders(website) == {ORDERED: 1}


def test_an_order_that_is_not_committed_is_none(website, browser, monkeypatch):
    def crash(*_):
        raise ZeroDivisionError

    browser.add()
    browser.give_details()
    monkeypatch.setattr("ocpizza.services.checkout.place.empty_basket", crash)
    browser.payment_form().submit(status=500)
    monkeypatch.undo()
    assert orders(website) == {}
    browser.payment_form().submit(status=303)
    assert orders(website) == {ORDERED: 1}


def sell_out(website) -> None:
    with website.session() as session:
        session.execute(update(Stock).values(quantity=0))


def test_an_order_for_which_stock_is_wanting_is_a_refusal(website, browser):
    browser.add()
    browser.give_details()
    form = browser.payment_form()
    sell_out(website)
    form.submit(status=303)
    assert refusals(website) == {("out_of_stock",): 1}
    # Whoever tries again is sent back before the last step.
    browser.get(CHECKOUT, status=303)
    assert refusals(website) == {("out_of_stock",): 2}
    # To look at one's basket is not to try.
    browser.get("/panier", status=200)
    assert refusals(website) == {("out_of_stock",): 2}
    assert orders(website) == {}


def test_a_closed_restaurant_is_another_refusal(website, browser):
    browser.add()
    browser.give_details()
    form = browser.payment_form()
    with website.session() as session:
        for hours in session.query(OpeningHours):
            session.delete(hours)
    form.submit(status=303)
    assert refusals(website) == {("restaurant_closed",): 1}


VIEWS = Path(ocpizza.__file__).parent / "views"


def test_whoever_catches_a_refusal_counts_it():
    """Pages that explain what stands in the way, and refuse nothing, catch nothing."""
    caught = [
        ast.unparse(node)
        for path in VIEWS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and node.type is not None
        and "OrderRefused" in ast.unparse(node.type)
    ]
    assert [text for text in caught if not re.search(r"_?refuse\(request, refused\)", text)] == []
    assert len(caught) == 4


@BOTH
def test_connections_in_use_are_those_that_were_not_given_back(settings, backend):
    application = ocpizza.main(settings)
    figures, engine = application.registry["figures"], application.registry["engines"]["write"]

    def connections() -> dict[tuple[str, ...], float]:
        text = generate_latest(figures.registry).decode()
        return samples(text, "ocpizza_pool_connections")

    assert connections() == {}
    with engine.connect(), engine.connect():
        assert connections() == {("in_use",): 2, ("allowed",): 5}
    assert connections() == {("in_use",): 0, ("allowed",): 5}
    with engine.connect() as connection:
        connection.invalidate()
        assert connections()[("in_use",)] <= 1
    assert connections()[("in_use",)] == 0
    engine.dispose()


def test_no_label_is_anybodys_own(website, browser):
    """A whole visit, with a name, an address and a secret link: none of it is in the figures."""
    browser.add()
    tracking = browser.order(email="stanley@example.org")
    browser.get(f"{tracking.request.path}/etat?x=secret")
    browser.get("/anything/at/all?mail=stanley@example.org", status=404)
    browser.post_form("/connexion", {"identifier": "stanley@example.org", "password": "secret"})
    few = {name for name, *_ in ROUTES} | {"(none)", "read", "write", "other"}
    few |= {"delivery", "takeaway", "eat_in", "web", "online", "on_delivery", "city_001"}
    few |= {"in_use", "allowed"}
    text = text_of(website)
    values = {
        value
        for name in names(text)
        for labels in samples(text, name)
        for value in labels
        if not re.fullmatch(r"[0-9.]+|\+Inf", value)
    }
    assert values <= few


def test_each_application_counts_for_itself(settings):
    first, second = ocpizza.main(settings), ocpizza.main(settings)
    first.registry["figures"].refusals.labels("out_of_stock").inc()
    assert b"out_of_stock" not in generate_latest(second.registry["figures"].registry)
    for application in (first, second):
        application.registry["engines"]["write"].dispose()
