"""The rows of the demo's weeks, numbered here and written table by table."""

import secrets
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.orm import Session

from ocpizza.domain.author import Author, written_by
from ocpizza.domain.hours import business_day
from ocpizza.domain.payment import PAYMENT_WINDOW
from ocpizza.domain.quote import QuoteLine
from ocpizza.domain.requirements import holds_alcohol
from ocpizza.models.order import Order, PaymentChoice, Source
from ocpizza.models.order_line import OrderLine, OrderLinePart, PartIngredient
from ocpizza.models.order_revision import EventKind, OrderEvent, OrderRevision, RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.payment import (
    Means,
    Payment,
    PaymentGoal,
    PaymentState,
    PaymentStatus,
    Receipt,
    Refund,
    RefundState,
)
from ocpizza.models.promotion import PromotionUse
from ocpizza.models.stock import StockMovement
from ocpizza.models.vat import Mode
from ocpizza.operations.demo_weeks.orders import Story
from ocpizza.services.order.lines import ingredient_rows, line_row
from ocpizza.services.order.number import new_number, new_token

Row = dict[str, Any]
# In the order of what they refer to.
TABLES = tuple(
    cast(Table, model.__table__)
    for model in (
        Order, OrderRevision, OrderLine, OrderLinePart, PartIngredient, OrderEvent,
        Receipt, Payment, Refund, PromotionUse, StockMovement,
    )
)  # fmt: skip


