"""What one visitor has ordered and not paid at a restaurant, now and in vain a while ago."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, false, func, or_, select, update
from sqlalchemy.orm import Session

from ocpizza.db import execute_plain
from ocpizza.domain.unpaid import REMEMBERED, Asked, Visitor, exceeded
from ocpizza.models.order import MONEY_RECEIVED, Order, Source
from ocpizza.models.order_line import OrderLine
from ocpizza.models.order_revision import OrderRevision, RevisionState
from ocpizza.models.order_status import ENDED, OPEN, Status
from ocpizza.models.payment import PaymentStatus
from ocpizza.models.product import Kind

UNPAID = tuple(
    status
    for status in PaymentStatus
    if status not in MONEY_RECEIVED and status is not PaymentStatus.AUTHORISED
)
AT_A_TIME = 500
PIZZAS = (
    select(func.coalesce(func.sum(OrderLine.quantity), 0))
    .where(OrderLine.revision_id == OrderRevision.id, OrderLine.kind == Kind.PIZZA)
    .scalar_subquery()
)


class Who(NamedTuple):
    """By what orders of the same visitor are known; None is what nobody knows of them."""

    phone: str | None
    email: str | None
    account_id: int | None
    network: str | None


def same_person(order: type[Order]) -> ColumnElement[bool]:
    """Return the condition that an order is of the person in the parameters (`parameters_of`).

    What is not known of somebody is nobody's: nothing equals NULL.
    """
    known = (order.phone, order.email, order.account_id)
    return or_(*(column == bindparam(f"known_{column.key}") for column in known))


def parameters_of(who: Who) -> dict[str, Any]:
    """Return the parameters of `same_person` and of what is asked by it.

    Not by their plain names: in an INSERT those are its columns'.
    """
    return {f"known_{name}": value for name, value in who._asdict().items()}


SAME_PERSON = same_person(Order)
# What the counter has confirmed is known to be wanted.
UNPAID_HERE = (
    select(
        Order.status,
        Order.confirm_by,
        Order.hold_expires_at,
        OrderRevision.total_cents,
        PIZZAS.label("pizzas"),
        func.coalesce(SAME_PERSON, false()).label("same"),
    )
    .join(
        OrderRevision,
        and_(OrderRevision.order_id == Order.id, OrderRevision.state == RevisionState.CURRENT),
    )
    .where(
        Order.restaurant_id == bindparam("restaurant_id"),
        Order.source == Source.WEB,
        Order.payment_status.in_(UNPAID),
        or_(SAME_PERSON, Order.network == bindparam("known_network")),
        Order.confirmed_at.is_(None),
    )
)
HELD_NOW = UNPAID_HERE.where(Order.status.in_(OPEN), Order.id != bindparam("but"))
HELD_IN_VAIN = UNPAID_HERE.where(
    Order.status == Status.CANCELLED, Order.placed_at > bindparam("since")
)


class Held(NamedTuple):
    """An unpaid order of the same person, or only of the same network."""

    asked: Asked
    same_person: bool
    to_call: bool


def held_now(session: Session, restaurant_id: int, who: Who, but: int = 0) -> list[Held]:
    """Return the orders that somebody, or their network, has open and not paid.

    Not the order `but`.
    """
    values = parameters_of(who) | {"restaurant_id": restaurant_id, "but": but}
    rows = execute_plain(session, HELD_NOW, values)
    return [
        Held(
            Asked(row.total_cents, row.pizzas, row.status is Status.AWAITING_PAYMENT),
            bool(row.same),
            row.confirm_by is not None,
        )
        for row in rows
    ]


def held_in_vain(
    session: Session, restaurant_id: int, who: Who, visitor: Visitor, now: datetime
) -> list[Held]:
    """Return what they had held beyond the limit, or for an online payment, and did not pay,
    lately.
    """
    values = parameters_of(who) | {"restaurant_id": restaurant_id, "since": now - REMEMBERED}
    rows = session.execute(HELD_IN_VAIN, values)
    return [
        Held(asked, bool(row.same), False)
        for row in rows
        if (asked := Asked(row.total_cents, row.pizzas))
        and (row.hold_expires_at is not None or exceeded(visitor, [asked]))
    ]


def forget_networks(session: Session, now: datetime) -> int:
    """Forget where ended orders came from, once it counts no more; return their number."""
    over = (Order.status.in_(ENDED), Order.placed_at <= now - REMEMBERED)
    known = select(Order.id).where(Order.network.is_not(None), *over).order_by(Order.id)
    ids = session.scalars(known.limit(AT_A_TIME).with_for_update(skip_locked=True)).all()
    session.execute(
        update(Order)
        .where(Order.id.in_(ids))
        .values(network=None)
        .execution_options(synchronize_session=False)
    )
    return len(ids)
