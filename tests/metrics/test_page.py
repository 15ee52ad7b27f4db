"""The page of figures: for programs of this machine alone, and never a burden."""

import threading
from wsgiref.util import setup_testing_defaults

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from droplets.waiting import wait_until
from metrics.reading import names, samples
from ocpizza.metrics.asked import Asked
from ocpizza.metrics.figures import Figures
from ocpizza.metrics.page import AT_A_TIME, Page, door_by_address, no_door, with_figures


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


@pytest.fixture
def page(settings) -> Page:
    return Page(Figures(), settings)


def environ(path: str = "/metrics", peer: str = "127.0.0.1", **more: str) -> dict[str, str]:
    request = {"PATH_INFO": path, "REMOTE_ADDR": peer, **more}
    setup_testing_defaults(request)
    return request


def ask(application, request: dict[str, str]) -> tuple[str, str]:
    told = []
    body = application(request, lambda status, headers: told.append(status))
    return told[0], b"".join(body).decode()


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.1.2.3", "::1"])
def test_programs_of_this_machine_may_read(page, peer):
    status, text = ask(page, environ(peer=peer))
    assert status == "200 OK"
    assert samples(text, "ocpizza_database_up") == {(): 1}


@pytest.mark.parametrize(
    "peer", ["10.0.0.1", "203.0.113.5", "2001:db8::1", "", "nobody", "0.0.0.0"]
)
@pytest.mark.parametrize("told", ["", "127.0.0.1"])
def test_others_may_not_whatever_they_say(page, peer, told):
    said = {"HTTP_X_FORWARDED_FOR": told, "HTTP_X_REAL_IP": told, "HTTP_HOST": "localhost"}
    assert ask(page, environ(peer=peer, **said))[0] == "404 Not Found"
    assert not door_by_address(environ(peer=peer, **said))


@pytest.mark.parametrize(
    "header",
    ["X_FORWARDED_FOR", "X_FORWARDED_PROTO", "X_FORWARDED_HOST", "X_REAL_IP", "FORWARDED", "VIA"],
)
def test_a_proxy_on_this_machine_opens_no_door_to_whom_it_speaks_for(header):
    assert door_by_address(environ())
    assert not door_by_address(environ(**{f"HTTP_{header}": "203.0.113.5"}))


def test_without_a_door_nobody_gets_there(page):
    application = with_figures(lambda *_: [b"the shop"], page, no_door)
    assert application(environ(), None) == [b"the shop"]


def test_a_database_that_is_down_leaves_what_processes_count(settings):
    figures = Figures()
    figures.requests.labels("home", "read", 200).inc()
    page = Page(figures, {**settings, "database.url": "sqlite:////nowhere/at/all.sqlite"})
    status, text = ask(page, environ())
    assert status == "200 OK"
    assert samples(text, "ocpizza_database_up") == {(): 0}
    assert samples(text, "ocpizza_requests_total") == {("read", "home", "200"): 1}
    assert "ocpizza_outbox_mails" not in names(text)


class Slow:
    """Asks a database that answers when it is let."""

    def __init__(self, page: Page) -> None:
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()
        self.times, self._look = 0, page._asked._look
        page._asked._look = self

    def __call__(self):
        self.times += 1
        self.begun.release()
        assert self.go_on.wait(60)
        return self._look()


def test_of_many_who_read_at_once_a_few_wait_and_the_database_is_asked_once(page):
    slow, answers = Slow(page), []
    readers = [
        threading.Thread(target=lambda: answers.append(ask(page, environ())))
        for _ in range(AT_A_TIME)
    ]
    for reader in readers:
        reader.start()
    assert slow.begun.acquire(timeout=30)
    # The other one may still be on its way in.
    wait_until(lambda: page._places._value == 0, 60, "both readers")
    assert ask(page, environ())[0] == "503 Service Unavailable"
    slow.go_on.set()
    for reader in readers:
        reader.join(60)
    assert [status for status, _ in answers] == ["200 OK"] * AT_A_TIME
    assert slow.times <= AT_A_TIME
    assert ask(page, environ())[0] == "200 OK"


def test_no_connection_is_kept_between_two_looks(settings):
    asked = Asked(settings["database.url"], Figures())
    assert asked.look()
    opened = []
    event.listen(asked._engine, "connect", lambda *_: opened.append(1))
    asked.look()
    asked.look()
    assert len(opened) == 2
    assert asked._engine.pool.checkedin() == asked._engine.pool.checkedout() == 0


def test_a_question_that_fails_by_itself_is_told_and_breaks_nothing(settings, monkeypatch):
    def wrong(*_):
        raise OperationalError("SELECT nothing", {}, Exception("no such table: nothing"))
        yield

    monkeypatch.setattr("ocpizza.metrics.asked.QUESTIONS", (wrong,))
    with capture_logs() as said:
        _, text = ask(Page(Figures(), settings), environ())
    assert samples(text, "ocpizza_database_up") == {(): 0}
    assert [line["event"] for line in said] == ["figures are not complete"]
