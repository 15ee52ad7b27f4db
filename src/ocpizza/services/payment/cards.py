"""A1: the cards that a customer keeps at Stripe, to pay with again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from ocpizza.db import lock_names
from ocpizza.domain.payment import Card
from ocpizza.models.account import Account
from ocpizza.models.card import SavedCard, StripeRemoval
from ocpizza.models.order import Order


def saved_cards(session: Session, account_id: int) -> Sequence[SavedCard]:
    """Return the cards that an account keeps, the last one first."""
    return session.scalars(_mine(account_id)).all()


def save_card(session: Session, order: Order, card: Card, now: datetime) -> None:
    """Keep the card that an order was paid with, instead of one that nobody could tell from it.

    Of an account that was erased meanwhile nothing is kept, here or at Stripe.
    """
    if order.account_id is None:
        return
    if not _is_open(session, order.account_id):
        session.merge(StripeRemoval(stripe_id=card.id, retry_at=now))
        return
    # Two orders may be paid with one card at once; whoever removes it holds its row.
    lock_names(session, f"cards of {order.account_id}")
    for kept in session.scalars(_mine(order.account_id).with_for_update()).all():
        if kept.stripe_payment_method_id == card.id:
            return
        if (kept.brand, kept.last4) == (card.brand, card.last4):
            _take_away(session, kept, now)
    session.add(
        SavedCard(
            account_id=order.account_id,
            stripe_payment_method_id=card.id,
            brand=card.brand[:20],
            last4=card.last4,
            saved_at=now,
        )
    )
    session.flush()


def remove_card(session: Session, account_id: int, card_id: int, now: datetime) -> bool:
    """Forget one of an account's cards, and have Stripe forget it; False where it is none."""
    mine = select(SavedCard).where(SavedCard.account_id == account_id, SavedCard.id == card_id)
    card = session.scalars(mine.with_for_update()).one_or_none()
    if card is None:
        return False
    _take_away(session, card, now)
    session.flush()
    return True


def _is_open(session: Session, account_id: int) -> bool:
    """Return whether the account is still somebody's; it stays so until the transaction ends."""
    held = select(Account.erased_at).where(Account.id == account_id)
    return session.scalars(held.with_for_update(read=True, key_share=True)).one() is None


def _mine(account_id: int) -> Select[SavedCard]:
    mine = select(SavedCard).where(SavedCard.account_id == account_id)
    return mine.order_by(SavedCard.id.desc()).execution_options(populate_existing=True)


def _take_away(session: Session, card: SavedCard, now: datetime) -> None:
    session.delete(card)
    session.add(StripeRemoval(stripe_id=card.stripe_payment_method_id, retry_at=now))
