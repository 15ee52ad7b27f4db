"""One visitor cannot sell a restaurant out: so much unpaid is paid online, or called about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, not_, select
from sqlalchemy.orm import Session, aliased

from ocpizza.db import lock_names
from ocpizza.domain.checkout import (
    CallPending,
    CallRestaurant,
    Details,
    HeldInVain,
    PayOnline,
    PayOthersFirst,
)
from ocpizza.domain.unpaid import (
    CALL_WITHIN,
    MAX_IN_VAIN,
    MAX_TIMES,
    MAX_TIMES_OF_NETWORK,
    PEOPLE_BEHIND_A_NETWORK,
    Asked,
    Visitor,
    exceeded,
)
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.product import Kind
from ocpizza.services.order.unpaid import Held, Who, held_in_vain, held_now, same_person


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
    who = _who(visitor, details, account_id)
    held = held_now(session, restaurant_id, who)
    if asked.awaits_payment:
        _check_awaited(visitor, held, asked)
        before = held_in_vain(session, restaurant_id, who, visitor, now)
        if _too_much_in_vain(visitor, held, before, asked):
            raise HeldInVain
        return None
    if not _too_much(visitor, held, asked):
        return None
    if visitor.may_pay_online:
        raise PayOnline
    before = held_in_vain(session, restaurant_id, who, visitor, now)
    return _call(visitor, held, before, asked, details.phone, now)


def limit_order(
    session: Session, order: Order, visitor: Visitor, asked: Asked, now: datetime
) -> datetime | None:
    """Return the same for an order that is locked and shall be paid when it is handed over."""
    who = Who(order.phone, order.email, order.account_id, order.network)
    lock_names(session, *_names(order.restaurant_id, who))
    held = held_now(session, order.restaurant_id, who, but=order.id)
    if not _too_much(visitor, held, asked):
        return None
    before = held_in_vain(session, order.restaurant_id, who, visitor, now)
    return _call(visitor, held, before, asked, order.phone, now)


def asked_of(order: Order) -> Asked:
    """Return what a locked order holds."""
    lines = order.revision.lines
    pizzas = sum(line.quantity for line in lines if line.kind is Kind.PIZZA)
    return Asked(order.revision.total_cents, pizzas)


def first_purchase(details: Details, account_id: int | None) -> ColumnElement[bool] | bool:
    """Return whether nobody of this phone, e-mail or account has been handed an order before.

    For the statement that writes the new one, which so asks by itself.
    """
    who = Who(details.phone, details.email, account_id, None)
    if not any(who):
        return True
    earlier = aliased(Order)
    delivered = earlier.status == Status.DELIVERED
    return not_(exists(select(earlier.id).where(same_person(who, earlier), delivered)))


def _check_awaited(visitor: Visitor, held: Sequence[Held], asked: Asked) -> None:
    """What waits for its payment online is held too: one at a time may be big, not several."""
    waiting = [one.asked for one in held if one.same_person and one.asked.awaits_payment]
    if waiting and exceeded(visitor, [*waiting, asked]):
        raise PayOthersFirst
    _check_most(visitor, held, asked)


def _too_much(visitor: Visitor, held: Sequence[Held], asked: Asked) -> bool:
    return _exceeds(visitor, held, asked, 1, PEOPLE_BEHIND_A_NETWORK)


def _too_much_in_vain(
    visitor: Visitor, held: Sequence[Held], before: Sequence[Held], asked: Asked
) -> bool:
    """Whoever held much and paid nothing does not hold it again and again, under any name."""
    times = MAX_IN_VAIN
    return bool(before) and _exceeds(visitor, [*held, *before], asked, times, times)


def _call(
    visitor: Visitor,
    held: Sequence[Held],
    before: Sequence[Held],
    asked: Asked,
    phone: str | None,
    now: datetime,
) -> datetime:
    if any(one.to_call and one.same_person for one in held):
        raise CallPending
    _check_most(visitor, held, asked)
    if not phone or _too_much_in_vain(visitor, held, before, asked):
        raise CallRestaurant
    return now + CALL_WITHIN


def _check_most(visitor: Visitor, held: Sequence[Held], asked: Asked) -> None:
    if _exceeds(visitor, held, asked, MAX_TIMES, MAX_TIMES_OF_NETWORK):
        raise CallRestaurant


def _exceeds(
    visitor: Visitor, held: Sequence[Held], asked: Asked, times: int, times_of_network: int
) -> bool:
    own = [one.asked for one in held if one.same_person]
    near = [one.asked for one in held]
    return exceeded(visitor, [*own, asked], times) or exceeded(
        visitor, [*near, asked], times_of_network
    )


def _who(visitor: Visitor, details: Details, account_id: int | None) -> Who:
    return Who(details.phone, details.email, account_id, visitor.known_network)


def _names(restaurant_id: int | None, who: Who) -> list[str]:
    return [
        f"unpaid {restaurant_id} {kind} {value}" for kind, value in who._asdict().items() if value
    ]
