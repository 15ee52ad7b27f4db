"""The statuses of an order (product.md, « An order's life »)."""

from enum import StrEnum


class Status(StrEnum):
    """Where an order stands."""

    AWAITING_PAYMENT = "awaiting_payment"
    TO_PREPARE = "to_prepare"
    ACCEPTED = "accepted"
    PREPARING = "preparing"
    READY = "ready"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    NOT_DELIVERED = "not_delivered"


ENDED = frozenset({Status.DELIVERED, Status.CANCELLED, Status.NOT_DELIVERED})
# Named, not « all but ended »: an index finds them.
OPEN = tuple(status for status in Status if status not in ENDED)
UNDER_WAY = tuple(status for status in OPEN if status is not Status.AWAITING_PAYMENT)
IN_THE_KITCHEN = (Status.TO_PREPARE, Status.ACCEPTED, Status.PREPARING, Status.READY)


class EndingReason(StrEnum):
    """Why the shop itself cancelled an order; what staff say is a note (`Order.ending_note`)."""

    NOT_PAID = "not_paid"
    NOT_REACHED = "not_reached"


class UndeliveredReason(StrEnum):
    """Why a ready order reached nobody; what the manager adds is a note (`Order.ending_note`)."""

    NOBODY_THERE = "nobody_there"
    NOT_COLLECTED = "not_collected"
    REFUSED = "refused"
    SPOILED = "spoiled"
