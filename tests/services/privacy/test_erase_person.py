"""After an erasure no trace of the person is left in any column of any table (GDPR, art. 17)."""

import hashlib
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import inspect, select, text

from factories import (
    NOON,
    advance_to,
    author_of,
    details_of,
    make_account,
    make_basket,
    make_staff,
    order_of,
)
from ocpizza.domain.author import Author
from ocpizza.models.account import Account, AccountAddress, AccountStatus, AddressUse, Role
from ocpizza.models.basket import Basket
from ocpizza.models.card import SavedCard
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import Order, Source
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Refund, RefundState
from ocpizza.models.promotion import Promotion, PromotionKind, PromotionUse
from ocpizza.models.sign_in import AccountToken, ExternalIdentity, SignInAttempt
from ocpizza.models.stock import Reason
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.locks import lock_stock
from ocpizza.services.order.cancel import Ending, cancel_order
from ocpizza.services.order.events import status_event
from ocpizza.services.order.own_orders import list_own_orders
from ocpizza.services.order.queries import find_proved
from ocpizza.services.outbox.send import NotSent, send_next
from ocpizza.services.payment.counter import Tender, record_payment
from ocpizza.services.payment.stripe_removal import claim_removal, removed
from ocpizza.services.privacy.erase_account import (
    NoAccount,
    StaffAccount,
    erase_account,
    erase_account_of,
)
from ocpizza.services.privacy.erase_orders import StillRunning, erase_orders, forget_contacts
from ocpizza.services.stock.move import Cause, move_stock
from refusals import refused_by

# Words that stand nowhere but in what is theirs, in ASCII: SQLite keeps JSON escaped.
NAME, STREET, EMAIL, PHONE = "Zenobine", "Ribambelle", "zephyrine@example.org", "+33698765432"
TRACES = (NAME, STREET, EMAIL, PHONE, "98 76 54 32", "cus_zephyrine", "pm_zephyrine")
TOLD = {
    "contact_name": f"{NAME} Dubois",
    "email": EMAIL,
    "phone": PHONE,
    "street": f"3 rue {STREET}",
    "complement": f"chez {NAME}",
    "comment": f"Demandez {NAME}",
}
LATER = NOON + timedelta(minutes=5)


def everything_in(session) -> dict[str, list[str]]:
    """What every row of every table says, as text, by table."""
    session.flush()
    tables = inspect(session.connection()).get_table_names()
    return {
        table: [
            json.dumps(list(row), default=str, ensure_ascii=False)
            for row in session.execute(text(f'SELECT * FROM "{table}"'))
        ]
        for table in tables
    }


def traces_in(session, words=TRACES) -> set[tuple[str, str]]:
    """(table, word) wherever one of the words is found."""
    return {
        (table, word)
        for table, rows in everything_in(session).items()
        for row in rows
        for word in words
        if word.lower() in row.lower()
    }


def make_person(session) -> Account:
    account = make_account(
        session,
        identifier=EMAIL,
        email=EMAIL,
        email_verified_at=NOON,
        first_name=NAME,
        last_name="Dubois",
        phone=PHONE,
        birthday=date(1990, 5, 17),
        stripe_customer_id="cus_zephyrine",
    )
    address = {"street": f"3 rue {STREET}", "postcode": "75011", "town": "Paris"}
    digest = hashlib.sha256(EMAIL.encode()).hexdigest()
    session.add_all(
        [
            *(
                AccountAddress(account_id=account.id, use=use, email=EMAIL, phone=PHONE, **address)
                for use in AddressUse
            ),
            ExternalIdentity(
                account_id=account.id,
                provider="google",
                subject=f"google-{NAME}",
                email=EMAIL,
                linked_at=NOON,
            ),
            SavedCard(
                account_id=account.id,
                stripe_payment_method_id="pm_zephyrine",
                brand="visa",
                last4="4242",
                saved_at=NOON,
            ),
            AccountToken(
                sha256="a" * 64,
                account_id=account.id,
                purpose="new_password",
                email=EMAIL,
                expires_at=LATER,
            ),
            SignInAttempt(identifier_sha256=digest, client_address="192.0.2.1", at=NOON),
            OutgoingMail(
                dedupe_key="account-changed",
                kind=MailKind.EMAIL_CHANGED,
                account_id=account.id,
                recipient="old@example.org",
                values={"new_email": EMAIL},
                created_at=NOON,
                due_at=NOON,
            ),
        ]
    )
    session.flush()
    return account


