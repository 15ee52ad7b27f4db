"""Below what quantity an ingredient is said to run out soon, at each restaurant."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.staff_change import Subject
from ocpizza.models.stock import Stock
from ocpizza.services.trail.record import Change, Signature, record_change


def set_threshold(
    session: Session, stock: Stock, quantity: int, before: int | None, signed: Signature
) -> None:
    """Have the restaurant be told from this quantity on; 0 is only when nothing is left.

    Raises StaleVersion where it is no longer what was shown (`before`).
    """
    key = Stock.restaurant_id == stock.restaurant_id, Stock.ingredient_id == stock.ingredient_id
    locked = select(Stock).where(*key).with_for_update(of=Stock)
    kept = session.scalars(locked.execution_options(populate_existing=True)).one()
    old = kept.alert_quantity
    if old == quantity:
        return
    if old != before:
        raise StaleVersion
    kept.alert_quantity = quantity
    session.flush()
    # The trail knows no units: the fact is called by its own.
    fact = f"alert_{stock.ingredient.unit}"
    name = stock.ingredient.name
    change = Change(Subject.STOCK, {fact: old}, {fact: quantity}, stock.restaurant_id, name)
    record_change(session, signed, change)
