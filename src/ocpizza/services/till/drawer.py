"""What should be in the drawer of a till: its float, what came and what went."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ocpizza.column_types import Cents
from ocpizza.models.payment import Means, Payment, Refund, RefundState
from ocpizza.models.till import TillMovement, TillSession


@dataclass(frozen=True, slots=True)
class Drawer:
    """Cash only; what was given back and taken out is less than nothing."""

    float_cents: Cents
    received_cents: Cents
    given_back_cents: Cents
    moved_cents: Cents

    @property
    def expected_cents(self) -> Cents:
        """What there should be."""
        return self.float_cents + self.received_cents + self.given_back_cents + self.moved_cents


def drawer_of(session: Session, till: TillSession) -> Drawer:
    """Return what a till's books say of its cash; of a closed one, whenever it is asked."""
    sums = session.execute(select(*_sums(till.id))).one()
    return Drawer(till.float_cents, sums[0], -sums[1], sums[2])


def expected_by_books() -> ColumnElement[Cents]:
    """Return what the books say there should be, as the database adds it up for each till."""
    received, given_back, moved = _sums(TillSession.id)
    return TillSession.float_cents + received - given_back + moved


def _sums(till_id: int | InstrumentedAttribute[int]) -> tuple[ColumnElement[Cents], ...]:
    """Return what a till received in cash, what it gave back, and what moved without a customer."""
    received = (
        select(_sum(Payment.captured_cents))
        .where(Payment.till_session_id == till_id, Payment.means == Means.CASH)
        .scalar_subquery()
    )
    given_back = (
        select(_sum(Refund.amount_cents))
        .join(Payment, Payment.id == Refund.payment_id)
        .where(
            Refund.till_session_id == till_id,
            Refund.state != RefundState.FAILED,
            Payment.means == Means.CASH,
        )
        .scalar_subquery()
    )
    moved = (
        select(_sum(TillMovement.delta_cents))
        .where(TillMovement.till_session_id == till_id)
        .scalar_subquery()
    )
    return received, given_back, moved


def _sum(column: InstrumentedAttribute[Cents]) -> ColumnElement[Cents]:
    return func.coalesce(func.sum(column), 0)
