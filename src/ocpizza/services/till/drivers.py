"""The cash that drivers have collected at doors, and bring to a till."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, func, select, update
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author
from ocpizza.models.account import Account
from ocpizza.models.order import Order
from ocpizza.models.payment import Means, Payment, Refund, RefundState
from ocpizza.models.till import TillMovement, TillMovementKind, TillSession
from ocpizza.models.vat import Mode
from ocpizza.services.till.move import made_by
from ocpizza.services.till.session import DifferenceUnexplained, lock_till


@dataclass(frozen=True, slots=True)
class Brought:
    """What a driver brings, what the page said that they had collected, and the form's key."""

    driver_id: int
    cents: Cents
    shown_cents: Cents
    note: str
    key: str


@dataclass(frozen=True, slots=True)
class Carried:
    """The cash that somebody has collected at the door and not brought yet."""

    driver_id: int
    name: str
    cents: Cents


@dataclass
class OtherCarried(Exception):
    """The driver has not what the page showed: this much."""

    cents: Cents


def carried_cash(session: Session, restaurant_id: int, now: datetime) -> list[Carried]:
    """Return who has cash of deliveries that is still to be brought, by name."""
    collected = _collected(restaurant_id, now).subquery()
    names = select(Account.id, Account.first_name, Account.last_name, collected.c.cents).join(
        collected, collected.c.driver_id == Account.id
    )
    rows = session.execute(names.order_by(Account.id))
    return [
        Carried(row.id, f"{row.first_name} {row.last_name}".strip(), row.cents)
        for row in rows
        if row.cents
    ]


def bring_cash(
    session: Session, till: TillSession, said: Brought, author: Author, now: datetime
) -> TillMovement:
    """Return the movement by which a driver has brought all that they had collected.

    Raises TillClosed, OtherCarried, and DifferenceUnexplained where it is not as much.
    """
    locked = lock_till(session, till.restaurant_id, till.id)
    if known := made_by(session, said.key):
        return known
    mine = _own_payments(locked.restaurant_id, said.driver_id, now)
    payments = list(session.execute(mine))
    back = list(session.execute(_own_refunds(locked.restaurant_id, said.driver_id, now)))
    expected = sum(each.cents for each in payments) - sum(each.cents for each in back)
    if expected != said.shown_cents or not expected:
        raise OtherCarried(expected)
    if said.cents != expected and not said.note:
        raise DifferenceUnexplained
    movement = TillMovement(
        till_session_id=locked.id,
        kind=TillMovementKind.DRIVER_RETURN,
        delta_cents=said.cents,
        expected_cents=expected,
        driver_id=said.driver_id,
        author_id=author.account_id,
        key=said.key,
        note=said.note,
        at=now,
    )
    session.add(movement)
    session.flush()
    for table, rows in ((Payment, payments), (Refund, back)):
        session.execute(
            update(table)
            .where(table.id.in_([row.id for row in rows]))
            .values(till_movement_id=movement.id)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()
    return movement


def _collected(restaurant_id: int, now: datetime) -> Select[int, Cents]:
    """Return what each has collected in cash at doors, less what they gave back there."""
    payments = _own_payments(restaurant_id, None, now).subquery()
    refunds = _own_refunds(restaurant_id, None, now).subquery()
    both = select(payments.c.driver_id, payments.c.cents).union_all(
        select(refunds.c.driver_id, -refunds.c.cents)
    )
    rows = both.subquery()
    return select(rows.c.driver_id, func.sum(rows.c.cents).label("cents")).group_by(
        rows.c.driver_id
    )


def _own_payments(
    restaurant_id: int, driver_id: int | None, now: datetime
) -> Select[int, int | None, Cents]:
    query = (
        select(
            Payment.id,
            Payment.recorded_by_id.label("driver_id"),
            Payment.captured_cents.label("cents"),
        )
        .join(Order, Order.id == Payment.order_id)
        .where(
            Payment.means == Means.CASH,
            Payment.till_session_id.is_(None),
            Payment.till_movement_id.is_(None),
            Payment.settled_at <= now,
            Payment.settled_at > _first_opened(restaurant_id),
            Order.restaurant_id == restaurant_id,
            Order.mode == Mode.DELIVERY,
        )
    )
    return query if driver_id is None else query.where(Payment.recorded_by_id == driver_id)


def _own_refunds(
    restaurant_id: int, driver_id: int | None, now: datetime
) -> Select[int, int | None, Cents]:
    query = (
        select(
            Refund.id,
            Refund.author_id.label("driver_id"),
            Refund.amount_cents.label("cents"),
        )
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(
            Payment.means == Means.CASH,
            Refund.state == RefundState.DONE,
            Refund.stripe_refund_id.is_(None),
            Refund.till_session_id.is_(None),
            Refund.till_movement_id.is_(None),
            Refund.requested_at <= now,
            Refund.requested_at > _first_opened(restaurant_id),
            Order.restaurant_id == restaurant_id,
            Order.mode == Mode.DELIVERY,
        )
    )
    return query if driver_id is None else query.where(Refund.author_id == driver_id)


def _first_opened(restaurant_id: int) -> ScalarSelect[datetime]:
    """Return from when on cash is brought to a till here: since there is one."""
    first = select(func.min(TillSession.opened_at))
    return first.where(TillSession.restaurant_id == restaurant_id).scalar_subquery()
