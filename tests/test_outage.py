"""What counts as a database that is down, and how often that is said."""

import os
import sqlite3
import subprocess
import sys
from threading import Event

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from factories import NOON
from ocpizza import hurry, outage, payments
from ocpizza.db import make_engine, read_only
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.operations import work
from ocpizza.operations.work import DOWN_SECONDS, Worker
from ocpizza.outage import DatabaseDown, Outage, is_outage
from views.pages import designed, words
from views.website import BASKET, SHOP, website

__all__ = ["website"]

DOWN, BACK = "the database is down", "the database is back"


def failed(orig: Exception, kind=OperationalError) -> Exception:
    return kind("SELECT 1", {}, orig)


def sqlite_error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(name)
    error.sqlite_errorname = name
    return error


OUTAGES = [
    failed(psycopg.OperationalError("connection refused")),
    failed(errors.AdminShutdown()),
    failed(errors.CrashShutdown()),
    failed(errors.CannotConnectNow()),
    failed(errors.TooManyConnections()),
    failed(errors.DiskFull()),
    failed(errors.IoError()),
    failed(errors.QueryCanceled()),
    failed(errors.LockNotAvailable()),
    failed(errors.ConnectionFailure()),
    failed(errors.ReadOnlySqlTransaction()),
    failed(sqlite_error("SQLITE_BUSY")),
    failed(sqlite_error("SQLITE_CANTOPEN")),
    failed(sqlite_error("SQLITE_IOERR_WRITE")),
    failed(sqlite_error("SQLITE_FULL")),
    PoolTimeout("all connections are in use"),
    DatabaseDown(),
]
BUGS = [
    failed(errors.UndefinedTable(), ProgrammingError),
    failed(errors.UniqueViolation(), IntegrityError),
    failed(errors.SerializationFailure()),
    failed(errors.DeadlockDetected()),
    failed(errors.DivisionByZero()),
    failed(sqlite_error("SQLITE_ERROR")),
    failed(sqlite_error("SQLITE_CONSTRAINT_UNIQUE"), IntegrityError),
    ValueError("not a database's"),
    None,
]


@pytest.mark.parametrize("error", OUTAGES, ids=repr)
def test_a_database_that_cannot_answer_is_down(error):
    assert is_outage(error)


@pytest.mark.parametrize("error", BUGS, ids=repr)
def test_a_database_that_was_asked_wrongly_is_not_down(error):
    assert not is_outage(error)


@pytest.fixture
def clock(monkeypatch):
    """The time, which stands still until it is moved on."""
    now = [1000.0]
    monkeypatch.setattr(outage.time, "time", lambda: now[0])
    monkeypatch.setattr(outage.time, "monotonic", lambda: now[0])

    def move(seconds: float) -> None:
        now[0] += seconds

    return move


def test_an_incident_is_two_lines_however_often_it_comes_and_goes(clock):
    incident = Outage()
    with capture_logs() as log:
        for _ in range(50):
            incident.failed(OUTAGES[4])
            clock(1)
            incident.answered()
        clock(5)
        incident.answered()
        incident.answered()
        incident.failed(OUTAGES[1])
    assert [entry["event"] for entry in log] == [DOWN, BACK, DOWN]
    assert (log[1]["failures"], log[1]["seconds"]) == (50, 49)


def test_an_incident_is_told_once_by_all_processes_together():
    incident = Outage()
    reading, writing = os.pipe()
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            with capture_logs() as log:
                for _ in range(25):
                    incident.failed(OUTAGES[0])
            os.write(writing, b"x" * len(log))
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    os.close(writing)
    assert os.read(reading, 100) == b"x"
    os.close(reading)
    assert incident.lasts


def test_one_request_at_a_time_finds_out_whether_it_is_back(clock):
    incident = Outage()
    incident.refuse_in_vain()
    incident.failed(OUTAGES[0])
    with pytest.raises(DatabaseDown):
        incident.refuse_in_vain()
    clock(1)
    incident.refuse_in_vain()
    with pytest.raises(DatabaseDown):
        incident.refuse_in_vain()
    incident.reached()
    incident.refuse_in_vain()
    incident.refuse_in_vain()


def test_a_lock_that_was_waited_for_too_long_keeps_nobody_else_away(clock):
    incident = Outage()
    for error in OUTAGES[4:8]:
        incident.failed(error)
    incident.refuse_in_vain()


