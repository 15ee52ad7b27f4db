"""UC1.2: an order that waited for its payment becomes one to prepare."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.models.mail import MailKind
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.services.basket.basket import awaiting_basket, empty_basket
from ocpizza.services.order.events import record_status
from ocpizza.services.order.notify import notify_customer


def confirm_order(session: Session, order: Order, now: datetime) -> None:
    """Let the kitchen see a locked order that awaited its payment, and tell the customer."""
    order.status = Status.TO_PREPARE
    order.expected_at += now - order.placed_at
    record_status(session, order, None, now)
    if order.confirm_by is None:
        notify_customer(session, order, MailKind.ORDER_CONFIRMED, now)
    if basket := awaiting_basket(session, order):
        basket.awaits_order_id = None
        session.flush()
        empty_basket(session, basket, now)