class Ledger:
    """Rows by table; `movements` of stock are added by whoever knows all of them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.movements: list[Row] = []
        self.paid: list[tuple[datetime, int, Row]] = []
        self.refunds: list[tuple[int, Row]] = []
        self.receipt_numbers: Counter[int] = Counter()
        self.numbers: set[str] = set()
        self.last: dict[str, int] = {
            table.name: session.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
            for table in TABLES
            if "id" in table.c
        }

    def add(self, story: Story) -> int:
        """Add an order; return its id."""
        order_id = self._next("orders")
        story.order_id = order_id
        self.rows["orders"].append(self._order(story))
        revision_id = self._next("order_revision")
        self.rows["order_revision"].append(_revision(story, revision_id))
        for position, line in enumerate(story.quote.lines):
            self._line(revision_id, position, line)
        events = (self._event(order_id, *event) for event in story.life.events)
        self.rows["order_event"] += events
        self._payment(story)
        if story.ordinal and story.verdict:
            self.rows["promotion_use"].append(_use(story))
        return order_id

    def write(self) -> None:
        """Insert everything. Receipts are numbered in the order in which money came."""
        for at, entity_id, payment in sorted(self.paid, key=lambda each: each[0]):
            self.receipt_numbers[entity_id] += 1
            payment["receipt_id"] = self._next("receipt")
            receipt = {"id": payment["receipt_id"], "legal_entity_id": entity_id, "issued_at": at}
            self.rows["receipt"].append(receipt | {"number": self.receipt_numbers[entity_id]})
        for movement in self.movements:
            self.rows["stock_movement"].append({"id": self._next("stock_movement")} | movement)
        for table in TABLES:
            if rows := self.rows[table.name]:
                self.session.execute(insert(table), rows)
        self._count_on()

    def _count_on(self) -> None:
        """Have PostgreSQL number its next rows after these; SQLite does by itself."""
        if self.session.get_bind().dialect.name != "postgresql":
            return
        for name, last in self.last.items():
            if last:
                sequence = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
                self.session.execute(sequence, {"name": name, "last": last})

    def _next(self, table: str) -> int:
        self.last[table] += 1
        return self.last[table]

    def _number(self) -> str:
        while (number := new_number()) in self.numbers:
            pass
        self.numbers.add(number)
        return number

    def _order(self, story: Story) -> Row:
        life, person = story.life, story.person
        online = story.means is Means.ONLINE_CARD
        cook = life.statuses.get(Status.ACCEPTED)
        driver = life.statuses.get(Status.OUT_FOR_DELIVERY)
        counter = story.source is Source.COUNTER
        sold = [(line.item, line.quantity) for line in story.quote.lines]
        return {
            "id": story.order_id,
            "version": len(life.events),
            "number": self._number(),
            "tracking_token": new_token(),
            "checkout_key": secrets.token_urlsafe(32),
            "restaurant_id": story.house.id,
            "account_id": story.signed_in,
            "pizzaiolo_id": cook.author.account_id if cook and cook.author else None,
            "driver_id": driver.author.account_id if driver and driver.author else None,
            "source": story.source,
            "mode": story.mode,
            "status": life.status,
            "payment_choice": PaymentChoice.ONLINE if online else PaymentChoice.ON_DELIVERY,
            "means": story.means,
            "payment_status": _payment_status(story),
            "contact_name": person.name,
            "phone": None if counter else person.phone,
            "email": person.email if story.source is Source.WEB else None,
            "placed_at": story.placed_at,
            "business_day": business_day(story.placed_at),
            "expected_at": story.expected_at,
            "hold_expires_at": story.placed_at + PAYMENT_WINDOW if online else None,
            "ending_reason": life.ending_reason,
            "ending_note": life.ending_note,
            "undelivered_reason": life.undelivered_reason,
            "terms_accepted_at": story.placed_at if story.source is Source.WEB else None,
            "of_age_at": story.placed_at if holds_alcohol(sold) else None,
            "first_purchase": story.first_purchase,
        }

    def _line(self, revision_id: int, position: int, line: QuoteLine) -> None:
        line_id = self._next("order_line")
        row = {"id": line_id, "revision_id": revision_id, "position": position}
        self.rows["order_line"].append(row | line_row(line))
        for place, part in enumerate(line.item.parts):
            part_id = self._next("order_line_part")
            self.rows["order_line_part"].append(
                {
                    "id": part_id,
                    "line_id": line_id,
                    "position": place,
                    "product_id": part.product.id,
                    "name": part.product.name,
                }
            )
            self.rows["part_ingredient"] += ingredient_rows(part_id, part, len(line.item.parts))

    def _event(self, order_id: int, at: datetime, what: object, author: Author | None) -> Row:
        status = what if isinstance(what, Status) else None
        who = {"author_id": None, "author_role": None} | written_by(author)
        return {
            "id": self._next("order_event"),
            "order_id": order_id,
            "kind": EventKind.STATUS if status else EventKind.PAYMENT,
            "status": status,
            "note": "" if status else str(what),
            "at": at,
        } | who

    def _payment(self, story: Story) -> None:
        life, online = story.life, story.means is Means.ONLINE_CARD
        if not online and life.paid_at is None:
            return
        captured = life.paid_at is not None
        by = None if online or life.received_by is None else life.received_by.account_id
        row: Row = {
            "id": self._next("payment"),
            "order_id": story.order_id,
            "means": story.means,
            "state": PaymentState.CAPTURED if captured else PaymentState.RELEASED,
            "wish": PaymentGoal.CAPTURE if captured else PaymentGoal.RELEASE,
            "amount_cents": story.quote.total_cents,
            "captured_cents": story.quote.total_cents if captured else 0,
            "tendered_cents": _tendered(story) if story.means is Means.CASH else None,
            "receipt_id": None,
            "recorded_by_id": by,
            # Without a key nobody asks Stripe, which knows none of the demo's past.
            "stripe_intent_id": f"pi_demo_{story.order_id}" if online else None,
            "created_at": story.placed_at if online else life.paid_at,
            "settled_at": life.paid_at or life.events[-1].at,
        }
        self.rows["payment"].append(row)
        if life.paid_at:
            self.paid.append((life.paid_at, story.house.legal_entity_id, row))
        if life.refund:
            self.rows["refund"].append(self._refund(story, row["id"]))

    def _refund(self, story: Story, payment_id: int) -> Row:
        refund = story.life.refund
        assert refund is not None
        return {
            "id": self._next("refund"),
            "payment_id": payment_id,
            "state": RefundState.DONE,
            "amount_cents": refund.cents,
            "note": refund.note,
            "author_id": refund.author.account_id,
            "requested_at": refund.at,
        }


def _revision(story: Story, revision_id: int) -> Row:
    quote, person = story.quote, story.person
    shown = story.placed_at if story.source is Source.WEB else None
    first = story.life.events[0].author
    address = dict.fromkeys(("street", "complement", "postcode", "town", "country"))
    if story.mode is Mode.DELIVERY:
        address = {
            "street": person.street,
            "complement": person.complement,
            "postcode": person.place.postcode,
            "town": person.place.town,
            "country": "FR",
        }
    return {
        "id": revision_id,
        "order_id": story.order_id,
        "number": 1,
        "state": RevisionState.CURRENT,
        "comment": story.comment,
        "subtotal_cents": quote.subtotal_cents,
        "discount_cents": quote.discount_cents,
        "delivery_fee_cents": quote.delivery_fee_cents,
        "total_cents": quote.total_cents,
        "promotion_id": quote.promotion_id,
        "author_id": first.account_id if first else None,
        "made_at": story.placed_at,
        "summary_shown_at": shown,
    } | address


def _payment_status(story: Story) -> PaymentStatus:
    if story.life.paid_at is None:
        online = story.means is Means.ONLINE_CARD
        return PaymentStatus.RELEASED if online else PaymentStatus.UNPAID
    refund = story.life.refund
    if refund is None:
        return PaymentStatus.PAID
    whole = refund.cents >= story.quote.total_cents
    return PaymentStatus.REFUNDED if whole else PaymentStatus.PARTLY_REFUNDED


def _tendered(story: Story) -> int:
    """Return what was handed over in cash: notes that are round."""
    total = story.quote.total_cents
    step = next((500 * each for each in (1, 2, 4) if total <= 500 * each * 3), 1000)
    return -(-total // step) * step


def _use(story: Story) -> Row:
    assert story.verdict is not None
    benefit = story.verdict.terms.benefit
    return {
        "order_id": story.order_id,
        "promotion_id": story.verdict.terms.id,
        "account_id": story.signed_in,
        "ordinal": story.ordinal,
        "kind": benefit.kind,
        "percent": benefit.percent,
        "amount_cents": benefit.amount_cents,
        "product_size_id": benefit.product_size_id,
        "minimum_cents": benefit.minimum_cents,
        "discount_cents": story.verdict.discount_cents,
        "used_at": story.placed_at,
    }
