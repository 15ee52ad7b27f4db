"""Pages that listen, through nginx: at once, within limits, and nothing of it in a log."""

import http.client
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, insert, make_url

from droplets.waiting import wait_until
from live.streams import running
from nginx.test_secret_addresses import everything_written
from ocpizza.live.ticket import HEADER, PATH, derived_key, write
from ocpizza.models.live_change import LiveChange
from ocpizza.operations.status.streams import streams
from ocpizza.security.sessions import cookie_key
from ocpizza.settings import Settings, load_settings

# Of one address.
MOST = 100


@pytest.fixture(scope="module")
def settings(served) -> Settings:
    return load_settings(served.socket.with_name("ocpizza.ini"), environment={})


@pytest.fixture
def live(served, settings) -> Iterator[None]:
    """`ocpizza live`, where nginx looks for it."""
    path, url = served.socket.with_name("live.sock"), make_url(settings["database.url"])
    with running(settings | {"live.streams": 1000}, url, path) as live:
        yield live


@pytest.fixture
def ticket(settings) -> str:
    """One that many pages may have: of an order."""
    return new_ticket(settings)


def new_ticket(settings: Settings, number: str = "AAAA-AAAA") -> str:
    key = derived_key(cookie_key(settings["session.secret_file"]))
    return write(key, f"order:{number}", datetime.now(UTC))


@contextmanager
def listening(shop, ticket: str, **headers: str) -> Iterator[http.client.HTTPResponse]:
    """What nginx answers a page that listens."""
    connection = http.client.HTTPConnection("127.0.0.1", shop.port, timeout=20)
    named = {"Host": "www.ocpizza.fr", HEADER: ticket} | headers
    try:
        connection.request("GET", PATH, headers=named)
        yield connection.getresponse()
    finally:
        connection.close()


def lines(answer: http.client.HTTPResponse) -> list[str]:
    """The next lines, to the blank one."""
    found = []
    while line := answer.readline().decode().strip():
        found.append(line)
    return found


def change_an_order(settings: Settings) -> None:
    engine = create_engine(settings["database.url"])
    values = {"transaction_id": 0, "restaurant_id": 1, "number": "AAAA-AAAA"}
    with engine.begin() as connection:
        connection.execute(insert(LiveChange).values(at=datetime.now(UTC), **values))
    engine.dispose()


def test_what_pages_are_told_passes_at_once(shop, live, ticket, settings):
    with listening(shop, ticket, **{"Accept-Encoding": "gzip"}) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["Content-Encoding"] is None
        assert "no-store" in answer.headers["Cache-Control"]
        assert lines(answer)[1:] == ["event: hello", "data: order"]
        change_an_order(settings)
        assert lines(answer)[1:] == ["event: changed", "data: order"]


def test_one_that_has_gone_leaves_its_place_at_once(shop, live, served, ticket):
    path = served.socket.with_name("live.sock")
    with listening(shop, ticket) as answer:
        lines(answer)
        assert streams(path) == (1, 1000)
    wait_until(lambda: streams(path) == (0, 1000), 60, "the stream to end")


def test_no_log_has_a_ticket(shop, live, ticket):
    with listening(shop, ticket) as answer:
        lines(answer)
    with listening(shop, "x" + ticket) as answer:
        assert answer.status == 401
    shop.wait_for_the_log()
    written = everything_written(shop)
    assert f'"GET {PATH}"' in written
    assert ticket.split(".")[0] not in written
    assert ticket.split(".")[1] not in written


def test_one_address_has_so_many_pages_and_goes_on_shopping(shop, live, settings):
    with ExitStack() as stack:
        # Of one order there are few streams.
        for number in range(MOST):
            ticket = new_ticket(settings, f"AAAA-{number:04}")
            assert stack.enter_context(listening(shop, ticket)).status == 200
        with listening(shop, new_ticket(settings)) as one_more:
            assert one_more.status == 429
        assert shop.ask("/").status == 200


def test_without_it_pages_are_told_so_and_the_shop_sells_on(shop, ticket):
    with listening(shop, ticket) as answer:
        assert answer.status == 503
    assert shop.ask("/").status == 200


def test_nothing_else_of_it_is_reached(shop, live):
    for path in ("/streams", f"{PATH}/", f"{PATH}/streams"):
        assert shop.ask(path).status == 404


def test_it_is_told_nothing_of_a_visitors_cookies(mirrored):
    """The mirror stands where both servers do."""
    (mirrored_socket,) = mirrored.root.parent.glob("mirror.sock")
    beside = mirrored_socket.with_name("live.sock")
    beside.symlink_to(mirrored_socket)
    told = mirrored.ask(PATH, Cookie="ocpizza=secret", **{HEADER.replace("-", "_"): "ticket"}).text
    assert "secret" not in told
    assert "ticket" in told