def write_notes(session, pizzeria, order, payment) -> None:
    """What staff may have written about them, wherever there is room."""
    event = OrderEvent(order_id=order.id, kind=EventKind.NOTE, note=f"{NAME} a appelé", at=LATER)
    refund = Refund(
        payment_id=payment.id,
        state=RefundState.REQUESTED,
        amount_cents=100,
        note=f"geste pour {NAME}",
        requested_at=LATER,
    )
    session.add_all([event, refund])
    egg = pizzeria.ingredients["oeuf"].id
    for delta in (-1, 1):
        locked = lock_stock(session, pizzeria.restaurant.id, {egg})
        move_stock(
            session,
            pizzeria.restaurant.id,
            locked,
            {egg: delta},
            Cause(Reason.CORRECTION, LATER, order.id, note=f"un œuf pour {NAME}"),
        )
    session.flush()


def use_promotion(session, account, order) -> None:
    promotion = Promotion(
        code="AMIS",
        name="Amis",
        kind=PromotionKind.PERCENTAGE,
        percent=10,
        first_order_only=False,
        birthday_only=False,
        times_used=1,
    )
    session.add(promotion)
    session.flush()
    order.revision.promotion_id = promotion.id
    session.add(
        PromotionUse(
            order_id=order.id,
            promotion_id=promotion.id,
            account_id=account.id,
            kind=PromotionKind.AMOUNT,
            amount_cents=100,
            ordinal=1,
            discount_cents=0,
            used_at=NOON,
        )
    )


@pytest.fixture
def person(session, pizzeria) -> Account:
    """Somebody who has left a trace wherever one can be left."""
    account = make_person(session)
    me = Author(account.id, Role.CUSTOMER)
    changed = order_of(session, pizzeria, author=me, **TOLD)
    basket = start_change(session, changed.id, LATER)
    total = review_basket(session, basket, LATER).quote.total_cents
    change_order(session, basket.token, Change(basket.checkout_key, total), me, LATER)
    session.flush()
    advance_to(session, changed, Status.DELIVERED)
    cashier = make_staff(session, Role.CASHIER, pizzeria.restaurant)
    payment = record_payment(session, changed, Tender(Means.CASH), cashier.id, NOON)
    session.flush()
    write_notes(session, pizzeria, changed, payment)
    use_promotion(session, account, changed)
    cancelled = order_of(session, pizzeria, author=me, **TOLD)
    cancel_order(
        session, cancelled.id, author_of(cashier), LATER, Ending(note=f"{NAME} a changé d’avis")
    )
    order_of(session, pizzeria, status=Status.DELIVERED, **TOLD)  # as a guest
    kept = make_basket(session, pizzeria, details=details_of(**TOLD))
    kept.account_id = account.id
    make_basket(session, pizzeria, details=details_of(**TOLD))
    session.flush()
    return account


def test_the_person_has_left_a_trace_in_every_table_that_may_hold_one(session, person):
    found = {table for table, _word in traces_in(session)}
    assert found >= {
        "account",
        "account_address",
        "account_token",
        "basket",
        "external_identity",
        "order_event",
        "order_revision",
        "orders",
        "outgoing_mail",
        "refund",
        "saved_card",
        "stock_movement",
    }


def test_no_trace_is_left_after_an_erasure(session, person, add_up):
    digest = hashlib.sha256(EMAIL.encode()).hexdigest()
    assert erase_account(session, person.id, LATER) == 3
    last = {("outgoing_mail", EMAIL), ("stripe_removal", "cus_zephyrine")}
    assert traces_in(session) == last  # the last mail, and what Stripe is to forget
    assert send_next(session, lambda mail: None, LATER)
    assert claim_removal(session, LATER) == "cus_zephyrine"
    removed(session, "cus_zephyrine")
    assert traces_in(session) == set()
    assert traces_in(session, [digest]) == set()
    add_up(session)


