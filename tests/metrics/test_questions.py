"""What the database is asked for the figures, on both kinds; and how soon it has to answer."""

import time
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import text, update

from factories import NOON, order_of
from metrics.reading import samples
from ocpizza.metrics import asked
from ocpizza.metrics.asked import Asked, Known
from ocpizza.metrics.figures import Figures
from ocpizza.metrics.questions import QUESTIONS
from ocpizza.models.job import JobRun
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.payment import Means, Payment, PaymentState
from ocpizza.services.outbox.send import MAX_ATTEMPTS

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def answers(session, now=NOON) -> str:
    registry = CollectorRegistry()
    found = [metric for ask in QUESTIONS for metric in ask(session.connection(), now)]
    registry.register(Known(found))
    return generate_latest(registry).decode()


def test_an_empty_shop_has_figures_that_are_nought(session, pizzeria):
    said = answers(session)
    assert samples(said, "ocpizza_orders_today") == {("city_001",): 0}
    assert samples(said, "ocpizza_payments_open") == {("created",): 0, ("authorised",): 0}
    assert samples(said, "ocpizza_payments_unanswered") == {(): 0}
    assert set(samples(said, "ocpizza_payments_settled_lately").values()) == {0}
    assert set(samples(said, "ocpizza_outbox_mails").values()) == {0}
    assert samples(said, "ocpizza_outbox_oldest_seconds") == {(): 0}
    assert samples(said, "ocpizza_job_well") == {}


def test_orders_of_today_are_those_of_the_business_day(session, pizzeria):
    order_of(session, pizzeria, now=NOON - DAY)
    order_of(session, pizzeria, now=NOON)
    order_of(session, pizzeria, now=NOON + MINUTE)
    assert samples(answers(session), "ocpizza_orders_today") == {("city_001",): 2}


def payment_of(session, pizzeria, **values) -> None:
    order = order_of(session, pizzeria, now=NOON)
    common = {"order_id": order.id, "means": Means.ONLINE_CARD, "amount_cents": 1200}
    session.add(Payment(created_at=NOON, **common | values))
    session.flush()


def test_payments_are_counted_while_they_are_open_and_for_a_day(session, pizzeria):
    payment_of(session, pizzeria, state=PaymentState.CREATED)
    payment_of(session, pizzeria, state=PaymentState.AUTHORISED)
    payment_of(session, pizzeria, state=PaymentState.AUTHORISED, attempts=3)
    for ago in (MINUTE, 2 * DAY):
        payment_of(session, pizzeria, state=PaymentState.RELEASED, settled_at=NOON - ago)
    said = answers(session)
    assert samples(said, "ocpizza_payments_open") == {("created",): 1, ("authorised",): 2}
    assert samples(said, "ocpizza_payments_unanswered") == {(): 1}
    lately = {("captured",): 0, ("released",): 1, ("failed",): 0}
    assert samples(said, "ocpizza_payments_settled_lately") == lately


def test_mail_is_counted_while_it_waits(session, pizzeria):
    for ago in (5, 3, 1):
        order_of(session, pizzeria, email="julia@example.org", now=NOON - ago * MINUTE)
    ids = session.query(OutgoingMail.id).order_by(OutgoingMail.created_at).all()
    first, second, third = (id for (id,) in ids)
    gone = {"attempts": MAX_ATTEMPTS, "due_at": NOON}
    for id, values in ((first, gone), (second, {"refused_since": NOON}), (third, {})):
        if values:
            session.execute(update(OutgoingMail).where(OutgoingMail.id == id).values(values))
    said = answers(session)
    mails = {("waiting",): 2, ("refused",): 1, ("given_up",): 1}
    assert samples(said, "ocpizza_outbox_mails") == mails
    assert samples(said, "ocpizza_outbox_oldest_seconds") == {(): 180}
    # What was given up is no news for ever.
    later = samples(answers(session, NOON + 2 * DAY), "ocpizza_outbox_mails")
    assert later[("given_up",)] == 0


def ran(session, job: str, ago: timedelta, succeeded: bool | None, restaurant=None) -> None:
    began = NOON - ago
    session.add(
        JobRun(
            job=job,
            restaurant_id=restaurant and restaurant.id,
            started_at=began,
            finished_at=None if succeeded is None else began + MINUTE,
            succeeded=succeeded,
        )
    )
    session.flush()


def test_of_each_job_the_last_run_counts_and_the_last_that_went_well(session, pizzeria):
    ran(session, "restore_drill", 3 * DAY, True)
    ran(session, "restore_drill", 2 * DAY, False)
    ran(session, "cyclic_update", 2 * DAY, True, pizzeria.restaurant)
    ran(session, "cyclic_update", DAY, None)
    said = answers(session)
    drill, whole, ours = ("", "restore_drill"), ("", "cyclic_update"), ("city_001", "cyclic_update")
    began = samples(said, "ocpizza_job_started_timestamp_seconds")
    assert began == {
        drill: (NOON - 2 * DAY).timestamp(),
        ours: (NOON - 2 * DAY).timestamp(),
        whole: (NOON - DAY).timestamp(),
    }
    assert samples(said, "ocpizza_job_succeeded_timestamp_seconds") == {
        drill: (NOON - 3 * DAY + MINUTE).timestamp(),
        ours: (NOON - 2 * DAY + MINUTE).timestamp(),
    }
    # One that runs has not gone well or wrong yet.
    assert samples(said, "ocpizza_job_well") == {drill: 0, ours: 1}
    assert samples(said, "ocpizza_job_seconds") == {drill: 60, ours: 60}


@pytest.fixture
def asker(settings) -> Asked:
    return Asked(settings["database.url"], Figures())


def up(asked_one: Asked) -> float:
    registry = CollectorRegistry()
    registry.register(asked_one.look())
    return samples(generate_latest(registry).decode(), "ocpizza_database_up")[()]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_database_that_takes_its_time_is_not_waited_for(asker, monkeypatch):
    """Prometheus gives up after ten seconds, and would learn nothing at all."""

    def sleepy(connection, _now):
        connection.execute(text("SELECT pg_sleep(30)"))
        yield GaugeMetricFamily("never", "")

    monkeypatch.setattr(asked, "STATEMENT_MS", 100)
    monkeypatch.setattr(asked, "QUESTIONS", (sleepy,))
    began = time.monotonic()
    assert up(asker) == 0
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_database_that_hangs_is_given_up(asker, monkeypatch):
    """Its own limit is of no use then: the connection's must do."""

    def hung(connection, _now):
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SELECT pg_sleep(30)"))
        yield GaugeMetricFamily("never", "")

    monkeypatch.setattr(asked, "PATIENCE", 0.2)
    monkeypatch.setattr(asked, "QUESTIONS", (hung,))
    began = time.monotonic()
    assert up(asker) == 0
    assert time.monotonic() - began < 8


def test_questions_that_take_too_long_together_are_not_all_asked(asker, monkeypatch):
    def answer(_connection, _now):
        yield GaugeMetricFamily("ocpizza_answer", "", value=1)

    monkeypatch.setattr(asked, "QUESTIONS", (answer,))
    assert up(asker) == 1
    monkeypatch.setattr(asked, "TOGETHER", -1.0)
    assert up(asker) == 0


@pytest.mark.parametrize("backend", ["postgresql"])
def test_a_database_without_its_tables_is_no_error_page(settings, empty_database):
    url = empty_database.url.render_as_string(hide_password=False)
    assert up(Asked(url, Figures())) == 0
