"""A1: an account as a customer at Stripe, who may keep cards there; it comes, and it goes."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ocpizza.models.account import Account
from ocpizza.models.card import SavedCard, StripeRemoval
from ocpizza.services.locks import lock_account
from ocpizza.services.payment.open import new_key
from ocpizza.services.payment.queries import lock_payment


def become_customer(session: Session, account_id: int, customer_id: str, now: datetime) -> None:
    """Let an account be this customer, unless it is one already or was erased meanwhile."""
    account = lock_account(session, account_id)
    if account.stripe_customer_id is None and account.erased_at is None:
        account.stripe_customer_id = customer_id
    elif account.stripe_customer_id != customer_id:
        session.merge(StripeRemoval(stripe_id=customer_id, retry_at=now))


def leave_stripe(session: Session, account: Account, now: datetime) -> None:
    """Have Stripe forget an account with all its cards; its row is locked."""
    if account.stripe_customer_id is not None:
        session.add(StripeRemoval(stripe_id=account.stripe_customer_id, retry_at=now))
    _forget(session, account)


def lose_customer(session: Session, payment_id: int) -> None:
    """Stripe does not know the customer who pays: forget them, and ask as if never asked before."""
    order, payment = lock_payment(session, payment_id)
    payment.idempotency_key = new_key(order)
    if order.account_id is not None:
        _forget(session, lock_account(session, order.account_id))


def _forget(session: Session, account: Account) -> None:
    mine = delete(SavedCard).where(SavedCard.account_id == account.id)
    session.execute(mine.execution_options(synchronize_session=False))
    account.stripe_customer_id = None
    session.flush()