def test_a_last_mail_that_cannot_be_delivered_leaves_no_trace_either(session, person):
    def refuse(mail):
        raise NotSent(f"refused: {EMAIL}", final=True)

    erase_account(session, person.id, LATER)
    assert send_next(session, refuse, LATER)
    assert traces_in(session) == {("stripe_removal", "cus_zephyrine")}


def test_an_erased_account_cannot_be_used_and_its_names_are_free_again(session, person):
    version = person.session_version
    erase_account(session, person.id, LATER)
    session.refresh(person)
    assert (person.status, person.erased_at) == (AccountStatus.INACTIVE, LATER)
    assert person.session_version > version
    assert person.password_hash is None
    again = make_account(session, identifier=EMAIL, email=EMAIL)
    assert list_own_orders(session, again.id).orders == []


def test_erasing_twice_changes_nothing(session, person):
    erase_account(session, person.id, LATER)
    session.flush()
    assert erase_account(session, person.id, LATER + timedelta(days=1)) == 0
    session.refresh(person)
    assert person.erased_at == LATER


def test_orders_stay_for_the_accounts_with_postcode_and_town(session, person):
    before = {order.id: order.revision.total_cents for order in session.scalars(select(Order))}
    erase_account(session, person.id, LATER)
    orders = session.scalars(select(Order)).all()
    assert {order.id: order.revision.total_cents for order in orders} == before
    assert {order.erased_at for order in orders} == {LATER}
    assert {order.revision.postcode for order in orders} == {"75011"}
    assert {len(order.revision.lines) for order in orders} == {1}


def test_neither_phone_nor_email_find_an_erased_order(session, person):
    numbers = session.scalars(select(Order.number)).all()
    erase_account(session, person.id, LATER)
    for contact in (PHONE, EMAIL):
        assert [find_proved(session, number, contact) for number in numbers] == [None] * 3


@pytest.mark.parametrize("verified", [NOON, None])
def test_only_a_confirmed_address_gives_a_right_to_orders_placed_with_it(
    session, pizzeria, verified
):
    stranger = make_account(session, email=EMAIL, email_verified_at=verified)
    order = order_of(session, pizzeria, status=Status.DELIVERED, **TOLD)
    erase_account(session, stranger.id, LATER)
    session.refresh(order)
    assert (order.erased_at is not None) == (verified is not None)
    mails = session.scalars(select(OutgoingMail).where(OutgoingMail.order_id == order.id)).all()
    assert bool(mails) == (verified is None)


def test_what_a_colleague_took_down_with_a_promotion_of_theirs_is_erased_too(session, pizzeria):
    account = make_person(session)
    told = TOLD | {"email": ""}
    by_phone = order_of(session, pizzeria, source=Source.PHONE, **told)
    use_promotion(session, account, by_phone)
    begun = make_basket(session, pizzeria, details=details_of(phone="06 98 76"))
    begun.customer_id = account.id
    session.flush()
    with pytest.raises(StillRunning):
        erase_account(session, account.id, LATER)
    advance_to(session, by_phone, Status.DELIVERED)
    assert erase_account(session, account.id, LATER) == 1
    session.refresh(begun)
    assert (begun.customer_id, begun.details, len(begun.lines)) == (None, {}, 1)
    assert {table for table, _word in traces_in(session)} == {"outgoing_mail", "stripe_removal"}


@pytest.mark.parametrize("guest", [True, False])
def test_while_an_order_runs_nothing_is_erased(session, pizzeria, guest):
    account = make_person(session)
    author = None if guest else Author(account.id, Role.CUSTOMER)
    ended = order_of(session, pizzeria, author=author, status=Status.DELIVERED, **TOLD)
    running = order_of(session, pizzeria, author=author, status=Status.PREPARING, **TOLD)
    with pytest.raises(StillRunning) as refused:
        erase_account(session, account.id, LATER)
    assert refused.value.numbers == [running.number]
    session.expire_all()
    assert account.email == EMAIL
    assert session.scalars(select(Basket.details)).all()[0]["phone"] == PHONE
    assert ended.contact_name == TOLD["contact_name"]
    advance_to(session, running, Status.DELIVERED)
    assert erase_account(session, account.id, LATER) == 2


