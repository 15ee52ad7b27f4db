"""B32: an order reaches its customer and what is due is received, or neither."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author
from ocpizza.domain.tender import Tender
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment
from ocpizza.models.vat import Mode
from ocpizza.services.order.advance import Step, advance_order
from ocpizza.services.payment.counter import record_payment
from ocpizza.services.payment.give_back import GivenBack, give_back


@dataclass(frozen=True, slots=True)
class HandOver:
    """What whoever hands an order over says of it.

    The status they saw; how it was paid, by default as its customer chose; what was handed over;
    what they gave back, where it had been paid in advance and cost less in the end; when they
    pressed, where that came here later; what their page showed to be due, which is what they asked
    for.
    """

    before: Status
    means: Means | None = None
    tendered_cents: Cents | None = None
    given_back_cents: Cents = 0
    tapped_at: datetime | None = None
    shown_due_cents: Cents | None = None


def hand_over(
    session: Session,
    order_id: int,
    handed: HandOver,
    author: Author,
    now: datetime,
) -> tuple[Order, Payment | None]:
    """Return the order, delivered, and the payment that was received for it, if anything was due.

    What is due is judged once the order is locked. Raises StaleStatus, NotAllowed, OtherDue,
    TooLittle, TooMuch, OtherExcess and TillClosed, with nothing changed.
    """
    with session.begin_nested():
        step = Step(handed.before, Status.DELIVERED, handed.tapped_at)
        order = advance_order(session, order_id, step, author, now)
        tender = Tender(handed.means or order.means, handed.tendered_cents)
        at_till = order.mode is not Mode.DELIVERY
        said = GivenBack(handed.given_back_cents)
        give_back(session, order, said, author, now, at_till=at_till)
        shown, who = handed.shown_due_cents, author.account_id
        payment = record_payment(session, order, tender, who, now, shown_due_cents=shown)
    return order, payment
