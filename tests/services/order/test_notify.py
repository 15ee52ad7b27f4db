"""News of an order are put into the outbox once an event, in the event's own transaction."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from factories import NOON, advance_to, order_of
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.order.notify import notify_customer
from ocpizza.services.outbox.send import NotSent, send_next

EMAIL = "julia@example.org"
SECOND = timedelta(seconds=1)


def kinds(session) -> list[MailKind]:
    session.flush()
    return list(session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)))


def test_whoever_gave_no_address_is_sent_nothing(session, pizzeria):
    order_of(session, pizzeria, status=Status.DELIVERED)
    assert kinds(session) == []


def test_each_event_is_told_once(session, pizzeria):
    order = order_of(session, pizzeria, email=EMAIL)
    cancel_order(session, order.id, Author(None, Role.CUSTOMER), NOON)
    cancel_order(session, order.id, Author(None, Role.CUSTOMER), NOON)
    assert kinds(session) == [MailKind.ORDER_CONFIRMED, MailKind.ORDER_CANCELLED]
    with pytest.raises(IntegrityError), session.begin_nested():
        notify_customer(session, order, MailKind.ORDER_CONFIRMED, NOON)


def test_each_step_that_matters_to_the_customer_is_told(session, pizzeria):
    order_of(session, pizzeria, status=Status.DELIVERED, email=EMAIL)
    assert kinds(session) == [
        MailKind.ORDER_CONFIRMED,
        MailKind.ORDER_ACCEPTED,
        MailKind.ORDER_READY,
        MailKind.ORDER_ON_ITS_WAY,
        MailKind.ORDER_DELIVERED,
    ]


def sent_in_order(session) -> list[MailKind]:
    """What has been sent by the time that nothing waits any more."""
    seen = []
    for seconds in range(30):
        while send_next(session, lambda mail: seen.append(mail.kind), NOON + seconds * SECOND):
            session.flush()
    return seen


def test_what_ends_an_order_is_told_after_what_may_still_be_undone(session, pizzeria):
    order = order_of(session, pizzeria, email=EMAIL, mode=Mode.TAKEAWAY, status=Status.READY)
    advance_to(session, order, Status.DELIVERED, now=NOON + SECOND)
    assert sent_in_order(session)[-2:] == [MailKind.ORDER_READY, MailKind.ORDER_DELIVERED]


def test_an_order_that_is_cancelled_at_once_is_not_accepted_afterwards(session, pizzeria):
    order = order_of(session, pizzeria, email=EMAIL, status=Status.ACCEPTED)
    cancel_order(session, order.id, Author(None, Role.CUSTOMER), NOON + SECOND)
    session.flush()
    assert sent_in_order(session)[-2:] == [MailKind.ORDER_ACCEPTED, MailKind.ORDER_CANCELLED]


def failing(final: bool):
    def send(_mail) -> None:
        raise NotSent("down", final=final)

    return send


def the_mail(session) -> OutgoingMail:
    return session.scalars(select(OutgoingMail)).one()


def test_what_was_sent_is_not_sent_again(session, pizzeria):
    order_of(session, pizzeria, email=EMAIL)
    seen = []
    assert send_next(session, seen.append, NOON)
    session.flush()
    assert not send_next(session, seen.append, NOON)
    assert [mail.recipient for mail in seen] == [EMAIL]
    assert the_mail(session).sent_at == NOON


def test_nothing_is_sent_before_it_is_due(session, pizzeria):
    order_of(session, pizzeria, email=EMAIL)
    assert not send_next(session, lambda mail: None, NOON - timedelta(seconds=1))


def test_an_outage_of_three_days_loses_nothing_and_tries_once_an_hour(session, pizzeria):
    order_of(session, pizzeria, email=EMAIL)
    tries, now, step = 0, NOON, timedelta(seconds=30)
    while now < NOON + timedelta(days=3):
        assert send_next(session, failing(final=False), now)
        session.flush()
        tries += 1
        # A worker asks every half minute: in vain until it is due.
        wait = the_mail(session).due_at - now
        early = (wait - timedelta.resolution) // step * step
        assert not send_next(session, failing(final=False), now + early)
        now += early + step
    assert tries < 80
    seen = []
    assert send_next(session, seen.append, now + timedelta(hours=1))
    assert len(seen) == 1


def test_each_wait_is_twice_the_one_before_until_it_is_an_hour(session, pizzeria):
    order_of(session, pizzeria, email=EMAIL)
    now, waits = NOON, []
    for _ in range(9):
        assert send_next(session, failing(final=False), now)
        session.flush()
        waits.append((the_mail(session).due_at - now).total_seconds())
        now = the_mail(session).due_at
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_what_is_refused_for_good_is_given_up_and_says_why(session, pizzeria):
    order_of(session, pizzeria, email=EMAIL)
    assert send_next(session, failing(final=True), NOON)
    session.flush()
    assert not send_next(session, failing(final=True), NOON + timedelta(days=9))
    assert (the_mail(session).last_error, the_mail(session).sent_at) == ("down", None)