def test_an_account_of_the_staff_does_not_erase_itself(session, pizzeria):
    driver = make_staff(session, Role.DRIVER, pizzeria.restaurant)
    with pytest.raises(StaffAccount):
        erase_account(session, driver.id, LATER)


def test_an_account_is_found_by_identifier_or_email_in_any_case(session, person):
    with pytest.raises(NoAccount):
        erase_account_of(session, "nobody@example.org", LATER)
    assert erase_account_of(session, f" {EMAIL.upper()} ", LATER) == 3


def test_a_guest_is_erased_from_one_order_only(session, pizzeria, add_up):
    first, second = (order_of(session, pizzeria, status=Status.DELIVERED, **TOLD) for _ in "ab")
    assert erase_orders(session, [first.id], LATER) == 1
    assert erase_orders(session, [first.id], LATER) == 0
    assert (first.contact_name, first.phone, first.email) == ("", None, None)
    assert first.revision.street is None
    assert second.contact_name == TOLD["contact_name"]
    assert second.revision.street == TOLD["street"]
    add_up(session)


def test_what_is_somebody_elses_stays(session, pizzeria, person):
    other = make_account(session, email="bob@example.org", email_verified_at=NOON)
    basket = make_basket(session, pizzeria)
    basket.account_id = other.id
    session.flush()
    basket_id = basket.id
    order = order_of(session, pizzeria, author=author_of(other))
    erase_account(session, person.id, NOON)
    session.flush()
    session.expire_all()
    assert session.scalar(select(Basket.id).where(Basket.id == basket_id))
    assert (order.contact_name, order.account_id) == ("Stanley Martin", other.id)
    assert session.get_one(Account, other.id).email == "bob@example.org"


def test_a_basket_keeps_its_lines_and_forgets_the_contact(session, pizzeria):
    order = order_of(session, pizzeria, status=Status.DELIVERED, **TOLD)
    same = make_basket(session, pizzeria, details=details_of(phone=PHONE))
    other = make_basket(session, pizzeria)
    forget_contacts(session, [order.id])
    session.refresh(same)
    session.refresh(other)
    assert (same.details, len(same.lines)) == ({}, 1)
    assert other.details["contact_name"] == "Stanley Martin"


def test_a_change_that_is_under_way_keeps_its_contact(session, pizzeria):
    ended = order_of(session, pizzeria, status=Status.DELIVERED, **TOLD)
    changing = start_change(session, order_of(session, pizzeria, **TOLD).id, LATER)
    forget_contacts(session, [ended.id])
    session.refresh(changing)
    assert changing.details["phone"] == PHONE


def test_why_an_order_was_not_delivered_goes_and_the_order_stays_valid(session, pizzeria, add_up):
    order = order_of(session, pizzeria, status=Status.READY, **TOLD)
    order.status, order.ending_note = Status.NOT_DELIVERED, f"{NAME} absente"
    author = author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant))
    event = status_event(Status.NOT_DELIVERED, author, LATER)
    event.order_id, event.note = order.id, f"{NAME} absente"
    session.add(event)
    session.flush()
    forget_contacts(session, [order.id])
    erase_orders(session, [order.id], LATER)
    assert traces_in(session, [NAME]) == set()
    add_up(session)


@pytest.mark.parametrize("table", ["order_event", "stock_movement"])
@pytest.mark.parametrize("change", ["note = '', at = '2020-01-01'", "note = 'x'"])
def test_history_lets_go_of_a_note_and_of_nothing_else(session, person, table, change):
    session.execute(text(f"UPDATE {table} SET note = ''"))
    with refused_by(session, f"rows of {table} are append-only"):
        session.execute(text(f"UPDATE {table} SET {change}"))
