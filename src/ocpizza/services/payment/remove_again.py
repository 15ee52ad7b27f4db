"""A restored database knows cards and customers that were removed since: they are again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from ocpizza.models.account import Account
from ocpizza.models.card import SavedCard, StripeRemoval

AT_A_TIME = 500


@dataclass(frozen=True)
class AtStripe:
    """Customers, the cards that they keep, and what is still to be taken away, by ids there."""

    customers: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    removals: frozenset[str] = frozenset()


def at_stripe(session: Session) -> AtStripe:
    """Return what is somebody's now, and what is nobody's any more."""
    customers = select(Account.stripe_customer_id).where(Account.stripe_customer_id.is_not(None))
    return AtStripe(
        frozenset(id for id in session.scalars(customers) if id),
        frozenset(session.scalars(select(SavedCard.stripe_payment_method_id))),
        frozenset(session.scalars(select(StripeRemoval.stripe_id))),
    )


def remove_again(session: Session, newer: AtStripe, now: datetime) -> None:
    """Forget cards and customers that are gone where they are newer; what waits there, waits here.

    A customer of whom nothing is known there keeps their cards: it may be another database.
    """
    here = at_stripe(session)
    gone = newer.removals | {
        card
        for card, customer in _cards_of_customers(session)
        if customer in newer.customers and card not in newer.cards
    }
    for some in _in_parts(gone):
        _forget(session, some)
    missing = sorted(newer.removals - here.removals)
    session.add_all(StripeRemoval(stripe_id=id, retry_at=now) for id in missing)
    session.flush()


def _cards_of_customers(session: Session) -> list[tuple[str, str | None]]:
    both = select(SavedCard.stripe_payment_method_id, Account.stripe_customer_id)
    return [(card, customer) for card, customer in session.execute(both.join(Account))]


def _forget(session: Session, some: list[str]) -> None:
    lost: ColumnElement[bool] = Account.stripe_customer_id.in_(some)
    cards = or_(
        SavedCard.stripe_payment_method_id.in_(some),
        SavedCard.account_id.in_(select(Account.id).where(lost)),
    )
    for statement in (
        delete(SavedCard).where(cards),
        update(Account).where(lost).values(stripe_customer_id=None),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def _in_parts(ids: frozenset[str]) -> list[list[str]]:
    every = sorted(ids)
    return [every[start : start + AT_A_TIME] for start in range(0, len(every), AT_A_TIME)]
