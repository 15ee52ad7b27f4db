"""B31: begin an online payment; Stripe is told of it once this is committed."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.models.order import Order
from ocpizza.models.payment import Means, Payment, PaymentGoal, PaymentState

# A customer who closes the page is looked after so often, even where no webhook comes.
ASK_EVERY = timedelta(minutes=1)


def open_payment(session: Session, order: Order, cents: Cents, now: datetime) -> Payment:
    """Return a payment of `cents` that the customer has still to authorise.

    Its idempotency key names it at Stripe: asked for twice, it is one intent.
    """
    payment = Payment(
        order_id=order.id,
        means=Means.ONLINE_CARD,
        state=PaymentState.CREATED,
        goal=PaymentGoal.AUTHORISE,
        amount_cents=cents,
        idempotency_key=new_key(order),
        retry_at=now + ASK_EVERY,
        created_at=now,
        refunds=[],
    )
    session.add(payment)
    session.flush()
    return payment


def new_key(order: Order) -> str:
    """Return a name at Stripe that no other payment has."""
    return f"{order.number}-{secrets.token_hex(16)}"
