"""A webhook of Stripe's is stored once and makes its payment be looked at; it is not believed."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.domain.payment import WebhookEvent
from ocpizza.models.payment import Payment, StripeEvent

# Stripe sends a copy for three days at most, and knows an event itself for thirty.
KEPT = timedelta(days=30)
AT_A_TIME = 500


def record_event(session: Session, event: WebhookEvent, now: datetime) -> int | None:
    """Store an event; return the payment that it may be about, None for a copy or a stranger's."""
    row = StripeEvent(
        id=event.id,
        kind=event.kind[:64],
        object_id=event.object_id,
        received_at=now,
        handled_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    if not event.intent_id:
        return None
    payment_id = session.scalar(
        select(Payment.id).where(Payment.stripe_intent_id == event.intent_id)
    )
    if payment_id is not None:
        # Should this process die now, the worker looks at it.
        session.execute(
            update(Payment)
            .where(Payment.id == payment_id)
            .values(retry_at=now)
            .execution_options(synchronize_session=False)
        )
    return payment_id


def forget_old_events(session: Session, now: datetime) -> int:
    """Delete events of which no copy can come any more, a few at a time; return their number."""
    old = select(StripeEvent.id).where(StripeEvent.handled_at < now - KEPT)
    oldest = old.order_by(StripeEvent.handled_at).limit(AT_A_TIME)
    some = session.scalars(oldest.with_for_update(skip_locked=True)).all()
    gone = delete(StripeEvent).where(StripeEvent.id.in_(some))
    session.execute(gone.execution_options(synchronize_session=False))
    return len(some)
