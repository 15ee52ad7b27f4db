"""A customer will not pay what they are asked for: their order goes, or stays as it was."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.author import Author
from ocpizza.models.order_status import Status
from ocpizza.services.locks import lock_order
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.order.pending_change import abandon_change


def give_up_payment(session: Session, order_id: int, author: Author, now: datetime) -> bool:
    """Cancel an order that awaits its payment (its basket is kept), or abandon its change.

    Gives whether the order itself is gone.
    """
    order = lock_order(session, order_id)
    if order.status is Status.AWAITING_PAYMENT:
        return cancel_order(session, order_id, author, now)
    abandon_change(session, order, now)
    return False
