"""UC7.1: who works where."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager

from ocpizza.domain.sorting import reading_order
from ocpizza.models.account import Account, Employee

GROUP = Employee.restaurant_id.is_(None)


def colleagues_of(session: Session, restaurant_id: int | None) -> list[Account]:
    """Return a restaurant's staff and the group's managers, or everybody's, by name."""
    if restaurant_id is None:
        return _by_name(session)
    return _by_name(session, (Employee.restaurant_id == restaurant_id) | GROUP)


def working_at(session: Session, restaurant_id: int | None) -> list[Account]:
    """Return who works at a restaurant or, for None, for the whole group, by name."""
    here = GROUP if restaurant_id is None else Employee.restaurant_id == restaurant_id
    return _by_name(session, here)


def _by_name(session: Session, *where: ColumnElement[bool]) -> list[Account]:
    query = select(Account).join(Account.employee).options(contains_eager(Account.employee))
    found = session.scalars(query.where(*where))
    return sorted(found, key=lambda one: reading_order(one.full_name))
