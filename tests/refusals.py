"""What the database refuses, told apart by the name of the constraint."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

# SQLite names a unique constraint by its columns.
UNIQUE = {
    "uq_order_event_status": "order_event.order_id, order_event.status",
    "uq_order_event_undoes_id": "order_event.undoes_id",
    "uq_order_revision_current": "order_revision.order_id",
    "uq_order_revision_pending": "order_revision.order_id",
    "uq_product_size_default": "product_size.product_id",
    "uq_receipt_legal_entity_id_number": "receipt.legal_entity_id, receipt.number",
    "uq_payment_receipt_id": "payment.receipt_id",
    "uq_basket_line_basket_id_selection": "basket_line.basket_id, basket_line.selection",
    "uq_promotion_use_promotion_id_account_id_ordinal": (
        "promotion_use.promotion_id, promotion_use.account_id, promotion_use.ordinal"
    ),
}


@contextmanager
def refused_by(session: Session, constraint: str) -> Iterator[None]:
    """The block, once flushed, is refused by this constraint or trigger; nothing of it stays."""
    with pytest.raises(DBAPIError) as refusal, session.begin_nested():  # noqa: PT012
        yield
        session.flush()
    message = str(refusal.value.orig)
    assert constraint in message or UNIQUE.get(constraint, "?") in message, message
    session.expire_all()
