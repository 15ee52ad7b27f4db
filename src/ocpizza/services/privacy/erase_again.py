"""A restored database knows persons who were erased since: they are erased again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ocpizza.models.account import Account
from ocpizza.models.basket import Basket
from ocpizza.models.order import Order
from ocpizza.services.privacy.erase_account import empty_account, orders_of_owner
from ocpizza.services.privacy.erase_orders import forget_contacts, take_persons_out

AT_A_TIME = 500


@dataclass(frozen=True)
class Erasures:
    """Who was erased, by what tells an account or an order from every other and stays with it."""

    accounts: frozenset[tuple[int, datetime]] = frozenset()
    orders: frozenset[tuple[str, datetime]] = frozenset()

    def __or__(self, other: "Erasures") -> "Erasures":
        return Erasures(self.accounts | other.accounts, self.orders | other.orders)


def erasures_since(session: Session, moment: datetime) -> Erasures:
    """What was erased from a database since `moment`: what is erased keeps its row."""
    accounts = select(Account.id, Account.created_at).where(Account.erased_at >= moment)
    orders = select(Order.number, Order.placed_at).where(Order.erased_at >= moment)
    return Erasures(
        frozenset((id, at) for id, at in session.execute(accounts)),
        frozenset((number, at) for number, at in session.execute(orders)),
    )


def erase_again(session: Session, erasures: Erasures, now: datetime) -> int:
    """Erase them from a database that knows them still; gives how many accounts and orders.

    Orders that were running when it was saved too: they have ended since. Nobody is told again.
    """
    done = 0
    for id, created_at in sorted(erasures.accounts):
        account = session.get(Account, id, with_for_update={"of": Account})
        # Another shop's account may have the same number.
        if account and account.created_at == created_at and account.erased_at is None:
            empty_account(session, account, orders_of_owner(session, account), now)
            done += 1
    numbers = sorted(number for number, _ in erasures.orders)
    # The site stands still meanwhile, and retention may have erased thousands.
    for start in range(0, len(numbers), AT_A_TIME):
        ids = _still_known(session, erasures, numbers[start : start + AT_A_TIME])
        forget_contacts(session, ids)
        # A basket that changes an order that ran then has its details, and nothing to change.
        session.execute(delete(Basket).where(Basket.changes_order_id.in_(ids)))
        done += take_persons_out(session, ids, now)
    session.flush()
    return done


def _still_known(session: Session, erasures: Erasures, numbers: Sequence[str]) -> list[int]:
    known = select(Order.id, Order.number, Order.placed_at)
    rows = session.execute(known.where(Order.number.in_(numbers), Order.erased_at.is_(None)))
    # Another shop's order may have the same number.
    return [id for id, number, placed_at in rows if (number, placed_at) in erasures.orders]
