"""A restored database knows persons who were erased since: they are erased again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ocpizza.erasure_list import ACCOUNT, ORDER, Erased
from ocpizza.models.account import Account
from ocpizza.models.basket import Basket
from ocpizza.models.order import Order
from ocpizza.services.privacy.erase_account import empty_account, orders_to_erase
from ocpizza.services.privacy.erase_orders import forget_contacts, take_persons_out

AT_A_TIME = 500
Known = TypeVar("Known", tuple[int, datetime], tuple[str, datetime])


@dataclass(frozen=True)
class Erasures:
    """Who was erased, by what tells an account or an order from every other and stays with it."""

    accounts: frozenset[tuple[int, datetime]] = frozenset()
    orders: frozenset[tuple[str, datetime]] = frozenset()

    def __or__(self, other: "Erasures") -> "Erasures":
        return Erasures(self.accounts | other.accounts, self.orders | other.orders)


def listed(erased: Iterable[Erased]) -> Erasures:
    """Return what a list of erasures tells."""
    every = list(erased)
    return Erasures(
        frozenset((int(one.number), one.began_at) for one in every if one.kind == ACCOUNT),
        frozenset((one.number, one.began_at) for one in every if one.kind == ORDER),
    )


def erased_accounts(session: Session) -> list[Erased]:
    """Return every account that was erased, for the list."""
    rows = select(Account.id, Account.created_at, Account.erased_at)
    known = session.execute(rows.where(Account.erased_at.is_not(None)).order_by(Account.id))
    return [Erased(ACCOUNT, str(id), created_at, at) for id, created_at, at in known if at]


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
    # The site stands still meanwhile, and retention may have erased thousands.
    for some in _in_parts(erasures.accounts):
        for id in _still_there(session, some):
            account = session.get_one(Account, id, with_for_update={"of": Account})
            empty_account(session, account, orders_to_erase(session, account), now)
            done += 1
    for these in _in_parts(erasures.orders):
        ids = _still_known(session, these)
        forget_contacts(session, ids)
        # A basket that changes an order that ran then has its details, and nothing to change.
        session.execute(delete(Basket).where(Basket.changes_order_id.in_(ids)))
        done += take_persons_out(session, ids, now)
    session.flush()
    return done


def _in_parts(known: Iterable[Known]) -> Iterator[Sequence[Known]]:
    every = sorted(known)
    return (every[start : start + AT_A_TIME] for start in range(0, len(every), AT_A_TIME))


def _still_there(session: Session, some: Sequence[tuple[int, datetime]]) -> list[int]:
    asked = set(some)
    known = select(Account.id, Account.created_at).where(Account.erased_at.is_(None))
    rows = session.execute(known.where(Account.id.in_([id for id, _ in some])))
    # Another shop's account may have the same number.
    return [id for id, created_at in rows if (id, created_at) in asked]


def _still_known(session: Session, some: Sequence[tuple[str, datetime]]) -> list[int]:
    asked = set(some)
    known = select(Order.id, Order.number, Order.placed_at).where(Order.erased_at.is_(None))
    rows = session.execute(known.where(Order.number.in_([number for number, _ in some])))
    # Another shop's order may have the same number.
    return [id for id, number, placed_at in rows if (number, placed_at) in asked]
