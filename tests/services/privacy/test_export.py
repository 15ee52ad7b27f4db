"""GDPR, art. 15 and 20: everything about its owner, nothing that opens their account."""

import json
from datetime import date, timedelta

import pytest

from databases import counted_statements
from factories import NOON, make_account, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.models.account import Account, AccountAddress, AddressUse, Role
from ocpizza.models.card import SavedCard
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine
from ocpizza.models.order_revision import OrderEvent, OrderRevision
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, Refund
from ocpizza.models.promotion import Promotion, PromotionKind, PromotionUse
from ocpizza.models.second_factor import SecondFactor
from ocpizza.models.sign_in import AccountToken, ExternalIdentity, SignInSession
from ocpizza.services.payment.counter import Tender, record_payment
from ocpizza.services.privacy import export as export
from ocpizza.services.privacy.export import export_text

EMAIL = "julia@example.org"


@pytest.fixture
def account(session):
    account = make_account(
        session,
        email=EMAIL,
        email_verified_at=NOON,
        phone="+33612345678",
        birthday=date(1985, 1, 2),
    )
    address = {"street": "8 rue Amelot", "postcode": "75011", "town": "Paris"}
    session.add_all(
        [
            AccountAddress(account_id=account.id, use=AddressUse.DELIVERY, **address),
            ExternalIdentity(
                account_id=account.id, provider="google", subject="117", linked_at=NOON
            ),
            SavedCard(
                account_id=account.id,
                stripe_payment_method_id="pm_secret",
                brand="visa",
                last4="4242",
                saved_at=NOON,
            ),
            AccountToken(
                sha256="5" * 64, account_id=account.id, purpose="new_password", expires_at=NOON
            ),
        ]
    )
    session.flush()
    return account


def exported(session, account):
    """As whoever downloads it reads it."""
    return json.loads("".join(export_text(session, account, NOON)))


def test_the_account_and_all_that_belongs_to_it_are_in_it(session, account):
    data = exported(session, account)
    assert data["account"]["email"] == EMAIL
    assert data["account"]["birthday"] == "1985-01-02"
    assert [one["street"] for one in data["addresses"]] == ["8 rue Amelot"]
    assert [(one["provider"], one["subject"]) for one in data["sign_in_ways"]] == [
        ("google", "117")
    ]
    assert [one["last4"] for one in data["cards"]] == ["4242"]


def test_no_secret_is_in_it(session, account, pizzeria):
    order = order_of(session, pizzeria, author=Author(account.id, Role.CUSTOMER), email=EMAIL)
    said = "".join(export_text(session, account, NOON))
    for secret in (account.password_hash, "argon2", "pm_secret", "5" * 64, order.tracking_token):
        assert secret not in said


def test_orders_are_whole_and_colleagues_are_not_named(session, account, pizzeria):
    me = Author(account.id, Role.CUSTOMER)
    choice = pizzeria.select("regina", without=["jambon"], extras=["oeuf"])
    order = order_of(session, pizzeria, [(choice, 2)], author=me, comment="Sonnez")
    cashier = make_staff(session, Role.CASHIER, pizzeria.restaurant, first_name="Salvatore")
    record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
    promotion = Promotion(
        code="AMIS",
        name="Amis",
        kind=PromotionKind.PERCENTAGE,
        percent=10,
        first_order_only=False,
        birthday_only=False,
    )
    session.add(promotion)
    session.flush()
    use = {
        "kind": PromotionKind.AMOUNT,
        "amount_cents": 100,
        "ordinal": 1,
        "discount_cents": 100,
        "used_at": NOON,
    }
    session.add(
        PromotionUse(order_id=order.id, promotion_id=promotion.id, account_id=account.id, **use)
    )
    session.flush()
    session.expire_all()
    data = exported(session, account)
    (kept,) = data["orders"]
    (line,) = kept["revisions"][0]["lines"]
    assert (line["name"], line["without"], line["extras"]) == ("Regina", ["Jambon blanc"], ["Œuf"])
    assert kept["revisions"][0]["comment"] == "Sonnez"
    assert kept["restaurant"] == pizzeria.restaurant.name
    assert [one["captured_cents"] for one in kept["payments"]] == [
        kept["revisions"][0]["total_cents"]
    ]
    assert kept["events"][0]["status"] == "to_prepare"
    assert [one["code"] for one in data["promotions"]] == ["AMIS"]
    assert "Salvatore" not in json.dumps(data)


