"""UC1.3 of an order paid online: a dearer one waits for a new authorisation of the whole.

Meanwhile the kitchen sees the old one, and nothing moves in stock; if the new one is not paid, or
cannot be made any more, the old one stands.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author, written_by
from ocpizza.domain.quote import Quote
from ocpizza.models.account import Employee, Role
from ocpizza.models.mail import MailKind
from ocpizza.models.order import Order, PaymentChoice
from ocpizza.models.order_line import OrderLine, OrderLinePart, PartIngredient
from ocpizza.models.order_revision import EventKind, OrderEvent, OrderRevision, RevisionState
from ocpizza.models.payment import Means, Payment, PaymentEvent, PaymentState
from ocpizza.models.stock import Reason
from ocpizza.services.locks import lock_stock
from ocpizza.services.order.lines import write_lines
from ocpizza.services.order.notify import notify_customer
from ocpizza.services.payment.events import record_payment_event
from ocpizza.services.payment.goal import release_payments, withdraw_payment
from ocpizza.services.payment.open import open_payment
from ocpizza.services.payment.queries import authorised_cents, open_payments
from ocpizza.services.promotion.uses import lock_used_promotion, update_promotion_use
from ocpizza.services.stock.move import Cause, move_stock, taken_by


def exceeds_authorisation(session: Session, order: Order, cents: Cents) -> bool:
    """Return whether an order paid online would cost more than its customer has authorised."""
    if order.payment_choice is not PaymentChoice.ONLINE:
        return False
    return cents > authorised_cents(session, order.id)


def next_number(session: Session, order: Order) -> int:
    """Return the number of an order's next revision: those that were abandoned keep theirs."""
    last = select(func.max(OrderRevision.number)).where(OrderRevision.order_id == order.id)
    return session.scalars(last).one() + 1


def save_pending_change(
    session: Session, order: Order, revision: OrderRevision, quote: Quote, now: datetime
) -> Payment:
    """Keep a dearer revision until its payment is authorised; the order is locked."""
    abandon_change(session, order, now)
    revision.order_id, revision.state = order.id, RevisionState.PENDING
    session.add(revision)
    session.flush()
    write_lines(session, revision.id, quote)
    order.touch_version()
    return open_payment(session, order, revision.total_cents, now)


def promote_change(session: Session, order: Order, payment: Payment, now: datetime) -> None:
    """The new revision is authorised: it replaces the old one, whose payment is released."""
    pending = _pending(session, order.id)
    if pending is None or not order.changeable:
        withdraw_payment(payment, now)
        return
    lock_used_promotion(session, order.id)
    needs, taken = _needs(session, pending.id), taken_by(session, order.id)
    locked = lock_stock(session, order.restaurant_id, needs.keys() | taken.keys())
    if any(locked.get(id, 0) + taken.get(id, 0) < need for id, need in needs.items()):
        abandon_change(session, order, now)
        withdraw_payment(payment, now)
        return
    deltas = {id: taken.get(id, 0) - needs.get(id, 0) for id in locked}
    cause = Cause(Reason.ORDER_CHANGED, now, order.id, pending.author_id)
    move_stock(session, order.restaurant_id, locked, deltas, cause)
    order.revision.state = RevisionState.REPLACED
    session.flush()
    pending.state = RevisionState.CURRENT
    update_promotion_use(session, pending)
    order.payment_choice, order.means = PaymentChoice.ONLINE, Means.ONLINE_CARD
    order.touch_version()
    who = written_by(_author_of(session, pending))
    session.add(OrderEvent(order_id=order.id, kind=EventKind.REVISION, at=now, **who))
    session.flush()
    session.expire(order, ["revision"])
    release_payments(session, order, now, keep=payment)
    notify_customer(session, order, MailKind.ORDER_CHANGED, now, f"-{pending.number}")


def abandon_change(session: Session, order: Order, now: datetime) -> bool:
    """Let the old revision stand and have the new one's payment be released, if there is one."""
    pending = _pending(session, order.id)
    if pending is None:
        return False
    pending.state = RevisionState.ABANDONED
    for payment in open_payments(session, order.id):
        if payment.state is PaymentState.CREATED:
            withdraw_payment(payment, now)
    order.touch_version()
    record_payment_event(session, order, PaymentEvent.CHANGE_ABANDONED, now)
    return True


def _pending(session: Session, order_id: int) -> OrderRevision | None:
    return session.scalar(
        select(OrderRevision).where(
            OrderRevision.order_id == order_id, OrderRevision.state == RevisionState.PENDING
        )
    )


def _author_of(session: Session, revision: OrderRevision) -> Author:
    """Return who wrote a revision, in the role that they have now; a guest's is a customer's."""
    colleague = session.get(Employee, revision.author_id) if revision.author_id else None
    return Author(revision.author_id, colleague.role if colleague else Role.CUSTOMER)


def _needs(session: Session, revision_id: int) -> dict[int, int]:
    """Return what a revision takes: ingredient id → quantity."""
    used = func.sum(PartIngredient.quantity * OrderLine.quantity)
    query = (
        select(PartIngredient.ingredient_id, used)
        .join(OrderLinePart, OrderLinePart.id == PartIngredient.part_id)
        .join(OrderLine, OrderLine.id == OrderLinePart.line_id)
        .where(OrderLine.revision_id == revision_id)
        .group_by(PartIngredient.ingredient_id)
        .having(used != 0)
    )
    return dict(session.execute(query).all())
