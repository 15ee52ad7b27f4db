"""One visitor cannot sell a restaurant out: so much unpaid is paid online, or called about."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from ocpizza.db import lock_names
from ocpizza.domain.checkout import (
    CallPending,
    CallRestaurant,
    Details,
    PayOnline,
    PayOthersFirst,
)
from ocpizza.domain.unpaid import (
    CALL_WITHIN,
    MOST_TIMES,
    PEOPLE_BEHIND_A_NETWORK,
    Asked,
    Visitor,
    exceeded,
)
from ocpizza.models.order import MONEY_RECEIVED, Order, Source
from ocpizza.models.order_line import OrderLine
from ocpizza.models.order_revision import OrderRevision, RevisionState
from ocpizza.models.order_status import ENDED, Status
from ocpizza.models.payment import PaymentStatus
from ocpizza.models.product import Kind

OPEN = tuple(status for status in Status if status not in ENDED)
UNPAID = tuple(
    status
    for status in PaymentStatus
    if status not in MONEY_RECEIVED and status is not PaymentStatus.AUTHORISED
)


class Who(NamedTuple):
    """By what orders of the same visitor are known."""

    phone: str | None
    email: str | None
    account_id: int | None
    network: str | None


class Held(NamedTuple):
    """An unpaid order of the same person, or only of the same network."""

    asked: Asked
    same_person: bool
    to_call: bool


def unpaid_names(
    restaurant_id: int | None,
    visitor: Visitor | None,
    details: Details | None,
    account_id: int | None,
) -> list[str]:
    """Return what to lock, so that nobody else orders by the same phone, e-mail … meanwhile."""
    if visitor is None or details is None:
        return []
    return _names(restaurant_id, _who(visitor, details, account_id))


def judge_unpaid(
    session: Session,
    restaurant_id: int,
    visitor: Visitor | None,
    details: Details,
    account_id: int | None,
    asked: Asked,
    now: datetime,
) -> datetime | None:
    """Until when the counter must have confirmed a new order by telephone, None where it need not.

    Colleagues, who are no visitors, order as they see fit. Raises PayOnline,
    PayOthersFirst, CallPending or CallRestaurant.
    """
    if visitor is None:
        return None
    held = _held(session, restaurant_id, _who(visitor, details, account_id))
    if asked.awaits_payment:
        _check_awaited(visitor, held, asked)
        return None
    if not _too_much(visitor, held, asked):
        return None
    if visitor.may_pay_online:
        raise PayOnline
    return _call(visitor, held, asked, details.phone, now)


def limit_order(
    session: Session, order: Order, visitor: Visitor, asked: Asked, now: datetime
) -> datetime | None:
    """The same for an order that is locked and shall be paid when it is handed over."""
    who = Who(order.phone, order.email, order.account_id, order.network)
    lock_names(session, *_names(order.restaurant_id, who))
    held = _held(session, order.restaurant_id, who, but=order.id)
    if not _too_much(visitor, held, asked):
        return None
    return _call(visitor, held, asked, order.phone, now)


def asked_of(order: Order) -> Asked:
    """What a locked order holds."""
    lines = order.revision.lines
    pizzas = sum(line.quantity for line in lines if line.kind is Kind.PIZZA)
    return Asked(order.revision.total_cents, pizzas)


def first_purchase(details: Details, account_id: int | None) -> ColumnElement[bool] | bool:
    """Whether nobody of this phone, e-mail or account has been handed an order before.

    For the statement that writes the new one, which so asks by itself.
    """
    who = Who(details.phone, details.email, account_id, None)
    if not any(who):
        return True
    earlier = aliased(Order)
    delivered = earlier.status == Status.DELIVERED
    return not_(exists(select(earlier.id).where(_same_person(who, earlier), delivered)))


def _check_awaited(visitor: Visitor, held: Sequence[Held], asked: Asked) -> None:
    """What waits for its payment online is held too: one at a time may be big, not several."""
    waiting = [one.asked for one in held if one.same_person and one.asked.awaits_payment]
    if waiting and exceeded(visitor, [*waiting, asked]):
        raise PayOthersFirst
    _check_most(visitor, held, asked)


def _too_much(visitor: Visitor, held: Sequence[Held], asked: Asked) -> bool:
    own = [one.asked for one in held if one.same_person]
    near = [one.asked for one in held]
    return exceeded(visitor, [*own, asked]) or exceeded(
        visitor, [*near, asked], PEOPLE_BEHIND_A_NETWORK
    )


def _call(
    visitor: Visitor, held: Sequence[Held], asked: Asked, phone: str | None, now: datetime
) -> datetime:
    if any(one.to_call and one.same_person for one in held):
        raise CallPending
    _check_most(visitor, held, asked)
    if not phone:
        raise CallRestaurant
    return now + CALL_WITHIN


def _check_most(visitor: Visitor, held: Sequence[Held], asked: Asked) -> None:
    own = [one.asked for one in held if one.same_person]
    near = [one.asked for one in held]
    if exceeded(visitor, [*own, asked], MOST_TIMES) or exceeded(
        visitor, [*near, asked], MOST_TIMES * PEOPLE_BEHIND_A_NETWORK
    ):
        raise CallRestaurant


def _who(visitor: Visitor, details: Details, account_id: int | None) -> Who:
    return Who(details.phone, details.email, account_id, visitor.known_network)


def _names(restaurant_id: int | None, who: Who) -> list[str]:
    return [
        f"unpaid {restaurant_id} {kind} {value}" for kind, value in who._asdict().items() if value
    ]


def _held(session: Session, restaurant_id: int, who: Who, but: int = 0) -> list[Held]:
    pizzas = (
        select(func.coalesce(func.sum(OrderLine.quantity), 0))
        .where(OrderLine.revision_id == OrderRevision.id, OrderLine.kind == Kind.PIZZA)
        .scalar_subquery()
    )
    person = _same_person(who)
    anybody = or_(person, Order.network == who.network) if who.network else person
    query = (
        select(Order.status, Order.confirm_by, OrderRevision.total_cents, pizzas, person)
        .join(
            OrderRevision,
            and_(OrderRevision.order_id == Order.id, OrderRevision.state == RevisionState.CURRENT),
        )
        .where(
            Order.restaurant_id == restaurant_id,
            Order.status.in_(OPEN),
            Order.source == Source.WEB,
            Order.payment_status.in_(UNPAID),
            # What the counter has confirmed is known to be wanted.
            Order.confirmed_at.is_(None),
            Order.id != but,
            anybody,
        )
    )
    return [
        Held(
            Asked(cents, number, status is Status.AWAITING_PAYMENT),
            bool(same),
            confirm_by is not None,
        )
        for status, confirm_by, cents, number, same in session.execute(query)
    ]


def _same_person(who: Who, order: type[Order] = Order) -> ColumnElement[bool]:
    known = [
        column == value
        for column, value in (
            (order.phone, who.phone),
            (order.email, who.email),
            (order.account_id, who.account_id),
        )
        if value
    ]
    return or_(*known)
