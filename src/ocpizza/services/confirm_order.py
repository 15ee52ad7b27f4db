"""UC1.2: an order that waited for its payment becomes one to prepare."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.basket import Basket
from ocpizza.models.mail import MailKind
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.services.fill_basket import empty_basket
from ocpizza.services.tell_customer import tell_customer
from ocpizza.services.write_order import status_event


def confirm_order(session: Session, order: Order, now: datetime) -> None:
    """Let the kitchen see a locked order that awaited its payment, and tell the customer."""
    order.status = Status.TO_PREPARE
    order.expected_at += now - order.placed_at
    event = status_event(Status.TO_PREPARE, None, now)
    event.order_id = order.id
    session.add(event)
    if order.confirm_by is None:
        tell_customer(session, order, MailKind.ORDER_CONFIRMED, now)
    if basket := _basket_of(session, order):
        basket.awaits_order_id = None
        session.flush()
        empty_basket(session, basket, now)


def keep_basket(session: Session, order: Order) -> None:
    """What was not paid stays in the basket, ready to be ordered again."""
    if basket := _basket_of(session, order):
        basket.awaits_order_id = None
        basket.checkout_key = secrets.token_urlsafe(32)


def _basket_of(session: Session, order: Order) -> Basket | None:
    return session.scalar(
        select(Basket).where(Basket.awaits_order_id == order.id).with_for_update(of=Basket)
    )
