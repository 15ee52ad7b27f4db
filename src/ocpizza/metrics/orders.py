"""Orders counted once they are committed, by whatever page; refusals, by their kind."""

import re
from collections.abc import Iterator
from typing import Any

from pyramid.config import Configurator
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, object_session

from ocpizza.domain.checkout import OrderRefused
from ocpizza.metrics.figures import Figures
from ocpizza.models.order import Order, PaymentChoice, Source
from ocpizza.models.vat import Mode
from ocpizza.request import Request
from ocpizza.services.catalogue.restaurants import code_of
from ocpizza.transactions import FIGURES

_PLACED = "ocpizza_orders_placed"


@event.listens_for(Order, "after_insert")
def _note(_mapper: Any, _connection: Connection, order: Order) -> None:
    session = object_session(order)
    if session is None or session.info.get(FIGURES) is None:
        return
    # Its attributes may be gone after the commit, when nothing may be asked.
    code = code_of(order.restaurant_id)
    labels = (code, order.mode, order.source, order.payment_choice)
    session.info.setdefault(_PLACED, []).append((order, labels))


@event.listens_for(Session, "after_commit")
def _count(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for order, labels in session.info.pop(_PLACED, ()):
        # One whose savepoint was taken back is in the session no more.
        if order in session:
            session.info[FIGURES].orders.labels(*labels).inc()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_PLACED, None)


def note_refusal(request: Request, refused: OrderRefused) -> None:
    """Count an order that is refused."""
    request.registry["figures"].refusals.labels(kind_of(type(refused))).inc()


def kind_of(refusal: type[OrderRefused]) -> str:
    """Return the name of a kind of refusal, such as `out_of_stock`."""
    return re.sub("(?<!^)(?=[A-Z])", "_", refusal.__name__).lower()


def expect(figures: Figures, restaurants: list[str]) -> None:
    """Have what did not happen yet be 0: Prometheus sees no increase in what was not there."""
    for kind in _kinds(OrderRefused):
        figures.refusals.labels(kind)
    for code in restaurants:
        for mode in Mode:
            for choice in PaymentChoice:
                figures.orders.labels(code, mode, Source.WEB, choice)


def _kinds(parent: type[OrderRefused]) -> Iterator[str]:
    for child in parent.__subclasses__():
        yield kind_of(child)
        yield from _kinds(child)


def includeme(config: Configurator) -> None:
    config.add_request_method(note_refusal)
