"""`ocpizza live` with the application's own tickets: who is told, when, and who is not any more."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from factories import author_of
from live.streams import Running, running
from ocpizza.live.ticket import HEADER, LIFE, derived_key, write
from ocpizza.models.account import Account, AccountStatus, Employee, Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.security.sessions import cookie_key
from ocpizza.services.order.advance import Step, advance_order
from views.pages import soup
from views.website import ELSEWHERE, HERE

BOARDS = {
    "pizzaiolo": f"/equipe/{HERE}/cuisine",
    "driver": f"/equipe/{HERE}/livraisons",
    "cashier": f"/equipe/{HERE}/comptoir",
    "manager": f"/equipe/{HERE}/ensemble",
    "direction": "/equipe",
}


def running_for(website, **settings: object) -> AbstractContextManager[Running]:
    return running(website.application.registry.settings | settings, website.engine.url)


@pytest.fixture
def live(website):
    with running_for(website) as served:
        yield served


def ticket_of(page) -> str:
    """The ticket that a page has drawn."""
    return soup(page).select_one("[data-ticket]")["data-ticket"]


def accept(website, order: Order) -> None:
    with website.session() as session:
        cook = author_of(session.merge(website.account("pizzaiolo")))
        step = Step(Status.TO_PREPARE, Status.ACCEPTED)
        advance_order(session, order.id, step, cook, datetime.now(UTC))


def hello(stream) -> None:
    assert stream.status == 200
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    assert stream.next() == "hello"


@pytest.mark.parametrize("who", BOARDS)
def test_every_board_is_told_of_an_order_and_of_what_becomes_of_it(website, live, who):
    ticket = ticket_of(website.staff(who).get(BOARDS[who]))
    with live.open(ticket) as stream:
        hello(stream)
        order = website.order()
        assert stream.next() == "changed"
        accept(website, order)
        assert stream.next() == "changed"


def test_a_customer_is_told_of_their_order_alone(website, live):
    mine, other = website.order(), website.order()
    page = website.browser().get(f"/suivi/{mine.tracking_token}")
    with live.open(ticket_of(page)) as stream:
        hello(stream)
        # It was placed a moment ago.
        assert stream.next() == "changed"
        accept(website, other)
        accept(website, mine)
        assert stream.next() == "changed"


def test_the_part_of_a_page_brings_the_next_ticket_also_where_nothing_changed(website, live):
    browser = website.staff("pizzaiolo")
    first = browser.get(f"{BOARDS['pizzaiolo']}/etat")
    known = {"If-None-Match": first.headers["ETag"]}
    again = browser.get(f"{BOARDS['pizzaiolo']}/etat", headers=known)
    assert again.status_int == 304
    assert again.headers[HEADER] != first.headers[HEADER]
    with live.open(again.headers[HEADER]) as stream:
        hello(stream)


def test_nothing_follows_for_an_order_that_has_ended(website):
    order = website.order(Status.DELIVERED)
    page = website.browser().get(f"/suivi/{order.tracking_token}")
    assert soup(page).select("[data-ticket]") == []
    assert website.browser().get(f"/suivi/{order.tracking_token}/etat").headers[HEADER] == ""


def key_of(website) -> bytes:
    return derived_key(cookie_key(website.application.registry.settings["session.secret_file"]))


def bad_tickets(website) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "absent": "",
        "forged": write(derived_key("no" * 64), "group", now),
        "expired": write(key_of(website), "group", now - timedelta(seconds=LIFE + 1)),
        "of no session": write(key_of(website), "group", now, "0" * 64, "manager//1"),
    }


@pytest.mark.parametrize("kind", ["absent", "forged", "expired", "of no session"])
def test_a_bad_ticket_opens_nothing(website, live, kind):
    with live.open(bad_tickets(website)[kind]) as stream:
        assert stream.status == (403 if kind == "of no session" else 401)


def test_a_ticket_of_one_restaurant_tells_nothing_of_another(website, live):
    ticket = ticket_of(website.staff(f"pizzaiolo.{ELSEWHERE}").get(f"/equipe/{ELSEWHERE}/cuisine"))
    with live.open(ticket) as stream:
        hello(stream)
        accept(website, website.order())
        website.order(at=website.branch)
        assert stream.next() == "changed"


def sign_out(website, browser) -> None:
    browser.post_form("/deconnexion")


def deactivate(website, _browser) -> None:
    with website.session() as session:
        mine = Account.id == website.account("pizzaiolo").id
        session.execute(update(Account).where(mine).values(status=AccountStatus.INACTIVE))


def give_another_job(website, _browser) -> None:
    with website.session() as session:
        mine = Employee.account_id == website.account("pizzaiolo").id
        session.execute(update(Employee).where(mine).values(role=Role.DRIVER))


def change_password(website, _browser) -> None:
    with website.session() as session:
        mine = Account.id == website.account("pizzaiolo").id
        later = Account.session_version + 1
        session.execute(update(Account).where(mine).values(session_version=later))


@pytest.mark.parametrize("revoke", [sign_out, deactivate, give_another_job, change_password])
def test_rights_that_are_revoked_end_the_stream_and_open_no_other(website, live, revoke):
    browser = website.staff("pizzaiolo")
    ticket = ticket_of(browser.get(BOARDS["pizzaiolo"]))
    with live.open(ticket) as stream:
        hello(stream)
        revoke(website, browser)
        assert stream.next() == "over"
    with live.open(ticket) as again:
        assert again.status == 403


def test_a_ticket_that_is_used_again_ends_what_it_opened_first(website, live):
    ticket = ticket_of(website.staff("pizzaiolo").get(BOARDS["pizzaiolo"]))
    with live.open(ticket) as first, live.open(ticket) as second, live.open(ticket) as third:
        for stream in (first, second, third):
            hello(stream)
        assert first.next() == "over"
        website.order()
        assert (second.next(), third.next()) == ("changed", "changed")


def test_customers_leave_room_for_those_who_work_here(website):
    with running_for(website, **{"live.streams": 5}) as live:
        orders = [website.order() for _ in range(5)]
        tickets = [
            ticket_of(website.browser().get(f"/suivi/{order.tracking_token}")) for order in orders
        ]
        open_streams = [live.open(ticket) for ticket in tickets]
        assert sorted(stream.status for stream in open_streams) == [200] * 4 + [503]
        (full,) = (stream for stream in open_streams if stream.status == 503)
        assert full.headers["Retry-After"] == "60"
        with live.open(ticket_of(website.staff("pizzaiolo").get(BOARDS["pizzaiolo"]))) as board:
            hello(board)
        for stream in open_streams:
            stream.__exit__()


def test_whoever_comes_back_after_a_restart_is_told_what_changed_meanwhile(website):
    ticket = ticket_of(website.staff("pizzaiolo").get(BOARDS["pizzaiolo"]))
    with running_for(website) as live, live.open(ticket) as stream:
        hello(stream)
        heard = stream.heard
        live.stop()
        assert stream.next() == "over"
    website.order()
    with running_for(website) as live, live.open(ticket, heard) as stream:
        hello(stream)
        assert stream.next() == "changed"


def test_a_database_that_does_not_answer_is_said_by_one_line_and_not_by_each_page(
    website, live, monkeypatch, caplog
):
    def fail(*_):
        raise OperationalError("SELECT", {}, Exception("no answer"))

    ticket = ticket_of(website.staff("pizzaiolo").get(BOARDS["pizzaiolo"]))
    monkeypatch.setattr("ocpizza.live.server.standing_rights", fail)
    with live.open(ticket) as stream:
        assert stream.status == 503
        assert stream.headers["Retry-After"]
    assert caplog.get_records("call") == []


def test_what_it_is_told_carries_nothing_but_its_kind(website, live):
    order = website.order()
    ticket = ticket_of(website.browser().get(f"/suivi/{order.tracking_token}"))
    with live.open(ticket) as stream:
        lines = [stream._answer.readline().decode() for _ in range(4)]
    assert lines[1:] == ["event: hello\n", "data: order\n", "\n"]
    assert lines[0].removeprefix("id: ").strip().isdecimal()
