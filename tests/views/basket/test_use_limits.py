"""Accounts made, codes tried, baskets begun: as often as people do it."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from factories import make_promotion
from ocpizza.domain import passwords
from ocpizza.models.account import Account
from ocpizza.models.basket import Basket
from ocpizza.models.rate_count import RateCount
from ocpizza.services.rate_limits import forget_uses
from views.pages import designed, form_of, words
from views.website import BASKET, SHOP, Browser

HOME, SAME_NETWORK, ELSEWHERE = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"
TOO_MANY = "Trop d’essais. Patientez"


@pytest.fixture(autouse=True)
def _one_window():
    """Nobody counts from a new window of ten minutes in the midst of a test."""
    with time_machine.travel(datetime.now(UTC).replace(second=0), tick=False):
        yield


def visitor(website, address: str) -> Browser:
    return website.browser(REMOTE_ADDR=address)


def count(website, model) -> int:
    with website.session() as session:
        return session.scalar(select(func.count()).select_from(model))


def told_to_wait(answer) -> bool:
    """Whether this is the page of somebody who tries too often."""
    assert designed(answer)
    assert 1 <= int(answer.headers["Retry-After"]) <= 601
    return answer.status_int == 429 and TOO_MANY in words(answer)


@pytest.fixture
def quick_hashes(monkeypatch):
    """A hash costs nothing here: how many there are is what counts."""
    monkeypatch.setattr(passwords, "_in_turn", lambda _work, *arguments: f"hash {len(arguments)}")


def sign_up(website, number: int, address: str):
    form = visitor(website, address).form("/inscription", "/inscription")
    form["email"] = f"client{number}@example.org"
    form["password"] = "un long mot de passe à moi"
    form["first_name"], form["last_name"] = "Julia", "Perret"
    return form.submit(expect_errors=True)


def test_ten_accounts_are_made_from_one_network_in_ten_minutes(website, quick_hashes):
    before = count(website, Account)
    for number in range(10):
        assert sign_up(website, number, HOME).status_int == 303
    refused = sign_up(website, 10, SAME_NETWORK)
    assert told_to_wait(refused)
    form = form_of(refused, "/inscription")
    assert form["email"].value == "client10@example.org"
    assert form["last_name"].value == "Perret"
    assert count(website, Account) == before + 10
    assert sign_up(website, 11, ELSEWHERE).status_int == 303


def test_whoever_asks_who_has_an_account_is_slowed_down_too(website, quick_hashes):
    for _ in range(11):
        last = sign_up(website, 1, HOME)
    assert told_to_wait(last)


def customer_with_basket(website, address: str) -> Browser:
    browser = website.staff("customer")
    browser.extra_environ["REMOTE_ADDR"] = address
    browser.add()
    return browser


def try_code(browser, code: str):
    form = browser.form(BASKET, "/panier/promotion")
    form["code"] = code
    return form.submit(expect_errors=True)


def test_an_account_tries_fifteen_codes_from_wherever(website):
    with website.session() as session:
        code = make_promotion(session, at=[website.pizzeria.restaurant]).code
    browser = customer_with_basket(website, HOME)
    for _ in range(3):
        # A right one does not count.
        assert try_code(browser, code).status_int == 303
        browser.post_form("/panier/promotion/retirer")
    for number in range(15):
        browser.extra_environ["REMOTE_ADDR"] = f"198.51.100.{number}"
        assert try_code(browser, f"FAUX{number}").status_int == 422
    browser.extra_environ["REMOTE_ADDR"] = ELSEWHERE
    refused = try_code(browser, "FAUX99")
    assert told_to_wait(refused)
    assert form_of(refused, "/panier/promotion")["code"].value == "FAUX99"
    assert browser.lines()


def test_a_network_tries_thirty_codes_whoever_asks(website, monkeypatch):
    from ocpizza.views.basket import promotion

    monkeypatch.setattr(promotion, "code_tried_by", network_only(promotion.code_tried_by))
    browser = customer_with_basket(website, HOME)
    for number in range(30):
        assert try_code(browser, f"FAUX{number}").status_int == 422
    browser.extra_environ["REMOTE_ADDR"] = SAME_NETWORK
    assert told_to_wait(try_code(browser, "FAUX99"))


def network_only(uses):
    """The limit of an account left out, as if each code were tried by another one."""
    return lambda client, account_id: uses(client, account_id)[:1]


def begin_basket(website, address: str):
    browser = visitor(website, address)
    size = str(website.pizzeria.size("margherita").id)
    return browser.post(f"{SHOP}/ajouter", {"size": size, "quantity": "1"}, expect_errors=True)


def test_three_hundred_baskets_are_begun_from_one_network(website):
    assert begin_basket(website, HOME).status_int == 303
    with website.session() as session:
        counted = session.scalars(select(RateCount)).one()
        counted.tries = 299
    assert begin_basket(website, SAME_NETWORK).status_int == 303
    for _ in range(2):
        assert told_to_wait(begin_basket(website, SAME_NETWORK))
    assert count(website, Basket) == 2
    assert begin_basket(website, ELSEWHERE).status_int == 303


def test_who_has_a_basket_goes_on(website):
    browser = visitor(website, HOME)
    browser.add()
    with website.session() as session:
        session.scalars(select(RateCount)).one().tries = 300
    browser.add("regina")
    assert len(browser.lines()) == 2


def test_changing_orders_begins_baskets_too(website):
    browser = visitor(website, HOME)
    browser.add()
    path = browser.order().request.path
    with website.session() as session:
        session.scalars(select(RateCount)).one().tries = 300
    assert told_to_wait(browser.post_form(f"{path}/modifier"))


def test_the_worker_forgets_counts_that_are_over(website):
    begin_basket(website, HOME)
    with website.session() as session:
        counted = session.scalars(select(RateCount)).one()
        assert HOME not in counted.key_sha256
        over = counted.window_start.replace(year=counted.window_start.year + 1)
        assert forget_uses(session, over) == 1