class Impatient(Event):
    """An event for which nobody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    def wait(self, timeout=None) -> bool:
        self.pauses.append(timeout)
        return self.is_set()


@pytest.mark.parametrize("error", [OUTAGES[0], DatabaseDown()])
@pytest.mark.parametrize(
    ("fails", "act"),
    [
        ("claim_payment", lambda engine, known: payments._concerns_stripe(engine, known, 1)),
        ("settle", lambda engine, known: payments._settle_now(engine, known, None, 1)),
        ("make_due", lambda engine, known: payments._leave_to_worker(engine, known, 1)),
    ],
)
def test_a_payment_that_is_not_noted_is_part_of_the_incident(
    monkeypatch, settings, database, error, fails, act
):
    def fail(*_arguments):
        raise error

    monkeypatch.setattr(payments, fails, fail)
    known = Outage()
    with capture_logs() as log:
        assert not act(database, known)
        assert not act(database, known)
    told = [DOWN] if error is OUTAGES[0] else []
    assert [entry["event"] for entry in log] == told
    assert all("exc_info" not in entry for entry in log)


def test_a_mail_that_the_database_keeps_from_being_written_is_not_to_blame(
    monkeypatch, settings, session
):
    def fail(*_arguments):
        raise OUTAGES[0]

    monkeypatch.setattr(work, "write_mail", fail)
    mail = OutgoingMail(dedupe_key="x", recipient="julia@example.org")
    send = Worker(session.get_bind(), settings, Event())._sender(session, NOON)
    with capture_logs() as log, pytest.raises(type(OUTAGES[0])):
        send(mail)
    assert log == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_worker_says_it_once_and_asks_less_often(committed_database, settings, clock):
    stop = Impatient()
    worker = Worker(committed_database, settings, stop)
    tries = iter(range(20))

    def act(_now) -> bool:
        clock(10)
        if next(tries) < 15:
            raise OUTAGES[0]
        stop.set()
        return False

    with capture_logs() as log:
        worker._repeat(act)
    assert [entry["event"] for entry in log] == [DOWN, BACK]
    assert all("exc_info" not in entry for entry in log)
    assert stop.pauses[:15] == [DOWN_SECONDS] * 15


@pytest.fixture
def backend(request) -> str:
    return getattr(request, "param", "postgresql")


def test_a_server_that_hangs_is_given_up(database, monkeypatch):
    monkeypatch.setattr(hurry, "MAX_SECONDS", 0.3)
    url = database.url.render_as_string(hide_password=False)
    engine = make_engine(url, 1, hurried=True)
    try:
        with engine.connect() as connection, pytest.raises(OperationalError) as hung:
            connection.execute(text("SELECT pg_sleep(600)"))
        assert is_outage(hung.value)
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT 1")) == 1
    finally:
        engine.dispose()


def test_pages_are_hurried_and_commands_are_not(database):
    url = database.url.render_as_string(hide_password=False)
    found = {}
    for hurried in (True, False):
        engine = make_engine(url, 1, hurried=hurried)
        with engine.connect() as connection:
            found[hurried] = connection.scalar(text("SHOW statement_timeout"))
        engine.dispose()
    assert found == {True: "12s", False: "0"}


def test_a_site_whose_connections_are_all_in_use_says_so(website, monkeypatch):
    monkeypatch.setattr(hurry, "POOL_SECONDS", 0.1)
    url = website.engine.url.render_as_string(hide_password=False)
    small = make_engine(url, 1, hurried=True)
    website.application.registry["engines"] = {"write": small, "read": read_only(small)}
    with small.connect(), capture_logs() as log:
        page = website.browser().get(SHOP, status=503)
    assert designed(page)
    assert page.headers["Retry-After"] == "10"
    assert [entry["event"] for entry in log] == [DOWN]
    website.browser().get(SHOP, status=200)
    small.dispose()


def test_an_order_whose_commit_is_lost_is_there_once(website):
    browser = website.browser()
    browser.add()
    browser.give_details()
    form = browser.payment_form()
    number, done = website.engine.url.database, []

    def end_connections(_connection) -> None:
        if done:
            return
        done.append(True)
        with make_engine(website.engine.url.render_as_string(False), 1).connect() as other:
            other.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = :name AND pid <> pg_backend_pid()"
                ),
                {"name": number},
            )

    event.listen(website.engine, "commit", end_connections)
    with capture_logs() as log:
        refused = form.submit(status=503)
    assert [entry["event"] for entry in log] == [DOWN]
    assert "une commande n’est jamais passée deux fois" in words(refused)
    placed = form.submit(status=303)
    assert form.submit(status=303).location == placed.location
    with Session(website.engine) as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 1
    assert browser.get(BASKET)


def test_a_process_ends_without_a_word_of_it():
    """However late it goes, when modules are empty: the journal had a traceback at each stop."""
    late = "from ocpizza import outage; kept = outage.Outage(); vars(outage).clear(); del kept"
    ran = subprocess.run([sys.executable, "-c", late], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
