"""UC1.4 of an order that was paid at the till: what was received goes back with it, or later."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.author import Author
from ocpizza.models.payment import Refund
from ocpizza.services.locks import lock_order
from ocpizza.services.order.cancel import UNEXPLAINED, Ending, cancel_order
from ocpizza.services.payment.give_back import GivenBack, give_back


def cancel_and_give_back(
    session: Session,
    order_id: int,
    author: Author,
    now: datetime,
    ending: Ending = UNEXPLAINED,
    said: GivenBack | None = None,
) -> list[Refund]:
    """Cancel an order and return the refunds of what a colleague gives back for it.

    Nothing `said`: whoever comes for the money is given it later (`give_back_now`). Raises
    TooLate, TillClosed, and OtherExcess where the page showed another sum, with nothing changed.
    """
    with session.begin_nested():
        cancel_order(session, order_id, author, now, ending)
        if said is None:
            return []
        return give_back(session, lock_order(session, order_id), said, author, now, at_till=True)


def give_back_now(
    session: Session, order_id: int, said: GivenBack, author: Author, now: datetime
) -> list[Refund]:
    """Return the refunds of what is to be given back of an order. Raises OtherExcess and
    TillClosed.
    """
    return give_back(session, lock_order(session, order_id), said, author, now, at_till=True)
