"""GDPR, art. 15 and 20: all that is kept about somebody, in a form that programs read.

No password hash, no token: those tell nothing of anybody, and would open the account to whoever
finds the file.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ocpizza.models.account import Account, AccountAddress
from ocpizza.models.card import SavedCard
from ocpizza.models.device import QuickCode
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, OrderLinePart, PartIngredient, Use
from ocpizza.models.order_revision import OrderEvent, OrderRevision
from ocpizza.models.payment import Payment
from ocpizza.models.promotion import Promotion, PromotionUse
from ocpizza.models.second_factor import SecondFactor
from ocpizza.models.sign_in import ExternalIdentity, SignInSession
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.privacy.erase_account import orders_of_owner

Json = dict[str, Any]
ACCOUNT = (
    "identifier",
    "email",
    "email_verified_at",
    "first_name",
    "last_name",
    "phone",
    "birthday",
    "language",
    "created_at",
    "last_seen_at",
    "erasure_announced_at",
)
ADDRESS = ("use", "street", "complement", "postcode", "town", "country", "email", "phone")
IDENTITY = ("provider", "subject", "email", "linked_at")
SESSION = ("started_at", "last_seen_at", "two_factors", "shared")
QUICK_CODE = ("set_at",)
SECOND_FACTOR = ("enrolled_at",)
CARD = ("brand", "last4", "saved_at")
MAIL = ("kind", "recipient", "language", "created_at", "sent_at")
CHANGE = ("at", "subject", "act", "facts_before", "facts_after", "note")
ORDER = (
    "number",
    "source",
    "mode",
    "status",
    "means",
    "payment_choice",
    "payment_status",
    "tip_cents",
    "language",
    "contact_name",
    "phone",
    "email",
    "placed_at",
    "wished_at",
    "expected_at",
    "ending_reason",
    "ending_note",
    "undelivered_reason",
    "nobody_at",
    "terms_accepted_at",
    "erased_at",
    "network",
    "confirm_by",
    "confirmed_at",
    "first_purchase",
)
REVISION = (
    "number",
    "state",
    "street",
    "complement",
    "postcode",
    "town",
    "country",
    "comment",
    "subtotal_cents",
    "discount_cents",
    "delivery_fee_cents",
    "total_cents",
    "made_at",
    "summary_shown_at",
    "summary_downloaded_at",
    "summary_mailed_at",
    "summary_printed_at",
)
LINE = (
    "name",
    "size_name",
    "quantity",
    "unit_price_cents",
    "discount_cents",
    "fee_cents",
    "amount_cents",
    "vat_cents",
)
EVENT = ("kind", "status", "author_role", "note", "at", "tapped_at")
PAYMENT = (
    "means",
    "state",
    "amount_cents",
    "tendered_cents",
    "captured_cents",
    "refusal",
    "stripe_intent_id",
    "created_at",
    "settled_at",
)
REFUND = ("state", "amount_cents", "reason", "note", "requested_at")


def export_data(session: Session, account: Account, now: datetime) -> Json:
    """Return what is kept about the owner of an account, ready for `json.dumps`.

    Money in euro cents.
    """

    def own(table: Any, columns: Sequence[str]) -> list[Json]:
        rows = session.scalars(select(table).where(table.account_id == account.id))
        return [_columns(row, columns) for row in rows]

    return {
        "exported_at": now.isoformat(),
        "account": _columns(account, ACCOUNT),
        "addresses": own(AccountAddress, ADDRESS),
        "sign_in_ways": own(ExternalIdentity, IDENTITY),
        "sessions": own(SignInSession, SESSION),
        "second_factors": own(SecondFactor, SECOND_FACTOR),
        "quick_codes": own(QuickCode, QUICK_CODE),
        "cards": own(SavedCard, CARD),
        "mail": own(OutgoingMail, MAIL),
        "promotions": _promotions(session, account),
        "orders": _orders(session, account),
        "staff_changes": own(StaffChange, CHANGE),
    }


def _promotions(session: Session, account: Account) -> list[Json]:
    uses = session.execute(
        select(Promotion.code, Promotion.name, PromotionUse.discount_cents, PromotionUse.used_at)
        .join(Promotion, Promotion.id == PromotionUse.promotion_id)
        .where(PromotionUse.account_id == account.id)
        .order_by(PromotionUse.used_at)
    )
    return [{key: _plain(value) for key, value in row._mapping.items()} for row in uses]


def _orders(session: Session, account: Account) -> list[Json]:
    revisions = selectinload(Order.revisions).selectinload(OrderRevision.lines)
    parts = revisions.selectinload(OrderLine.parts).selectinload(OrderLinePart.ingredients)
    mine = (Order.account_id == account.id) | Order.id.in_(orders_of_owner(session, account))
    query = (
        select(Order)
        .where(mine)
        .options(parts.joinedload(PartIngredient.ingredient), selectinload(Order.events))
        .order_by(Order.placed_at)
    )
    orders = list(session.scalars(query))
    payments = _payments(session, [order.id for order in orders])
    return [_order(order, payments.get(order.id, [])) for order in orders]


def _order(order: Order, payments: list[Payment]) -> Json:
    return _columns(order, ORDER) | {
        "restaurant": order.restaurant.name,
        "revisions": [
            _columns(revision, REVISION) | {"lines": [_line(line) for line in revision.lines]}
            for revision in order.revisions
        ],
        "events": [_event(event) for event in order.events],
        "payments": [
            _columns(payment, PAYMENT)
            | {"refunds": [_columns(refund, REFUND) for refund in payment.refunds]}
            for payment in payments
        ],
    }


def _line(line: OrderLine) -> Json:
    used = [used for part in line.parts for used in part.ingredients]
    return _columns(line, LINE) | {
        "without": [one.ingredient.name for one in used if one.use is Use.WITHOUT],
        "extras": [one.ingredient.name for one in used if one.use is Use.EXTRA],
    }


def _event(event: OrderEvent) -> Json:
    """Without its author: a colleague's name is their own affair."""
    return _columns(event, EVENT)


def _payments(session: Session, order_ids: list[int]) -> dict[int, list[Payment]]:
    payments: dict[int, list[Payment]] = {}
    query = select(Payment).where(Payment.order_id.in_(order_ids)).order_by(Payment.id)
    for payment in session.scalars(query.options(selectinload(Payment.refunds))):
        payments.setdefault(payment.order_id, []).append(payment)
    return payments


def _columns(row: Any, names: Sequence[str]) -> Json:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
