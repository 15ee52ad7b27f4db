"""What `ocpizza check` recomputes of money received by hand: at the till and at the door."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ocpizza.db import in_blocks
from ocpizza.models.order import MONEY_RECEIVED, Order, PaymentChoice
from ocpizza.models.order_revision import RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Payment, received_cents

Problems = Iterator[str]
HELD = (RevisionState.CURRENT, RevisionState.REPLACED)


def money_by_hand_fits_its_order(session: Session) -> Problems:
    """Never more was received than an order has cost at a time, and in the end what it costs."""
    query = (
        select(Order)
        .where(
            Order.payment_choice == PaymentChoice.ON_DELIVERY,
            Order.payment_status.in_(MONEY_RECEIVED),
        )
        .options(selectinload(Order.revisions))
    )
    for orders in in_blocks(session, query, Order.id):
        payments = defaultdict(list)
        of_these = Payment.order_id.in_([order.id for order in orders])
        found = select(Payment).where(of_these).options(selectinload(Payment.refunds))
        for payment in session.scalars(found):
            payments[payment.order_id].append(payment)
        for order in orders:
            received = received_cents(payments[order.id])
            totals = {each.state: each.total_cents for each in order.revisions}
            most = max(each.total_cents for each in order.revisions if each.state in HELD)
            if received > most:
                yield f"order {order.number} cost {most} at most, {received} was received"
            elif order.status is Status.DELIVERED and received != totals[RevisionState.CURRENT]:
                yield (
                    f"order {order.number} was delivered, it costs "
                    f"{totals[RevisionState.CURRENT]} and {received} was received"
                )


TILL_RULES: tuple[Callable[[Session], Problems], ...] = (money_by_hand_fits_its_order,)
