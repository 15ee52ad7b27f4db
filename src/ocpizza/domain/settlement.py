"""B3: what is due on an order, how and when, or what has become of its money."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ocpizza.column_types import Cents
from ocpizza.domain.agreement import Agreement
from ocpizza.models.order import PaymentChoice
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, PaymentStatus
from ocpizza.models.vat import Mode


class Due(StrEnum):
    """Where an order stands with its money; each is one sentence for each reader."""

    NOTHING = "nothing"
    CARD_AWAITED = "card_awaited"
    CARD_ACCEPTED = "card_accepted"
    BEING_CHARGED = "being_charged"
    AT_HANDOVER = "at_handover"
    TO_GIVE_BACK = "to_give_back"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    REFUND_AWAITED = "refund_awaited"
    NOT_CHARGED = "not_charged"


class Payable(Protocol):
    """What of an order says how it is paid."""

    @property
    def status(self) -> Status: ...
    @property
    def mode(self) -> Mode: ...
    @property
    def payment_choice(self) -> PaymentChoice: ...
    @property
    def payment_status(self) -> PaymentStatus: ...
    @property
    def means(self) -> Means: ...
    @property
    def total_cents(self) -> Cents: ...
    @property
    def due_cents(self) -> Cents: ...
    @property
    def excess_cents(self) -> Cents: ...


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where an order stands with its money, how much that is about, and how it is handed over."""

    due: Due
    cents: Cents
    mode: Mode
    means: Means
    cancelled: bool = False


RECEIVED = {
    PaymentStatus.PAID: Due.PAID,
    PaymentStatus.PARTLY_REFUNDED: Due.PARTLY_REFUNDED,
    PaymentStatus.REFUNDED: Due.REFUNDED,
}
NEVER_HANDED_OVER = (Status.CANCELLED, Status.NOT_DELIVERED)
NOT_BEGUN = (Status.TO_PREPARE, Status.ACCEPTED)


def settlement(order: Payable) -> Settlement:
    """Return where an order stands with its money."""
    cancelled, due = order.status is Status.CANCELLED, _due(order)
    cents = order.total_cents
    if due is Due.AT_HANDOVER:
        cents = order.due_cents
    elif due is Due.TO_GIVE_BACK:
        cents = order.excess_cents
    return Settlement(due, cents, order.mode, order.means, cancelled)


def _due(order: Payable) -> Due:
    online = order.payment_choice is PaymentChoice.ONLINE
    if order.excess_cents:
        return Due.TO_GIVE_BACK
    if order.status is Status.CANCELLED and order.payment_status is PaymentStatus.PAID:
        # Taken at Stripe although it was to be released: it is given back (`apply_payment_state`).
        return Due.REFUND_AWAITED
    if order.payment_status in RECEIVED and not order.due_cents:
        return RECEIVED[order.payment_status]
    if order.status in NEVER_HANDED_OVER:
        by_card = online or order.payment_status is not PaymentStatus.UNPAID
        return Due.NOT_CHARGED if by_card else Due.NOTHING
    if not order.total_cents:
        return Due.NOTHING
    if not online:
        return Due.AT_HANDOVER
    if order.payment_status is not PaymentStatus.AUTHORISED:
        return Due.CARD_AWAITED
    return Due.CARD_ACCEPTED if order.status in NOT_BEGUN else Due.BEING_CHARGED


class ChangeDue(StrEnum):
    """UC1.3: what a change of an order means for its money."""

    NEW_AUTHORISATION = "new_authorisation"
    SAME_CARD = "same_card"
    AT_HANDOVER = "at_handover"
    GIVEN_BACK = "given_back"
    PAID = "paid"
    NOTHING = "nothing"


def change_due(agreement: Agreement, total_cents: Cents) -> ChangeDue:
    """Return how an order is paid once it is changed to cost this."""
    if agreement.payment_choice is PaymentChoice.ONLINE:
        dearer = total_cents > agreement.authorised_cents
        return ChangeDue.NEW_AUTHORISATION if dearer else ChangeDue.SAME_CARD
    if not agreement.received_cents:
        return ChangeDue.AT_HANDOVER if total_cents else ChangeDue.NOTHING
    more = total_cents - agreement.received_cents
    if not more:
        return ChangeDue.PAID
    return ChangeDue.AT_HANDOVER if more > 0 else ChangeDue.GIVEN_BACK
