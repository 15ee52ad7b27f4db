"""A1: how a customer pays as a rule, so that their next order has it chosen already."""

from dataclasses import dataclass

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from ocpizza.models.account import Account
from ocpizza.models.card import SavedCard
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order import Order
from ocpizza.models.payment import Means
from ocpizza.models.restaurant import Restaurant


@dataclass(frozen=True, slots=True)
class Habit:
    """How an account's last order from the web was paid, and the cards that it may pay with.

    Whoever had such an order has accepted the terms.
    """

    means: Means | None = None
    accepted: bool = False
    cards: tuple[SavedCard, ...] = ()


def habit_of(session: Session, account_id: int, restaurant_id: int) -> Habit:
    """Return how an account pays as a rule, at this restaurant.

    Cards are saved for the group: a company with an account of its own cannot use them.
    """
    last = (
        select(Order.means)
        .where(Order.account_id == account_id, Order.terms_accepted_at.is_not(None))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(1)
        .subquery()
    )
    of_group = (
        select(Restaurant.id)
        .join(LegalEntity, LegalEntity.id == Restaurant.legal_entity_id)
        .where(Restaurant.id == restaurant_id, LegalEntity.stripe_account.is_(None))
    )
    usable = (SavedCard.account_id == Account.id) & of_group.exists()
    found = session.execute(
        select(last.c.means, SavedCard)
        .select_from(Account)
        .outerjoin(last, true())
        .outerjoin(SavedCard, usable)
        .where(Account.id == account_id)
        .order_by(SavedCard.id.desc())
    ).all()
    means = found[0].means if found else None
    cards = tuple(row.SavedCard for row in found if row.SavedCard)
    return Habit(means, means is not None, cards)
