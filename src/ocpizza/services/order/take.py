"""UC4.1: a driver leaves with one or several orders."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.author import Author
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.services.locks import lock_order
from ocpizza.services.order.advance import NotAllowed, StaleStatus, Step, advance_order

LEAVE = Step(Status.READY, Status.OUT_FOR_DELIVERY)


@dataclass
class Taken:
    """The numbers of the orders that somebody carries now, and of those that they could not take.

    With what became of each; None of one that is not delivered at all.
    """

    taken: list[str] = field(default_factory=list)
    lost: dict[str, StaleStatus | None] = field(default_factory=dict)


def take_orders(
    session: Session, restaurant_id: int, numbers: Collection[str], author: Author, now: datetime
) -> Taken:
    """Have a driver carry these orders of a restaurant, each judged once it is locked.

    One that they carry already is theirs: a second tap takes nothing from the first. Numbers of
    no order are left out.
    """
    known = select(Order.id, Order.number).where(
        Order.restaurant_id == restaurant_id, Order.number.in_(numbers)
    )
    # In one order, so that two who take the same ones never wait for each other.
    found, answer = session.execute(known.order_by(Order.id)).all(), Taken()
    for id, number in found:
        try:
            if not carried_by(lock_order(session, id), author):
                advance_order(session, id, LEAVE, author, now)
            answer.taken.append(number)
        except StaleStatus as lost:
            answer.lost[number] = lost
        except NotAllowed:
            answer.lost[number] = None
    return answer


def carried_by(order: Order, author: Author) -> bool:
    """Return whether an order is on the road with this driver already."""
    return order.status is Status.OUT_FOR_DELIVERY and order.driver_id == author.account_id
