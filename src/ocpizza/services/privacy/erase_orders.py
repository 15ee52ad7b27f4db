"""GDPR, art. 17: take the persons out of orders; what the accounts need of them stays.

Contents, sums, VAT, payments, times, postcode and town stay: a pizzeria must keep its accounts for
ten years (code de commerce, L123-22), and they need nobody's name, phone, e-mail or street.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from ocpizza.erasure_list import ORDER, Erased, list_erased
from ocpizza.models.basket import Basket
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_revision import OrderEvent, OrderRevision
from ocpizza.models.order_status import ENDED
from ocpizza.models.payment import Payment, Refund
from ocpizza.models.stock import StockMovement


@dataclass
class StillRunning(Exception):
    """These orders (their numbers) have not ended: they cannot be brought to nobody."""

    numbers: list[str]

    def __str__(self) -> str:
        return f"not ended yet: {', '.join(self.numbers)}"


def erase_orders(session: Session, order_ids: Collection[int], now: datetime) -> int:
    """Take the persons out of these orders; return how many named one until now.

    Raises StillRunning, with nothing changed.
    """
    orders = _locked(session, order_ids)
    if running := [order.number for order in orders if order.status not in ENDED]:
        raise StillRunning(running)
    return _take_persons_out(session, orders, now)


def take_persons_out(session: Session, order_ids: Collection[int], now: datetime) -> int:
    """The same, whatever has become of the orders."""
    return _take_persons_out(session, _locked(session, order_ids), now)


def _take_persons_out(session: Session, orders: Sequence[Order], now: datetime) -> int:
    named = [order for order in orders if order.erased_at is None]
    for order in named:
        _erase(order, now)
    session.flush()
    list_erased(session, [Erased(ORDER, one.number, one.placed_at, now) for one in named])
    _erase_texts(session, [order.id for order in named])
    return len(named)


def refuse_running(session: Session, order_ids: Collection[int]) -> None:
    """Raises StillRunning if any of these orders has not ended."""
    running = select(Order.number).where(Order.id.in_(order_ids), Order.status.not_in(ENDED))
    if numbers := list(session.scalars(running.order_by(Order.id))):
        raise StillRunning(numbers)


def _locked(session: Session, order_ids: Collection[int]) -> Sequence[Order]:
    return session.scalars(
        select(Order)
        .where(Order.id.in_(order_ids))
        .order_by(Order.id)
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    ).all()


def _erase(order: Order, now: datetime) -> None:
    order.contact_name, order.phone, order.email = "", None, None
    # One that was not delivered keeps having a reason, but what was written may name somebody.
    order.ending_note = None if order.ending_note is None else ""
    order.erased_at, order.network = now, None


def _erase_texts(session: Session, ids: Sequence[int]) -> None:
    """Empty what people typed, and throw away the mail, of these orders (locked).

    What is empty already is left alone: it is most, and each row that changes is written anew.
    """
    street, more, comment = OrderRevision.street, OrderRevision.complement, OrderRevision.comment
    # Said one by one: of a subquery PostgreSQL cannot know how few it finds, and reads all refunds.
    payments = session.scalars(select(Payment.id).where(Payment.order_id.in_(ids))).all()
    for statement in (
        update(OrderRevision)
        .where(OrderRevision.order_id.in_(ids))
        .where(or_(street.is_not(None), more.is_not(None), comment != ""))
        .values(street=None, complement=None, comment=""),
        # The one change that these two tables let through (models/append_only.py).
        update(OrderEvent)
        .where(OrderEvent.order_id.in_(ids), OrderEvent.note != "")
        .values(note=""),
        update(StockMovement)
        .where(StockMovement.order_id.in_(ids), StockMovement.note != "")
        .values(note=""),
        update(Refund).where(Refund.payment_id.in_(payments), Refund.note != "").values(note=""),
        delete(OutgoingMail).where(OutgoingMail.order_id.in_(ids)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()


def forget_contacts(session: Session, order_ids: Collection[int]) -> None:
    """Have baskets forget the phone and e-mail of these orders; what is in them stays.

    Before the orders are locked: everywhere a basket is locked before an order.
    """
    contacts = session.execute(
        select(Order.phone, Order.email).where(Order.id.in_(order_ids), Order.erased_at.is_(None))
    ).all()
    phones = {row.phone for row in contacts if row.phone}
    emails = {row.email for row in contacts if row.email}
    session.execute(
        update(Basket)
        .where(
            # One that changes an order has that order's details: they go with the order.
            Basket.changes_order_id.is_(None),
            or_(
                Basket.details["phone"].as_string().in_(phones),
                Basket.details["email"].as_string().in_(emails),
            ),
        )
        .values(details={})
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(Basket)
        .where(
            Basket.changes_order_id.in_(select(Order.id).where(Order.status.in_(ENDED))),
            Basket.changes_order_id.in_(order_ids),
        )
        .execution_options(synchronize_session=False)
    )
