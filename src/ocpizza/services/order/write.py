"""Write a new order with its first revision and event."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.db import violates_unique
from ocpizza.domain.author import Author, account_of
from ocpizza.domain.checkout import Details
from ocpizza.domain.hours import business_day
from ocpizza.domain.payment import PAYMENT_WINDOW
from ocpizza.domain.quote import Quote
from ocpizza.domain.unpaid import Buyer
from ocpizza.models.order import Order, PaymentChoice, Source
from ocpizza.models.order_revision import OrderRevision, RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode
from ocpizza.services.order.events import write_status
from ocpizza.services.order.lines import write_lines
from ocpizza.services.order.number import new_number, new_token
from ocpizza.services.order.unpaid_limits import first_purchase

# One in a million orders meets a number that another has: once more, then something is wrong.
MAX_NUMBERS = 5
REVISIONS = cast(Table, OrderRevision.__table__)
INSERT_REVISION = insert(REVISIONS).returning(REVISIONS.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What is agreed about an order that is about to be written."""

    restaurant_id: int
    buyer: Buyer
    quote: Quote
    means: Means
    expected_at: datetime
    source: Source
    language: str
    checkout_proof: str
    confirm_by: datetime | None
    of_age_at: datetime | None


def write_order(session: Session, new: NewOrder, author: Author | None, now: datetime) -> Order:
    """Return the order, inserted with all that belongs to it, in `with_own_number`."""
    details, visitor = new.buyer.details, new.buyer.visitor
    online = new.means is Means.ONLINE_CARD
    status = Status.AWAITING_PAYMENT if online else Status.TO_PREPARE
    order = Order(
        number=new_number(),
        tracking_token=new_token(),
        restaurant_id=new.restaurant_id,
        source=new.source,
        language=new.language,
        mode=details.mode,
        status=status,
        contact_name=details.contact_name,
        phone=details.phone,
        email=details.email,
        account_id=new.buyer.account_id,
        network=visitor.known_network if visitor else None,
        first_purchase=first_purchase(new.buyer),
        payment_choice=PaymentChoice.ONLINE if online else PaymentChoice.ON_DELIVERY,
        means=new.means,
        checkout_key=new.checkout_proof,
        placed_at=now,
        # Whoever calls or stands at the counter is shown no terms to accept.
        terms_accepted_at=now if new.source is Source.WEB else None,
        of_age_at=new.of_age_at,
        business_day=business_day(now),
        expected_at=new.expected_at,
        hold_expires_at=now + PAYMENT_WINDOW if online else None,
        confirm_by=new.confirm_by,
    )
    session.add(order)
    session.flush()
    revision = revision_row(details, new.quote, author, now) | {"order_id": order.id, "number": 1}
    write_lines(session, session.execute(INSERT_REVISION, revision).scalar_one(), new.quote)
    write_status(session, order.id, status, author, now)
    return order


def with_own_number(session: Session, write: Callable[[], Order]) -> Order:
    """Return what `write` writes, which draws numbers until no other order has them.

    All of it or, where it raises, nothing of it is written.
    """
    for _ in range(MAX_NUMBERS - 1):
        try:
            with session.begin_nested():
                return write()
        except IntegrityError as error:
            unique = (Order.number, Order.tracking_token)
            if not any(violates_unique(error, column) for column in unique):
                raise
    with session.begin_nested():
        return write()


def revision_row(
    details: Details, quote: Quote, author: Author | None, now: datetime
) -> dict[str, Any]:
    """Return the columns of the revision that says this, but for its order and number."""
    address: dict[str, Any] = {}
    if details.mode is Mode.DELIVERY:
        address = {
            "street": details.street,
            "complement": details.complement,
            "postcode": details.postcode,
            "town": details.town,
            "country": "FR",
        }
    return address | {
        "state": RevisionState.CURRENT,
        "comment": details.comment,
        "subtotal_cents": quote.subtotal_cents,
        "discount_cents": quote.discount_cents,
        "delivery_fee_cents": quote.delivery_fee_cents,
        "total_cents": quote.total_cents,
        "promotion_id": quote.promotion_id,
        "author_id": account_of(author),
        "made_at": now,
    }
