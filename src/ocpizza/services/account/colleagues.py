"""UC7.1: who works where."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from ocpizza.domain.sorting import reading_order
from ocpizza.models.account import Account, Employee


def colleagues_of(session: Session, restaurant_id: int | None) -> Sequence[Account]:
    """Return a restaurant's staff and the group's managers, or everybody's, by name."""
    query = select(Account).join(Account.employee).options(contains_eager(Account.employee))
    if restaurant_id is not None:
        here, group = Employee.restaurant_id == restaurant_id, Employee.restaurant_id.is_(None)
        query = query.where(or_(here, group))
    return sorted(session.scalars(query), key=lambda one: reading_order(one.full_name))
