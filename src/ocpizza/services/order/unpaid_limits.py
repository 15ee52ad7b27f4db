"""One visitor cannot sell a restaurant out: so much unpaid is paid online, or called about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, not_, select
from sqlalchemy.orm import Session, aliased

from ocpizza.db import lock_names
from ocpizza.domain.checkout import (
    CallPending,
    CallRestaurant,
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
    Buyer,
    Visitor,
    exceeded,
)
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.product import Kind
from ocpizza.services.order.unpaid import (
    Held,
    Who,
    held_in_vain,
    held_now,
    parameters_of,
    same_person,
)

EARLIER = aliased(Order)
HANDED_OVER = select(EARLIER.id).where(same_person(EARLIER), EARLIER.status == Status.DELIVERED)


def unpaid_names(restaurant_id: int | None, buyer: Buyer) -> list[str]:
    """Return what to lock, so that nobody else orders by the same phone, e-mail … meanwhile."""
    return _names(restaurant_id, _who(buyer)) if buyer.visitor else []


def judge_unpaid(
    session: Session, restaurant_id: int, buyer: Buyer, asked: Asked, now: datetime
) -> datetime | None:
    """Return until when the counter must have confirmed a new order by telephone, None where it
    need not.

    Colleagues, who are no visitors, order as they see fit. The caller has locked `unpaid_names`.
    Raises PayOnline, PayOthersFirst,
    HeldInVain, CallPending or CallRestaurant.
    """
    visitor, who = buyer.visitor, _who(buyer)
    if visitor is None:
        return None
    case = _Case(visitor, held_now(session, restaurant_id, who), asked)
    if asked.awaits_payment:
        case.check_awaited()
        if case.too_much_in_vain(held_in_vain(session, restaurant_id, who, visitor, now)):
            raise HeldInVain
        return None
    if not case.too_much:
        return None
    if visitor.may_pay_online:
        raise PayOnline
    before = held_in_vain(session, restaurant_id, who, visitor, now)
    case.check_worth_a_call(before, buyer.details.phone)
    return now + CALL_WITHIN


def limit_order(
    session: Session, order: Order, visitor: Visitor, asked: Asked, now: datetime
) -> datetime | None:
    """Return until when the counter must have confirmed a locked order by telephone, as above.

    It shall be paid when it is handed over; what is known of its visitor is locked here.
    """
    who = Who(order.phone, order.email, order.account_id, order.network)
    lock_names(session, *_names(order.restaurant_id, who))
    case = _Case(visitor, held_now(session, order.restaurant_id, who, but=order.id), asked)
    if not case.too_much:
        return None
    before = held_in_vain(session, order.restaurant_id, who, visitor, now)
    case.check_worth_a_call(before, order.phone)
    return now + CALL_WITHIN


def asked_of(order: Order) -> Asked:
    """Return what a locked order holds."""
    lines = order.revision.lines
    pizzas = sum(line.quantity for line in lines if line.kind is Kind.PIZZA)
    return Asked(order.revision.total_cents, pizzas)


def first_purchase(buyer: Buyer) -> ColumnElement[bool]:
    """Return the condition that nobody of this phone, e-mail or account was handed an order.

    The statement that writes the new one so asks by itself.
    """
    return not_(exists(HANDED_OVER.params(parameters_of(_who(buyer)))))


@dataclass(frozen=True, slots=True)
class _Case:
    """What a visitor holds unpaid, and what they ask for besides."""

    visitor: Visitor
    held: Sequence[Held]
    asked: Asked

    @property
    def too_much(self) -> bool:
        return self._exceeds(1, PEOPLE_BEHIND_A_NETWORK)

    def too_much_in_vain(self, before: Sequence[Held]) -> bool:
        """Whoever held much and paid nothing does not hold it again and again, under any name."""
        return bool(before) and self._exceeds(MAX_IN_VAIN, MAX_IN_VAIN, before)

    def check_awaited(self) -> None:
        """What waits for its payment online is held too: one at a time may be big, not several."""
        waiting = [one.asked for one in self.held if one.same_person and one.asked.awaits_payment]
        if waiting and exceeded(self.visitor, [*waiting, self.asked]):
            raise PayOthersFirst
        self._check_most()

    def check_worth_a_call(self, before: Sequence[Held], phone: str | None) -> None:
        if any(one.to_call and one.same_person for one in self.held):
            raise CallPending
        self._check_most()
        if not phone or self.too_much_in_vain(before):
            raise CallRestaurant

    def _check_most(self) -> None:
        if self._exceeds(MAX_TIMES, MAX_TIMES_OF_NETWORK):
            raise CallRestaurant

    def _exceeds(self, times: int, times_of_network: int, before: Sequence[Held] = ()) -> bool:
        held = [*self.held, *before]
        own = [one.asked for one in held if one.same_person]
        near = [one.asked for one in held]
        return exceeded(self.visitor, [*own, self.asked], times) or exceeded(
            self.visitor, [*near, self.asked], times_of_network
        )


def _who(buyer: Buyer) -> Who:
    """Return by what they are known; colleagues order from no network of a visitor's."""
    network = buyer.visitor.known_network if buyer.visitor else None
    return Who(buyer.details.phone, buyer.details.email, buyer.account_id, network)


def _names(restaurant_id: int | None, who: Who) -> list[str]:
    return [
        f"unpaid {restaurant_id} {kind} {value}" for kind, value in who._asdict().items() if value
    ]
