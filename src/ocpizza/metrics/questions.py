"""The questions. Each finds what it counts by an index, however many years there were before.

What jobs did needs no line here: whoever writes a `job_run` is seen.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import Connection, case, func, select

from ocpizza.domain.hours import business_day
from ocpizza.models.job import JobRun
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.payment import Payment, PaymentState
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.outbox.send import GIVEN_UP, UNSENT
from ocpizza.services.payment.queries import OPEN

LATELY = timedelta(days=1)


def restaurants(connection: Connection) -> list[str]:
    """Return the codes of all restaurants."""
    return list(connection.scalars(select(Restaurant.code)))


def orders_today(connection: Connection, now: datetime) -> Iterator[Metric]:
    """Orders of the business day, whoever took them and however often processes began anew."""
    count = (
        select(func.count())
        .where(Order.restaurant_id == Restaurant.id, Order.business_day == business_day(now))
        .scalar_subquery()
    )
    metric = GaugeMetricFamily(
        "ocpizza_orders_today",
        "Orders of the business day (06:00 to 06:00, Europe/Paris).",
        labels=("restaurant",),
    )
    for code, number in connection.execute(select(Restaurant.code, count)):
        metric.add_metric((code,), number)
    yield metric


def payments(connection: Connection, now: datetime) -> Iterator[Metric]:
    """Payments that are open, those that Stripe does not answer for, and what became of others."""
    waiting = func.sum(case((Payment.attempts > 0, 1), else_=0))
    query = select(Payment.state, func.count(), waiting).where(Payment.settled_at.is_(None))
    found = {state: rest for state, *rest in connection.execute(query.group_by(Payment.state))}
    opened = GaugeMetricFamily(
        "ocpizza_payments_open", "Payments that are not settled yet.", labels=("state",)
    )
    for state in OPEN:
        opened.add_metric((state,), found.get(state, (0, 0))[0])
    yield opened
    yield GaugeMetricFamily(
        "ocpizza_payments_unanswered",
        "Open payments about which Stripe gave no answer when it was last asked.",
        value=sum(unanswered for _, unanswered in found.values()),
    )
    lately = select(Payment.state, func.count()).where(Payment.settled_at > now - LATELY)
    ended = connection.execute(lately.group_by(Payment.state))
    numbers = {state: number for state, number in ended}  # noqa: C416  (rows are no pairs to mypy)
    settled = GaugeMetricFamily(
        "ocpizza_payments_settled_lately",
        "Payments settled within 24 hours.",
        labels=("state",),
    )
    for state in PaymentState:
        if state not in OPEN:
            settled.add_metric((state,), numbers.get(state, 0))
    yield settled


def outbox(connection: Connection, now: datetime) -> Iterator[Metric]:
    """Mail that waits, for how long, and that was given up."""
    refused = func.count(OutgoingMail.refused_since)
    query = select(func.count(), refused, func.min(OutgoingMail.created_at)).where(UNSENT)
    waiting, refused_ones, oldest = connection.execute(query).one()
    lately = OutgoingMail.due_at > now - LATELY
    given_up = connection.scalar(select(func.count()).where(GIVEN_UP, lately))
    mails = GaugeMetricFamily(
        "ocpizza_outbox_mails",
        "Mail that waits, of it what the mail server refuses, and what was given up in 24 hours.",
        labels=("state",),
    )
    mails.add_metric(("waiting",), waiting)
    mails.add_metric(("refused",), refused_ones)
    mails.add_metric(("given_up",), given_up or 0)
    yield mails
    yield GaugeMetricFamily(
        "ocpizza_outbox_oldest_seconds",
        "How long the oldest mail has been waiting; 0 if none does.",
        value=(now - oldest).total_seconds() if oldest else 0,
    )


def jobs(connection: Connection, _now: datetime) -> Iterator[Metric]:
    """The last run of each job, for each restaurant that has one of its own."""
    apart = (JobRun.job, JobRun.restaurant_id)
    age = func.row_number().over(partition_by=apart, order_by=JobRun.started_at.desc())
    held = func.max(case((JobRun.succeeded.is_(True), JobRun.finished_at))).over(partition_by=apart)
    runs = select(JobRun, age.label("age"), held.label("held_at")).subquery()
    query = select(runs, Restaurant.code).outerjoin(Restaurant).where(runs.c.age == 1)
    # `job` is what Prometheus calls who is read.
    labels = ("task", "restaurant")
    started = GaugeMetricFamily(
        "ocpizza_job_started_timestamp_seconds", "When a job last began.", labels=labels
    )
    succeeded = GaugeMetricFamily(
        "ocpizza_job_succeeded_timestamp_seconds", "When it last went well.", labels=labels
    )
    well = GaugeMetricFamily(
        "ocpizza_job_well", "Whether its last run went well; not while it runs.", labels=labels
    )
    took = GaugeMetricFamily("ocpizza_job_seconds", "How long its last run took.", labels=labels)
    for run in connection.execute(query):
        who = (run.job, run.code or "")
        started.add_metric(who, run.started_at.timestamp())
        if run.held_at:
            succeeded.add_metric(who, run.held_at.timestamp())
        if run.finished_at:
            well.add_metric(who, bool(run.succeeded))
            took.add_metric(who, (run.finished_at - run.started_at).total_seconds())
    yield from (started, succeeded, well, took)


QUESTIONS: tuple[Callable[[Connection, datetime], Iterator[Metric]], ...] = (
    orders_today,
    payments,
    outbox,
    jobs,
)
