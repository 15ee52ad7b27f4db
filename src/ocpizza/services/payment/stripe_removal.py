"""What is to be taken away at Stripe, one at a time; until it is, it is not forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.card import StripeRemoval

FIRST_RETRY, MAX_RETRY = timedelta(minutes=1), timedelta(hours=6)


def claim_removal(session: Session, now: datetime) -> str | None:
    """Return what has waited longest to be taken away.

    Others leave it alone until it is due again.
    """
    query = select(StripeRemoval).where(StripeRemoval.retry_at <= now)
    oldest = query.order_by(StripeRemoval.retry_at, StripeRemoval.stripe_id).limit(1)
    removal = session.scalars(oldest.with_for_update(skip_locked=True)).one_or_none()
    if removal is None:
        return None
    wait = min(FIRST_RETRY * 2 ** min(removal.attempts, 10), MAX_RETRY)
    removal.attempts, removal.retry_at = removal.attempts + 1, now + wait
    return removal.stripe_id


def removed(session: Session, stripe_id: str) -> None:
    """It is gone at Stripe: forget it here too."""
    removal = session.get(StripeRemoval, stripe_id)
    if removal is not None:
        session.delete(removal)
