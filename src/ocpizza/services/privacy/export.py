"""GDPR, art. 15 and 20: all that is kept about somebody, in a form that programs read.

No password hash, no token: those tell nothing of anybody, and would open the account to whoever
finds the file.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.account import Account, AccountAddress
from ocpizza.models.card import SavedCard
from ocpizza.models.device import QuickCode
from ocpizza.models.favourite import Favourite
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, OrderLinePart, PartIngredient, Use
from ocpizza.models.order_revision import OrderEvent, OrderRevision
from ocpizza.models.payment import Payment, Refund
from ocpizza.models.product import Product
from ocpizza.models.promotion import Promotion, PromotionUse
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.second_factor import SecondFactor
from ocpizza.models.sign_in import ExternalIdentity, SignInSession
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.privacy.erase_account import orders_of_owner

Json = dict[str, Any]
Rows = list[tuple[int, Json]]
# Orders, with all that belongs to them.
AT_A_TIME = 200
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
    "of_age_at",
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


def export_text(session: Session, account: Account, now: datetime) -> Iterator[str]:
    """Return what is kept about the owner of an account, as JSON: piece by piece, a line a thing.

    Money in euro cents. A few orders are in memory at a time, however many there are.
    """
    yield f'{{\n"exported_at": {_json(now.isoformat())},\n'
    yield f'"account": {_json(_columns(account, ACCOUNT))}'
    for name, rows in _lists(session, account):
        yield f',\n"{name}": ['
        for place, row in enumerate(rows):
            yield f"{',' if place else ''}\n{_json(row)}"
        yield "]"
    yield "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lists(session: Session, account: Account) -> Iterator[tuple[str, Iterable[Json]]]:
    def own(table: Any, columns: Sequence[str]) -> list[Json]:
        rows = session.scalars(select(table).where(table.account_id == account.id))
        return [_columns(row, columns) for row in rows]

    yield "addresses", own(AccountAddress, ADDRESS)
    yield "sign_in_ways", own(ExternalIdentity, IDENTITY)
    yield "sessions", own(SignInSession, SESSION)
    yield "second_factors", own(SecondFactor, SECOND_FACTOR)
    yield "quick_codes", own(QuickCode, QUICK_CODE)
    yield "cards", own(SavedCard, CARD)
    yield "favourites", _favourites(session, account)
    yield "mail", own(OutgoingMail, MAIL)
    yield "promotions", _promotions(session, account)
    yield "orders", _orders(session, account)
    yield "staff_changes", own(StaffChange, CHANGE)


def _favourites(session: Session, account: Account) -> list[Json]:
    kept = select(Product.name, Favourite.since).join(Product, Product.id == Favourite.product_id)
    rows = session.execute(kept.where(Favourite.account_id == account.id).order_by(Favourite.since))
    return [{key: _plain(value) for key, value in row._mapping.items()} for row in rows]


def _promotions(session: Session, account: Account) -> list[Json]:
    uses = session.execute(
        select(Promotion.code, Promotion.name, PromotionUse.discount_cents, PromotionUse.used_at)
        .join(Promotion, Promotion.id == PromotionUse.promotion_id)
        .where(PromotionUse.account_id == account.id)
        .order_by(PromotionUse.used_at)
    )
    return [{key: _plain(value) for key, value in row._mapping.items()} for row in uses]


def _orders(session: Session, account: Account) -> Iterator[Json]:
    mine = (Order.account_id == account.id) | Order.id.in_(orders_of_owner(session, account))
    ids = session.scalars(select(Order.id).where(mine).order_by(Order.placed_at)).all()
    for first in range(0, len(ids), AT_A_TIME):
        yield from _some_orders(session, ids[first : first + AT_A_TIME])


def _some_orders(session: Session, ids: Sequence[int]) -> Iterator[Json]:
    """Return some orders with all that belongs to them, by a statement a table.

    An event goes without its author: a colleague's name is their own affair.
    """
    revisions = _by_owner(session, OrderRevision.order_id, ids, REVISION)
    lines = _by_owner(session, OrderLine.revision_id, _ids(revisions), LINE)
    parts = _by_owner(session, OrderLinePart.line_id, _ids(lines), ("name",))
    changed = _changed(session, _ids(parts))
    events = _by_owner(session, OrderEvent.order_id, ids, EVENT)
    payments = _by_owner(session, Payment.order_id, ids, PAYMENT)
    refunds = _by_owner(session, Refund.payment_id, _ids(payments), REFUND)
    named = select(Order, Restaurant.name).join(Restaurant, Restaurant.id == Order.restaurant_id)
    for order, restaurant in session.execute(
        named.where(Order.id.in_(ids)).order_by(Order.placed_at)
    ):
        yield _columns(order, ORDER) | {
            "restaurant": restaurant,
            "revisions": [
                revision
                | {"lines": [_line(line, parts[line_id], changed) for line_id, line in lines[id]]}
                for id, revision in revisions[order.id]
            ],
            "events": [event for _, event in events[order.id]],
            "payments": [
                payment | {"refunds": [refund for _, refund in refunds[id]]}
                for id, payment in payments[order.id]
            ],
        }


def _line(line: Json, parts: Rows, changed: Mapping[tuple[int, Use], list[str]]) -> Json:
    return {
        "name": " / ".join(part["name"] for _, part in parts),
        **line,
        "without": [name for id, _ in parts for name in changed[id, Use.WITHOUT]],
        "extras": [name for id, _ in parts for name in changed[id, Use.EXTRA]],
    }


def _by_owner(
    session: Session, owner: Any, ids: Sequence[int], names: Sequence[str]
) -> defaultdict[int, Rows]:
    """Return what belongs to each owner, the first one first: id and columns."""
    table = owner.class_
    columns = [getattr(table, name) for name in names]
    query = select(owner, table.id, *columns).where(owner.in_(ids)).order_by(table.id)
    found: defaultdict[int, Rows] = defaultdict(list)
    for owner_id, id, *values in session.execute(query):
        kept = zip(names, values, strict=True)
        found[owner_id].append((id, {name: _plain(value) for name, value in kept}))
    return found


def _ids(rows: Mapping[int, Rows]) -> list[int]:
    return [id for own in rows.values() for id, _ in own]


def _changed(session: Session, ids: Sequence[int]) -> defaultdict[tuple[int, Use], list[str]]:
    """Return what parts were ordered with and without: (part, use) → names of ingredients."""
    used = select(PartIngredient.part_id, PartIngredient.use, Ingredient.name).join(
        Ingredient, Ingredient.id == PartIngredient.ingredient_id
    )
    asked = used.where(PartIngredient.part_id.in_(ids), PartIngredient.use != Use.BASE)
    found: defaultdict[tuple[int, Use], list[str]] = defaultdict(list)
    for part_id, use, name in session.execute(asked.order_by(PartIngredient.position)):
        found[part_id, use].append(name)
    return found


def _columns(row: Any, names: Sequence[str]) -> Json:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
