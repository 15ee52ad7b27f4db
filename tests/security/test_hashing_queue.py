"""Passwords are hashed one at a time, a few wait, and the shop goes on meanwhile."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import BoundedSemaphore, get_native_id

import pytest
from sqlalchemy import func, select

from factories import PASSWORD
from ocpizza.domain import passwords
from ocpizza.models.account import Account
from ocpizza.models.rate_count import RateCount
from ocpizza.models.sign_in import SignInAttempt
from ocpizza.services.account.links import Purpose, issue_link
from views.pages import form_of, words
from views.website import BASKET, SHOP

THREADS, PLACES = 4, 2
BUSY = "Beaucoup de monde se connecte en ce moment : réessayez dans un instant."
SIGN_UP = {
    "email": "nouvelle@example.org",
    "password": "un long mot de passe",
    "first_name": "Julia",
    "last_name": "Perret",
}


class Gate:
    """A hasher that waits until it is opened, and knows how many it hashed for at a time."""

    def __init__(self, hasher) -> None:
        self.hasher, self.open = hasher, threading.Event()
        self.begun, self.now, self.most = threading.Event(), 0, 0
        self.priorities: set[int] = set()

    def verify(self, *arguments) -> bool:
        self.now += 1
        self.most = max(self.most, self.now)
        self.priorities.add(os.getpriority(os.PRIO_PROCESS, get_native_id()))
        self.begun.set()
        assert self.open.wait(60)
        self.now -= 1
        return self.hasher.verify(*arguments)

    def hash(self, password: str) -> str:
        return self.hasher.hash(password)


@pytest.fixture
def gate(monkeypatch):
    gate = Gate(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", gate)
    yield gate
    gate.open.set()


@pytest.fixture
def served(website, monkeypatch):
    """The website with as many threads as a process of gunicorn has; `served(job)` runs on one."""
    places = BoundedSemaphore(PLACES)
    monkeypatch.setitem(website.application.registry, "hashing_places", places)
    with ThreadPoolExecutor(THREADS) as threads:
        yield threads.submit


@pytest.fixture
def backend() -> str:
    return "postgresql"


def test_half_of_the_threads_serve_the_shop_while_twenty_sign_in(website, served, gate):
    forms = []
    for _ in range(20):
        form = website.browser().form("/connexion", "/connexion")
        form["identifier"], form["password"] = website.chain.identifiers["manager"], PASSWORD
        forms.append(form)
    sign_ins = [served(form.submit, expect_errors=True) for form in forms]
    # Queued behind all of them, on the same four threads.
    pages = [served(website.browser().get, path) for path in (SHOP, "/", BASKET) * 5]
    assert [page.result(60).status_int for page in pages] == [200] * 15
    assert gate.begun.wait(60)
    waiting = [each for each in sign_ins if not each.done()]
    assert len(waiting) == PLACES
    for refused in (each.result() for each in sign_ins if each.done()):
        assert refused.status_int == 503
        assert refused.headers["Retry-After"] == "2"
        assert BUSY in words(refused)
        assert (
            form_of(refused, "/connexion")["identifier"].value
            == website.chain.identifiers["manager"]
        )
    gate.open.set()
    assert [each.result(60).status_int for each in waiting] == [303] * PLACES
    assert gate.most == 1
    assert gate.priorities == {os.getpriority(os.PRIO_PROCESS, 0) + passwords.NICE}
    with website.session() as session:
        # Who was not looked at was not counted either.
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) <= PLACES


def test_the_places_are_half_of_the_threads(website):
    threads = website.application.registry.settings["server.threads"]
    places = website.application.registry["hashing_places"]
    assert (threads, places._initial_value) == (4, 2)


@pytest.fixture
def full(website, monkeypatch):
    """Takes all places of the website."""
    return lambda: monkeypatch.setitem(website.application.registry, "hashing_places", taken())


def taken() -> BoundedSemaphore:
    """Places of which none is left."""
    places = BoundedSemaphore(1)
    places.acquire()
    return places


FORMS = [
    ("/connexion", {"identifier": "x", "password": "y"}, "visitor"),
    ("/inscription", SIGN_UP, "visitor"),
    ("/compte/mot-de-passe", {"current": PASSWORD, "password": SIGN_UP["password"]}, "customer"),
    ("/compte/e-mail", {"current": PASSWORD, "email": "autre@example.org"}, "customer"),
    ("/compte/donnees", {"password": PASSWORD, "confirmation": "EFFACER"}, "customer"),
    ("/compte/preuve", {"current": PASSWORD}, "customer"),
]


@pytest.mark.parametrize(("path", "fields", "who"), FORMS, ids=[form[0] for form in FORMS])
def test_every_form_with_a_password_is_kept_when_all_places_are_taken(
    website, full, path, fields, who
):
    browser = website.browser() if who == "visitor" else website.staff(who)
    form = browser.form(path, path)
    for name, value in fields.items():
        form[name] = value
    with website.session() as session:
        before = session.scalars(select(Account.password_hash).order_by(Account.id)).all()
    full()
    refused = form.submit(expect_errors=True)
    assert refused.status_int == 503
    assert refused.headers["Retry-After"] == "2"
    assert BUSY in words(refused)
    with website.session() as session:
        assert session.scalars(select(Account.password_hash).order_by(Account.id)).all() == before
        assert session.scalar(select(func.count()).select_from(RateCount)) == 0


def test_the_link_of_a_forgotten_password_still_works_afterwards(website):
    with website.session() as session:
        customer = website.account("customer")
        now = datetime.now(UTC)
        token = issue_link(session, customer, Purpose.NEW_PASSWORD, customer.email, now)
    browser, path = website.browser(), f"/mot-de-passe/{token}"
    form = browser.form(path, path)
    form["password"] = SIGN_UP["password"]
    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setitem(website.application.registry, "hashing_places", taken())
        refused = form.submit(status=503)
    assert BUSY in words(refused)
    assert form.submit(status=303).location.endswith("/compte")
