"""What the worker erases by itself, when, and whom it tells before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, make_account, make_promotion, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.domain.promotion import Verdict
from ocpizza.models.account import Account, Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import Order, Source
from ocpizza.models.order_status import Status
from ocpizza.models.sign_in import ExternalIdentity
from ocpizza.services.account.edit import mark_active
from ocpizza.services.outbox.purge import forget_recipients
from ocpizza.services.privacy.retention import (
    announce_erasures,
    erase_old_orders,
    erase_unconfirmed_accounts,
    erase_unused_accounts,
    erasure_date,
)
from ocpizza.services.promotion.terms import terms_by_id
from ocpizza.services.promotion.uses import use_promotion

DAYS = 1095
AGE = timedelta(days=DAYS)
MOMENT = timedelta(seconds=1)
DAY = timedelta(days=1)
# Written out: delays taken from the code would agree with whatever that says.
NOTICE = KEPT = 30 * DAY


def told(session) -> list[str]:
    session.flush()
    query = select(OutgoingMail.recipient).where(OutgoingMail.kind == MailKind.ACCOUNT_UNUSED)
    return list(session.scalars(query))


def make_customer(session, **values) -> Account:
    return make_account(session, email_verified_at=NOON, **values)


@pytest.mark.parametrize(("after", "count"), [(AGE, 0), (AGE + MOMENT, 1)])
def test_an_ended_order_forgets_its_customer_after_three_years(
    session, pizzeria, add_up, after, count
):
    order = order_of(session, pizzeria, status=Status.DELIVERED)
    assert erase_old_orders(session, NOON + after, DAYS) == count
    assert erase_old_orders(session, NOON + after, DAYS) == 0
    assert (order.phone is None) == bool(count)
    add_up(session)


def test_an_order_that_never_ended_is_left_to_people(session, pizzeria):
    order = order_of(session, pizzeria, status=Status.READY)
    assert erase_old_orders(session, NOON + 2 * AGE, DAYS) == 0
    assert order.phone


def test_old_orders_go_a_few_at_a_time_the_oldest_first(session, pizzeria):
    late, early = (
        order_of(session, pizzeria, now=NOON + n * DAY, status=Status.DELIVERED) for n in (1, 0)
    )
    session.flush()
    for _ in range(50):
        order_of(session, pizzeria, now=NOON + MOMENT, status=Status.DELIVERED)
    assert erase_old_orders(session, NOON + 2 * AGE, DAYS) == 50
    assert (early.phone, late.phone) == (None, "+33612345678")
    assert erase_old_orders(session, NOON + 2 * AGE, DAYS) == 2
    assert erase_old_orders(session, NOON + 2 * AGE, DAYS) == 0
    assert session.scalars(select(Order).where(Order.phone.is_not(None))).all() == []


def test_an_unused_account_is_announced_once_and_erased_thirty_days_later(session):
    account = make_customer(session)
    email = account.email
    nearly = NOON + AGE - NOTICE
    assert announce_erasures(session, nearly, DAYS) == 0
    assert announce_erasures(session, nearly + MOMENT, DAYS) == 1
    assert announce_erasures(session, nearly + DAY, DAYS) == 0
    assert told(session) == [email]
    assert erase_unused_accounts(session, NOON + AGE, DAYS) == 0
    assert erase_unused_accounts(session, NOON + AGE + DAY, DAYS) == 1
    assert erase_unused_accounts(session, NOON + AGE + DAY, DAYS) == 0
    assert account.email is None
    kinds = session.execute(select(OutgoingMail.kind, OutgoingMail.recipient)).all()
    assert kinds == [(MailKind.ACCOUNT_ERASED, email)]


def test_nobody_goes_without_having_been_told_in_time(session):
    account = make_customer(session)
    long_after = NOON + 3 * AGE
    assert erase_unused_accounts(session, long_after, DAYS) == 0
    announce_erasures(session, long_after, DAYS)
    assert erasure_date(account, DAYS) == long_after + NOTICE
    assert erase_unused_accounts(session, long_after + NOTICE, DAYS) == 0
    assert erase_unused_accounts(session, long_after + NOTICE + MOMENT, DAYS) == 1


def test_signing_in_keeps_an_account(session):
    account = make_customer(session)
    announce_erasures(session, NOON + AGE, DAYS)
    mark_active(account, NOON + AGE)
    assert erase_unused_accounts(session, NOON + AGE + NOTICE + DAY, DAYS) == 0
    assert announce_erasures(session, NOON + 2 * AGE - NOTICE, DAYS) == 0
    assert announce_erasures(session, NOON + 2 * AGE, DAYS) == 1


def test_an_order_keeps_its_account(session, pizzeria):
    account = make_customer(session)
    author = Author(account.id, Role.CUSTOMER)
    order_of(session, pizzeria, author=author, now=NOON + AGE, status=Status.DELIVERED)
    account.erasure_announced_at = NOON
    session.flush()
    assert announce_erasures(session, NOON + AGE + DAY, DAYS) == 0
    assert erase_unused_accounts(session, NOON + AGE + DAY, DAYS) == 0


def test_an_order_by_telephone_with_a_promotion_of_theirs_keeps_it_too(session, pizzeria):
    account, promotion = make_customer(session), make_promotion(session)
    order = order_of(
        session, pizzeria, now=NOON + AGE, status=Status.DELIVERED, source=Source.PHONE
    )
    verdict = Verdict(terms_by_id(session, promotion.id), (), 100, 0)
    use_promotion(session, verdict, order.id, account.id, NOON + AGE)
    account.erasure_announced_at = NOON
    session.flush()
    assert erase_unused_accounts(session, NOON + AGE + DAY, DAYS) == 0
    assert erase_unused_accounts(session, NOON + 2 * AGE + DAY, DAYS) == 1


def test_an_account_with_an_order_that_never_ended_waits_for_people(session, pizzeria):
    account = make_customer(session)
    order_of(session, pizzeria, author=Author(account.id, Role.CUSTOMER), status=Status.READY)
    account.erasure_announced_at = NOON
    session.flush()
    assert erase_unused_accounts(session, NOON + 3 * AGE, DAYS) == 0


def test_an_owner_who_orders_as_a_guest_just_now_is_left_for_later(session, pizzeria):
    account, other = make_customer(session), make_account(session, identifier="x", email=None)
    order_of(session, pizzeria, email=account.email, now=NOON + 2 * AGE)
    account.erasure_announced_at = NOON
    session.flush()
    assert erase_unused_accounts(session, NOON + 2 * AGE, DAYS) == 1
    assert (account.erased_at, other.erased_at) == (None, NOON + 2 * AGE)


def test_whoever_cannot_be_told_is_erased_without(session):
    account = make_account(session, identifier="julia", email=None)
    assert announce_erasures(session, NOON + AGE + DAY, DAYS) == 0
    assert erase_unused_accounts(session, NOON + AGE + DAY, DAYS) == 1
    assert account.identifier is None


def test_staff_are_never_erased(session, pizzeria):
    make_staff(session, Role.DRIVER, pizzeria.restaurant)
    make_staff(session, Role.CASHIER, pizzeria.restaurant, email="anne@example.org")
    later = NOON + 3 * AGE
    assert announce_erasures(session, later, DAYS) == 0
    assert erase_unused_accounts(session, later, DAYS) == 0
    assert erase_unconfirmed_accounts(session, later, 30) == 0


def test_an_account_whose_address_was_never_confirmed_goes_earlier_and_quietly(session):
    account = make_account(session)
    assert erase_unconfirmed_accounts(session, NOON + timedelta(days=30), 30) == 0
    assert erase_unconfirmed_accounts(session, NOON + timedelta(days=31), 30) == 1
    assert account.email is None
    # The address may be somebody else's.
    assert session.scalars(select(OutgoingMail)).all() == []


@pytest.mark.parametrize("use", ["confirmed", "joined", "ordered", "seen", "no address"])
def test_an_account_that_is_used_is_not_taken_for_an_unconfirmed_one(session, pizzeria, use):
    account = make_account(session)
    later = NOON + timedelta(days=60)
    if use == "confirmed":
        account.email_verified_at = NOON
    elif use == "joined":
        identity = {"provider": "google", "subject": "1", "linked_at": NOON}
        session.add(ExternalIdentity(account_id=account.id, **identity))
    elif use == "ordered":
        me = Author(account.id, Role.CUSTOMER)
        order_of(session, pizzeria, author=me, status=Status.DELIVERED)
    elif use == "seen":
        account.last_seen_at = later - DAY
    else:
        account.identifier, account.email = "julia", None
    session.flush()
    assert erase_unconfirmed_accounts(session, later, 30) == 0


@pytest.mark.parametrize(
    ("values", "forgotten"),
    [({"sent_at": NOON}, 1), ({"attempts": 80, "last_error": "x"}, 1), ({}, 0)],
)
def test_mail_forgets_its_recipient_a_month_after_it_was_sent_or_given_up(
    session, values, forgotten
):
    mail = OutgoingMail(
        dedupe_key="x",
        kind=MailKind.PASSWORD_CHANGED,
        recipient="julia@example.org",
        created_at=NOON,
        due_at=NOON,
        **values | {"values": {"first_name": "Julia"}},
    )
    session.add(mail)
    session.flush()
    assert forget_recipients(session, NOON + KEPT) == 0
    assert forget_recipients(session, NOON + KEPT + MOMENT) == forgotten
    assert forget_recipients(session, NOON + KEPT + MOMENT) == 0
    session.refresh(mail)
    if forgotten:
        assert (mail.recipient, mail.last_error, mail.values) == ("", None, {})
    else:
        assert (mail.recipient, mail.values) == ("julia@example.org", {"first_name": "Julia"})
    assert mail.dedupe_key == "x"
