"""The life of an order as the database guards it."""

import pytest
from sqlalchemy import text, update

from factories import NOON, make_basket, order_of
from ocpizza.models.basket import BasketLine
from ocpizza.models.order import Order
from ocpizza.models.order_revision import EventKind, OrderEvent, OrderRevision
from ocpizza.models.order_status import Status
from refusals import refused_by


def event(order: Order, **values) -> OrderEvent:
    told = {"kind": EventKind.STATUS, "status": Status.ACCEPTED, "at": NOON}
    return OrderEvent(order_id=order.id, **told | values)


@pytest.fixture
def order(session, pizzeria) -> Order:
    return order_of(session, pizzeria)


def test_a_status_is_never_set_twice(session, order):
    with refused_by(session, "uq_order_event_status"):
        session.add(event(order, status=Status.TO_PREPARE))


def test_a_status_is_set_again_only_after_it_was_undone(session, order):
    accepted = event(order)
    session.add(accepted)
    session.flush()
    session.add(event(order, kind=EventKind.UNDONE, status=None, undoes_id=accepted.id))
    session.add(event(order, undone_before=1))
    session.flush()
    with refused_by(session, "uq_order_event_status"):
        session.add(event(order, undone_before=1))


def test_a_step_is_undone_once(session, order):
    undone = {"kind": EventKind.UNDONE, "status": None, "undoes_id": order.events[0].id}
    session.add(event(order, **undone))
    session.flush()
    with refused_by(session, "uq_order_event_undoes_id"):
        session.add(event(order, **undone))


@pytest.mark.parametrize("kind", [EventKind.UNDONE, EventKind.NOTE])
def test_an_event_that_undoes_says_what_and_no_other_does(session, order, kind):
    undoes = None if kind is EventKind.UNDONE else order.events[0].id
    with refused_by(session, "ck_order_event_undoes_given"):
        session.add(event(order, kind=kind, status=None, undoes_id=undoes))


def test_other_events_come_as_often_as_they_like(session, order):
    session.add_all(event(order, kind=EventKind.NOTE, status=None, note="sonner") for _ in "ab")
    session.flush()


@pytest.mark.parametrize(
    "values", [{"status": None}, {"kind": EventKind.NOTE, "status": Status.ACCEPTED}]
)
def test_a_status_event_has_a_status_and_no_other_has(session, order, values):
    with refused_by(session, "ck_order_event_status_given"):
        session.add(event(order, **values))


@pytest.mark.parametrize("table", ["order_event", "stock_movement"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET note = 'x'", "DELETE FROM {}"])
def test_history_is_neither_changed_nor_deleted(session, order, table, verb):
    with refused_by(session, f"rows of {table} are append-only"):
        session.execute(text(verb.format(table)))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"phone": None, "email": None}, "ck_orders_contact"),
        ({"tip_cents": -1}, "ck_orders_tip_not_negative"),
        ({"status": Status.AWAITING_PAYMENT}, "ck_orders_hold_expires"),
        ({"status": Status.NOT_DELIVERED}, "ck_orders_ending_reason"),
        ({"checkout_key": None}, "ck_orders_checkout_key"),
        ({"checkout_key": ""}, "ck_orders_checkout_key"),
        ({"checkout_key": "short"}, "ck_orders_checkout_key"),
    ],
)
def test_an_order_that_cannot_be_is_refused(session, order, values, constraint):
    with refused_by(session, constraint):
        session.execute(update(Order.__table__).where(Order.id == order.id).values(values))


@pytest.mark.parametrize("key", [None, "", "short"])
def test_a_changed_order_always_keeps_the_key_of_its_form(session, order, key):
    values = {"number": 2, "checkout_key": key}
    with refused_by(session, "ck_order_revision_checkout_key"):
        revisions = OrderRevision.__table__
        session.execute(update(revisions).where(revisions.c.order_id == order.id).values(values))


@pytest.mark.parametrize("column", ["status", "mode", "source", "means", "payment_status"])
def test_a_value_that_is_not_of_the_list_is_refused(session, order, column):
    with refused_by(session, f"ck_orders_{column}"):
        session.execute(text(f"UPDATE orders SET {column} = 'invented'"))


@pytest.mark.parametrize("column", ["number", "checkout_key", "tracking_token"])
def test_what_names_an_order_is_not_reused(session, pizzeria, order, column):
    other = order_of(session, pizzeria)
    with refused_by(session, column):
        session.execute(
            update(Order.__table__)
            .where(Order.id == other.id)
            .values({column: getattr(order, column)})
        )


def test_an_order_with_a_history_cannot_be_deleted(session, order):
    with refused_by(session, ""):
        session.execute(text("DELETE FROM orders"))


@pytest.mark.parametrize("quantity", [0, 51])
def test_a_basket_line_holds_one_to_fifty(session, pizzeria, quantity):
    with refused_by(session, "ck_basket_line_quantity_range"):
        make_basket(session, pizzeria, [(pizzeria.select("cola"), quantity)])


def test_a_basket_has_one_line_a_selection(session, pizzeria):
    basket = make_basket(session, pizzeria)
    with refused_by(session, "uq_basket_line_basket_id_selection"):
        text_ = basket.lines[0].selection
        session.add(BasketLine(basket_id=basket.id, selection=text_, quantity=1))
