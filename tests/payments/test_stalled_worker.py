"""A Stripe that hangs delays no mail, and a worker that is told to stop stops."""

import threading
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from factories import order_of
from mail.conftest import mail_settings, mailbox, smtp
from ocpizza.models.order_status import Status
from ocpizza.operations import work
from ocpizza.operations.work import Worker
from payments.stalled import Stalled
from payments.till import gateway, stripe, till

__all__ = ["gateway", "mail_settings", "mailbox", "smtp", "stripe", "till"]
LONG = 60


@pytest.fixture
def worker(till, mail_settings, monkeypatch):
    """One that does not pause."""
    monkeypatch.setattr(work, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(work, "LAST_SECONDS", 0.01)
    worker = Worker(till.engine, mail_settings, Event())
    worker.payments = Stalled()
    yield worker
    worker.stop.set()
    worker.payments.let_go.set()
    # The database is another test's next.
    for thread in threading.enumerate():
        if thread.name == "payments":
            thread.join(LONG)


def place(till) -> int:
    """An order whose payment Stripe is to be told of now."""
    return till.place(now=datetime.now(UTC) - timedelta(minutes=2))


def test_mail_is_sent_while_every_call_to_stripe_hangs(till, worker, mailbox, monkeypatch):
    place(till)
    with till.session() as session, session.begin():
        order_of(session, till.pizzeria, email="julia@example.org")
    arrived = Event()
    keep = mailbox.handle_DATA

    async def tell(*arguments):
        arrived.set()
        return await keep(*arguments)

    monkeypatch.setattr(mailbox, "handle_DATA", tell)
    running = Thread(target=worker.run)
    running.start()
    assert worker.payments.called.acquire(timeout=LONG)
    assert arrived.wait(LONG)
    assert not worker.payments.let_go.is_set()
    worker.stop.set()
    running.join(LONG)
    # Though the call still hangs: another process goes on with it, as after a crash.
    assert not running.is_alive()
    assert not worker.payments.let_go.is_set()


def test_a_call_that_was_hanging_is_made_again(till, worker):
    order_id = place(till)
    running = Thread(target=worker.run)
    running.start()
    assert worker.payments.called.acquire(timeout=LONG)
    worker.stop.set()
    running.join(LONG)
    till.settle(order_id, datetime.now(UTC))
    till.pay(order_id)
    till.settle(order_id, datetime.now(UTC))
    assert till.order(order_id).status is Status.TO_PREPARE