def test_what_they_ordered_as_a_guest_is_theirs_too_and_what_others_ordered_is_not(
    session, account, pizzeria
):
    guest = order_of(session, pizzeria, email=EMAIL, status=Status.DELIVERED)
    order_of(session, pizzeria, email="other@example.org")
    order_of(session, pizzeria, author=Author(make_account(session).id, Role.CUSTOMER))
    assert [one["number"] for one in exported(session, account)["orders"]] == [guest.number]
    account.email_verified_at = None
    assert exported(session, account)["orders"] == []


# Exported tables, and what of them is not about a person: keys of rows, secrets, the shop's own.
COLUMNS = {
    Account: export.ACCOUNT,
    AccountAddress: export.ADDRESS,
    ExternalIdentity: export.IDENTITY,
    SignInSession: export.SESSION,
    SecondFactor: export.SECOND_FACTOR,
    SavedCard: export.CARD,
    OutgoingMail: export.MAIL,
    Order: export.ORDER,
    OrderRevision: export.REVISION,
    OrderLine: export.LINE,
    OrderEvent: export.EVENT,
    Payment: export.PAYMENT,
    Refund: export.REFUND,
}
ROWS = (
    "id account_id order_id revision_id payment_id restaurant_id promotion_id product_size_id "
    "version"
)
SECRET = (
    "password_hash session_version sha256 stripe_customer_id stripe_payment_method_id dedupe_key "
    "tracking_token checkout_key idempotency_key stripe_refund_id key last_step "
    "code_hash device_sha256"
)
COLLEAGUES = "author_id pizzaiolo_id driver_id recorded_by_id"
# The state of an account that exports is « active »; times at which we try again; our accounts.
OURS = (
    "values due_at attempts last_error refused_since retry_at capture_from hold_expires_at "
    "undoes_id undone_before "
    "business_day wish currency receipt_id position size_name_en vat_rate "
    "till_session_id till_movement_id"
)


def test_every_column_about_a_person_is_in_it():
    """A new column is exported, or said here not to be about anybody."""
    left_out = set(f"{ROWS} {SECRET} {COLLEAGUES} {OURS}".split())
    also = {(Account, "status"), (Account, "erased_at"), (OrderLine, "kind")}
    missing = {
        (table.__name__, column)
        for table, exported in COLUMNS.items()
        for column in (each.key for each in table.__table__.columns)
        if column not in exported and column not in left_out and (table, column) not in also
    }
    assert missing == set()


def test_limits_know_where_an_open_order_came_from_and_so_does_its_owner(
    session, account, pizzeria
):
    order = order_of(session, pizzeria, author=Author(account.id, Role.CUSTOMER))
    order.network, order.first_purchase = "192.0.2.0", True
    session.flush()
    (kept,) = exported(session, account)["orders"]
    assert (kept["network"], kept["first_purchase"]) == ("192.0.2.0", True)


def test_many_orders_take_a_statement_a_table_for_each_few(session, account, pizzeria, monkeypatch):
    monkeypatch.setattr(export, "AT_A_TIME", 2)
    sent = []
    for _ in range(3):
        for _ in range(2):
            order_of(session, pizzeria, author=Author(account.id, Role.CUSTOMER))
        session.flush()
        session.expunge_all()
        owner = session.get_one(Account, account.id)
        with counted_statements(session.connection()) as statements:
            data = exported(session, owner)
        sent.append(len(statements))
    assert [len(one["revisions"]) for one in data["orders"]] == [1] * 6
    assert sent[2] - sent[1] == sent[1] - sent[0] <= 9


def test_orders_of_any_few_are_told_in_their_order(session, account, pizzeria, monkeypatch):
    monkeypatch.setattr(export, "AT_A_TIME", 2)
    numbers = [
        order_of(
            session,
            pizzeria,
            [(pizzeria.select("regina"), 1), (pizzeria.select("biere"), 2)],
            author=Author(account.id, Role.CUSTOMER),
            now=NOON + timedelta(minutes=minute),
        ).number
        for minute in range(3)
    ]
    orders = exported(session, account)["orders"]
    assert [one["number"] for one in orders] == numbers
    for one in orders:
        lines = one["revisions"][0]["lines"]
        said = [(line["name"].split()[0], line["quantity"]) for line in lines]
        assert said == [("Regina", 1), ("Bière", 2)]
