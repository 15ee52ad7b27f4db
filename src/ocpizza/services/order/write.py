"""Write a new order with its first revision and event."""

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.db import is_taken
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import Details
from ocpizza.domain.hours import business_day
from ocpizza.domain.payment import PAYMENT_WINDOW
from ocpizza.domain.quote import Quote
from ocpizza.models.order import Order, PaymentChoice
from ocpizza.models.order_revision import OrderRevision, RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.order.events import status_event
from ocpizza.services.order.lines import write_lines
from ocpizza.services.order.number import new_number, new_token

# One in a million orders meets a number that another has: once more, then something is wrong.
MAX_NUMBERS = 5


def write_order(
    session: Session,
    order: Order,
    details: Details,
    quote: Quote,
    author: Author | None,
    now: datetime,
) -> None:
    """Complete `order` and insert it with all that belongs to it; its id is known afterwards."""
    order.mode = details.mode
    online = order.payment_choice is PaymentChoice.ONLINE
    order.status = Status.AWAITING_PAYMENT if online else Status.TO_PREPARE
    order.hold_expires_at = now + PAYMENT_WINDOW if online else None
    order.contact_name = details.contact_name
    order.phone, order.email = details.phone, details.email
    order.placed_at = order.terms_accepted_at = now
    order.business_day = business_day(now)
    order.revisions = [revision_of(details, quote, author, now)]
    order.events = [status_event(order.status, author, now)]
    _insert(session, order)
    write_lines(session, order.revisions[0].id, quote)


def _insert(session: Session, order: Order) -> None:
    """Insert it under a number and a link that no other order has."""
    for left in reversed(range(MAX_NUMBERS)):
        order.number, order.tracking_token = new_number(), new_token()
        try:
            with session.begin_nested():
                session.add(order)
            return
        except IntegrityError as error:
            ours = is_taken(error, Order.number) or is_taken(error, Order.tracking_token)
            if not (ours and left):
                raise


def revision_of(
    details: Details, quote: Quote, author: Author | None, now: datetime, number: int = 1
) -> OrderRevision:
    """Return the revision that says this.

    Its lines are written once it has an id (`write_lines`).
    """
    address: dict[str, Any] = {}
    if details.mode is Mode.DELIVERY:
        address = {
            "street": details.street,
            "complement": details.complement,
            "postcode": details.postcode,
            "town": details.town,
            "country": "FR",
        }
    return OrderRevision(
        number=number,
        state=RevisionState.CURRENT,
        comment=details.comment,
        subtotal_cents=quote.subtotal_cents,
        discount_cents=quote.discount_cents,
        delivery_fee_cents=quote.delivery_fee_cents,
        total_cents=quote.total_cents,
        promotion_id=quote.promotion_id,
        author_id=author.account_id if author else None,
        made_at=now,
        **address,
    )
