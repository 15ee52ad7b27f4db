"""`ocpizza check` names whatever does not add up, also what the database would have refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text, true, update
from sqlalchemy.orm import Session

from factories import (
    NOON,
    Pizzeria,
    advance_to,
    author_of,
    make_account,
    make_promotion,
    make_staff,
    order_of,
)
from ocpizza.domain.money import vat_contained
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine
from ocpizza.models.order_revision import OrderRevision
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, Refund, RefundState
from ocpizza.models.promotion import Promotion, PromotionKind
from ocpizza.models.stock import Stock
from ocpizza.models.stock_count import StockCount
from ocpizza.models.till import TillSession
from ocpizza.models.vat import Mode
from ocpizza.operations.check import RULES, check
from ocpizza.operations.check_usual import revision_is_its_lines
from ocpizza.services.payment.counter import Tender, record_payment
from ocpizza.services.stock.count import Counted, begin_count, count_stock
from ocpizza.services.stock.movements import list_movements
from ocpizza.services.stock.record_count import record_count
from ocpizza.services.stock.sold_out import sell_out, undo_sell_out
from ocpizza.services.till.close import Counted as CountedCash
from ocpizza.services.till.close import close_till
from ocpizza.services.till.drawer import drawer_of
from ocpizza.services.till.move import Moved, move_cash
from ocpizza.services.till.session import find_till

GUARDS = {
    "postgresql": "ALTER TABLE {table} DROP CONSTRAINT {name}",
    "sqlite": "PRAGMA ignore_check_constraints = ON",
}


@dataclass
class Books:
    """A paid order, and ways to change the books behind the constraints' back."""

    session: Session
    pizzeria: Pizzeria
    order: Order

    def sql(self, statement: str, **values) -> None:
        self.session.flush()
        self.session.execute(text(statement), values)
        self.session.expire_all()

    def without(self, table: str, *names: str) -> None:
        """Take checks away from a table."""
        for name in names:
            dialect = self.session.get_bind().dialect.name
            self.sql(GUARDS[dialect].format(table=table, name=name))

    def without_references(self, table: str, name: str) -> None:
        """Take the reference to another table away from a table."""
        if self.session.get_bind().dialect.name == "postgresql":
            self.without(table, name)
        else:
            self.sql("PRAGMA defer_foreign_keys = ON")

    def unguarded(self, table: str, rule: str = "append_only") -> None:
        """Take the triggers that forbid changes away from a table."""
        if self.session.get_bind().dialect.name == "postgresql":
            self.sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        for verb in ("UPDATE", "DELETE"):
            self.sql(f"DROP TRIGGER {table}_{rule}_{verb}")


@pytest.fixture
def books(session, pizzeria):
    order = order_of(session, pizzeria, status=Status.DELIVERED)
    cashier = make_staff(session, Role.CASHIER, pizzeria.restaurant)
    record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
    session.flush()
    assert check(session) == []
    yield Books(session, pizzeria, order)
    session.rollback()
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA ignore_check_constraints = OFF"))


def negative_stock(books: Books) -> str:
    books.without("stock", "ck_stock_quantity_not_negative")
    books.sql("UPDATE stock SET quantity = -5 WHERE ingredient_id = :id", id=eggs(books))
    return f"stock of ingredient {eggs(books)} at restaurant {here(books)} is negative: -5"


def stock_without_a_movement(books: Books) -> str:
    books.sql("UPDATE stock SET quantity = 7 WHERE ingredient_id = :id", id=eggs(books))
    return f"stock of ingredient {eggs(books)} at restaurant {here(books)}: 7, its movements"


def movement_changed(books: Books) -> str:
    books.unguarded("stock_movement")
    books.sql(
        "UPDATE stock_movement SET delta = delta - 1 WHERE ingredient_id = :id", id=eggs(books)
    )
    return f"stock of ingredient {eggs(books)} at restaurant {here(books)}: 100000, its movements"


def order_that_took_too_little(books: Books) -> str:
    books.sql("UPDATE part_ingredient SET quantity = quantity + 1 WHERE quantity = 160")
    return f"order {books.order.id} needs 161 of ingredient {flour(books)} and took 160"


def order_that_took_nothing(books: Books) -> str:
    books.unguarded("stock_movement")
    books.sql("UPDATE stock_movement SET order_id = NULL")
    return f"order {books.order.id} needs 160 of ingredient {flour(books)} and took 0"


def cancelled_order_that_gave_nothing_back(books: Books) -> str:
    other = order_of(books.session, books.pizzeria)
    books.sql("UPDATE orders SET status = 'cancelled' WHERE id = :id", id=other.id)
    return f"order {other.id} needs 0 of ingredient {flour(books)} and took 160"


def movement_of_an_order_that_is_gone(books: Books) -> str:
    books.unguarded("stock_movement")
    books.without_references("stock_movement", "fk_stock_movement_order_id")
    gone = books.order.id + 100
    books.sql("UPDATE stock_movement SET order_id = :id WHERE order_id IS NOT NULL", id=gone)
    return f"order {gone} needs 0 of ingredient {flour(books)} and took 160"


def subtotal_that_is_not_its_lines(books: Books) -> str:
    books.sql("UPDATE order_revision SET subtotal_cents = 951, total_cents = 1201")
    return f"revision 1 of order {books.order.id}: subtotal 951, its lines say 950"


def discount_that_is_not_its_lines(books: Books) -> str:
    books.sql("UPDATE order_revision SET discount_cents = 50, total_cents = 1150")
    return f"revision 1 of order {books.order.id}: discount 50, its lines say 0"


def fee_that_is_not_its_lines(books: Books) -> str:
    books.sql("UPDATE order_revision SET delivery_fee_cents = 0, total_cents = 950")
    return f"revision 1 of order {books.order.id}: delivery fee 0, its lines say 250"


def total_that_is_not_its_sums(books: Books) -> str:
    books.without("order_revision", "ck_order_revision_total")
    books.sql("UPDATE order_revision SET total_cents = 1")
    return f"revision 1 of order {books.order.id}: total 1, its sums say 1200"


def vat_that_is_not_contained(books: Books) -> str:
    books.sql("UPDATE order_line SET vat_cents = 1")
    return f"revision 1 of order {books.order.id}: VAT of line 0 is 1"


def order_without_a_current_revision(books: Books) -> str:
    books.sql("UPDATE order_revision SET state = 'replaced'")
    return f"order {books.order.number} has 0 current revisions"


def status_without_an_event(books: Books) -> str:
    books.sql("UPDATE orders SET status = 'ready'")
    return f"order {books.order.number} is ready, its last event says delivered"


def skipped_status(books: Books) -> str:
    books.unguarded("order_event")
    books.sql("DELETE FROM order_event WHERE status = 'preparing'")
    return f"order {books.order.number} went from accepted to ready"


def driver_at_the_counter(books: Books) -> str:
    books.sql("UPDATE orders SET mode = 'takeaway'")
    return f"order {books.order.number} went from ready to out_for_delivery"


def order_without_a_beginning(books: Books) -> str:
    books.unguarded("order_event")
    books.sql("DELETE FROM order_event WHERE status = 'to_prepare'")
    return f"order {books.order.number} does not begin with a first status"


def step_undone_that_is_not_the_last(books: Books) -> str:
    books.sql(
        "INSERT INTO order_event (order_id, kind, undoes_id, note, at)"
        " SELECT order_id, 'undone', id, '', at FROM order_event WHERE status = 'accepted'"
    )
    return "takes back what it may not"


def delivery_undone(books: Books) -> str:
    books.sql(
        "INSERT INTO order_event (order_id, kind, undoes_id, note, at)"
        " SELECT order_id, 'undone', id, '', at FROM order_event WHERE status = 'delivered'"
    )
    books.sql("UPDATE orders SET status = 'out_for_delivery'")
    return "takes back what it may not"


def payment_status_of_its_own(books: Books) -> str:
    books.sql("UPDATE orders SET payment_status = 'unpaid'")
    return f"order {books.order.number} is unpaid, its payments say paid"


def refund_of_more_than_was_paid(books: Books) -> str:
    books.sql(
        "INSERT INTO refund (payment_id, state, amount_cents, note, requested_at)"
        " SELECT id, 'requested', 1201, '', created_at FROM payment"
    )
    return "1201 refunded of 1200"


def receipt_that_disappeared(books: Books) -> str:
    books.sql("UPDATE legal_entity SET last_receipt_number = 2")
    return "OC Pizza SAS has given 1 receipts up to number 1, its counter says 2"


def receipt_that_was_skipped(books: Books) -> str:
    books.sql("UPDATE receipt SET number = 2")
    return "OC Pizza SAS has given 1 receipts up to number 2, its counter says 1"


def promotion_that_miscounts(books: Books) -> str:
    ten = {"kind": PromotionKind.PERCENTAGE, "percent": 10, "times_used": 1}
    books.session.add(Promotion(code="DIX", name="Dix", **ten))
    books.session.flush()
    return "promotion DIX counts 1 uses and has 0"


def promotion_that_gave_more_than_it_says(books: Books) -> str:
    make_promotion(books.session).given_cents = 95
    books.session.flush()
    return "promotion DIX counts 95 cents given, its uses say 0"


def order_online_that_nobody_paid(books: Books) -> str:
    books.sql("UPDATE orders SET payment_choice = 'online'")
    return (
        f"order {books.order.number} is delivered, online, with 0 payments captured and "
        "0 authorised"
    )


def captured_online_for_an_order_on_delivery(books: Books) -> str:
    books.sql("UPDATE payment SET means = 'online_card', recorded_by_id = NULL")
    return (
        f"order {books.order.number} is delivered, on_delivery, with 1 payments captured and "
        "0 authorised"
    )


def captured_too_little(books: Books) -> str:
    books.sql("UPDATE orders SET payment_choice = 'online'")
    books.sql(
        "UPDATE payment SET means = 'online_card', recorded_by_id = NULL, captured_cents = 1000"
    )
    return f"order {books.order.number} costs 1200, 1000 was captured"


def authorised_too_little(books: Books) -> str:
    books.sql("UPDATE orders SET payment_choice = 'online'")
    books.sql(
        "UPDATE payment SET means = 'online_card', recorded_by_id = NULL, state = 'authorised', "
        "captured_cents = 0, amount_cents = 1100"
    )
    return f"order {books.order.number} costs 1200, 1100 is authorised"


def capture_of_what_may_still_be_changed(books: Books) -> str:
    books.sql("UPDATE orders SET payment_choice = 'online', status = 'accepted'")
    books.sql("UPDATE payment SET means = 'online_card', recorded_by_id = NULL")
    return "to be captured"


def capture_that_nobody_asks_for(books: Books) -> str:
    books.sql("UPDATE orders SET payment_choice = 'online'")
    books.sql(
        "UPDATE payment SET means = 'online_card', recorded_by_id = NULL, state = 'authorised', "
        "captured_cents = 0, wish = 'authorise'"
    )
    return f"order {books.order.number} is delivered, nobody captures payment"


def use_that_is_lost(books: Books) -> str:
    order = with_promotion(books)
    books.sql("DELETE FROM promotion_use")
    return f"order {order.id} names promotion and discount ({of(order)}, 95), its use says None"


def use_for_another_discount(books: Books) -> str:
    order = with_promotion(books)
    books.sql("UPDATE promotion_use SET discount_cents = 96")
    id = of(order)
    return f"order {order.id} names promotion and discount ({id}, 95), its use says ({id}, 96)"


def cancelled_order_that_keeps_its_use(books: Books) -> str:
    order = with_promotion(books)
    books.sql("UPDATE orders SET status = 'cancelled' WHERE id = :id", id=order.id)
    return f"order {order.id} names promotion and discount None, its use says ({of(order)}, 95)"


def discount_from_nobody(books: Books) -> str:
    order = with_promotion(books)
    books.sql("UPDATE order_revision SET promotion_id = NULL")
    return f"revision 1 of order {order.id}: discount 95 without a promotion"


def use_that_was_skipped(books: Books) -> str:
    order = with_promotion(books)
    books.sql("UPDATE promotion_use SET ordinal = 2")
    return (
        f"account {order.account_id} has 1 uses of promotion {of(order)}, the last one is number 2"
    )


def of(order: Order) -> int:
    return order.revision.promotion_id


def with_promotion(books: Books) -> Order:
    promotion = make_promotion(books.session)
    customer = author_of(make_account(books.session))
    return order_of(books.session, books.pizzeria, author=customer, promotion=promotion)


def here(books: Books) -> int:
    return books.pizzeria.restaurant.id


def eggs(books: Books) -> int:
    return books.pizzeria.ingredients["oeuf"].id


def flour(books: Books) -> int:
    return books.pizzeria.ingredients["farine"].id


def sold_out(books: Books) -> int:
    """The movement that took the eggs to zero."""
    stock = books.session.get_one(Stock, (here(books), eggs(books)))
    sell_out(books.session, stock, make_staff(books.session, Role.MANAGER).id, NOON)
    return list_movements(books.session, stock).last.id


def undone(books: Books) -> int:
    stock, cook = books.session.get_one(Stock, (here(books), eggs(books))), sold_out(books)
    author = make_staff(books.session, Role.MANAGER).id
    undo_sell_out(books.session, stock, cook, author, NOON)
    assert check(books.session) == []
    return list_movements(books.session, stock).last.id


def sold_out_with_some_left(books: Books) -> str:
    id = sold_out(books)
    books.unguarded("stock_movement")
    books.sql("UPDATE stock_movement SET quantity_after = 3 WHERE id = :id", id=id)
    return f"movement {id} says that nothing was left and leaves 3"


def more_given_back_than_taken(books: Books) -> str:
    id = undone(books)
    books.unguarded("stock_movement")
    books.sql("UPDATE stock_movement SET delta = delta + 1 WHERE id = :id", id=id)
    return f"movement {id} gives back 100001 that was not just taken"


def given_back_from_nothing(books: Books) -> str:
    id = undone(books)
    books.unguarded("stock_movement")
    books.sql("UPDATE stock_movement SET reason = 'waste' WHERE reason = 'sold_out'")
    return f"movement {id} gives back 100000 that was not just taken"


def recorded_count(books: Books) -> StockCount:
    """A count that found three eggs missing."""
    session, manager = books.session, make_staff(books.session, Role.MANAGER).id
    count = begin_count(session, here(books), manager, NOON)
    stock = session.get_one(Stock, (here(books), eggs(books)))
    count_stock(session, stock, Counted(99_997, None), manager, NOON)
    record_count(session, count.id, here(books), count.version, manager, NOON)
    assert check(session) == []
    return count


def count_that_moved_less_than_it_says(books: Books) -> str:
    recorded_count(books)
    books.sql("UPDATE stock_count_line SET moved = -2")
    return f"the count of ingredient {eggs(books)} at restaurant {here(books)} recorded "


def count_without_its_movement(books: Books) -> str:
    recorded_count(books)
    books.unguarded("stock_movement")
    books.sql("UPDATE stock_movement SET reason = 'waste' WHERE reason = 'count'")
    return "moved -3, its movement says 0"


def movement_of_no_count(books: Books) -> str:
    recorded_count(books)
    books.sql("DELETE FROM stock_count_line")
    return "moved 0, its movement says -3"


def count_that_moved_more_than_it_found(books: Books) -> str:
    count = recorded_count(books)
    books.sql("UPDATE stock_count_line SET counted = 99998")
    return f"ingredient {eggs(books)} in count {count.id}: 99998 counted of 100000, -3 moved"


def more_received_than_it_cost(books: Books) -> str:
    books.sql("UPDATE payment SET amount_cents = 1300, captured_cents = 1300")
    return f"order {books.order.number} cost 1200 at most, 1300 was received"


def delivered_for_less(books: Books) -> str:
    books.sql("UPDATE payment SET amount_cents = 1100, captured_cents = 1100")
    return f"order {books.order.number} was delivered, it costs 1200 and 1100 was received"


def closed_till(books: Books) -> TillSession:
    """Three euros that were put in, and what was received, counted."""
    session = books.session
    cashier = author_of(make_staff(session, Role.CASHIER, books.pizzeria.restaurant))
    till = find_till(session, here(books))
    move_cash(session, till, Moved(300, "monnaie", "m" * 43), cashier, NOON)
    expected = drawer_of(session, till).expected_cents
    closed = close_till(session, till, CountedCash({1: expected}, expected), cashier, NOON)
    assert check(session) == []
    return closed


def till_that_expected_otherwise(books: Books) -> str:
    till = closed_till(books)
    books.unguarded("till_movement")
    books.sql("UPDATE till_movement SET delta_cents = 400")
    said, now = till.expected_cents, till.expected_cents + 100
    return f"till 1 of restaurant {here(books)} expected {said}, its books say {now}"


def till_with_another_coin(books: Books) -> str:
    till = closed_till(books)
    books.sql(
        "INSERT INTO till_pieces (till_session_id, value_cents, pieces) VALUES (:id, 5, 1)",
        id=till.id,
    )
    books.session.expire_all()
    said, now = till.counted_cents, till.counted_cents + 5
    return f"till 1 of restaurant {here(books)} counted {said}, its pieces are worth {now}"


def till_that_was_skipped(books: Books) -> str:
    books.sql(
        "UPDATE till_session SET number = 2, closed_at = opened_at, expected_cents = 0, "
        "counted_cents = 0 WHERE restaurant_id = :id",
        id=here(books),
    )
    return f"restaurant {here(books)} closed 1 tills up to number 2"


def z_of_another_sum(books: Books) -> str:
    cashier = make_staff(books.session, Role.CASHIER, books.pizzeria.restaurant)
    order = order_of(books.session, books.pizzeria, mode=Mode.TAKEAWAY)
    payment = record_payment(books.session, order, Tender(Means.CARD_TERMINAL), cashier.id, NOON)
    closed_till(books)
    books.sql("UPDATE payment SET means = 'other' WHERE id = :id", id=payment.id)
    return f"Z 1 of restaurant {here(books)} says card_terminal 950-0, its payments say other 950-0"


def z_whose_tables_differ(books: Books) -> str:
    till = closed_till(books)
    kept = till.report | {"vat": {"1000": [500, 45]}, "drawer": [0, 0, 0]}
    books.unguarded("till_session", "frozen")
    books.session.execute(update(TillSession).values(report=kept).where(TillSession.id == till.id))
    return f"Z 1 of restaurant {here(books)} comes to 0, its VAT rates to 500"


def z_of_another_drawer(books: Books) -> str:
    z_whose_tables_differ(books)
    return f"Z 1 of restaurant {here(books)} expects 0, its till 300"


def movement_that_settled_nothing(books: Books) -> str:
    closed_till(books)
    books.unguarded("till_movement")
    books.sql(
        "UPDATE till_movement SET kind = 'driver_return', driver_id = author_id, "
        "expected_cents = 300"
    )
    return "expected 300, it settled 0"


def delivered_and_never_paid(books: Books) -> str:
    unpaid = order_of(books.session, books.pizzeria, status=Status.DELIVERED)
    order_of(books.session, books.pizzeria, now=NOON + timedelta(days=1))
    assert check(books.session) == []
    order_of(books.session, books.pizzeria, now=NOON + timedelta(days=1, minutes=10))
    return f"order {unpaid.number} was delivered more than a day ago, nobody paid its 1200"


BREAKAGES: dict[str, list[Callable[[Books], str]]] = {
    "stock_is_never_negative": [negative_stock],
    "stock_is_its_movements": [stock_without_a_movement, movement_changed],
    "orders_took_what_they_contain": [
        order_that_took_too_little,
        order_that_took_nothing,
        movement_of_an_order_that_is_gone,
        cancelled_order_that_gave_nothing_back,
    ],
    "revisions_add_up": [
        subtotal_that_is_not_its_lines,
        discount_that_is_not_its_lines,
        fee_that_is_not_its_lines,
        total_that_is_not_its_sums,
        vat_that_is_not_contained,
    ],
    "every_order_has_one_current_revision": [order_without_a_current_revision],
    "statuses_follow_their_events": [
        status_without_an_event,
        skipped_status,
        driver_at_the_counter,
        order_without_a_beginning,
        step_undone_that_is_not_the_last,
        delivery_undone,
    ],
    "payment_status_follows_payments": [payment_status_of_its_own],
    "online_payments_fit_their_orders": [
        order_online_that_nobody_paid,
        captured_online_for_an_order_on_delivery,
        captured_too_little,
        authorised_too_little,
        capture_of_what_may_still_be_changed,
        capture_that_nobody_asks_for,
    ],
    "refunds_stay_within_payments": [refund_of_more_than_was_paid],
    "receipts_have_no_gap": [receipt_that_disappeared, receipt_that_was_skipped],
    "promotions_count_their_uses": [promotion_that_miscounts],
    "promotions_count_what_they_gave": [promotion_that_gave_more_than_it_says],
    "orders_use_the_promotions_that_they_name": [
        use_that_is_lost,
        use_for_another_discount,
        cancelled_order_that_keeps_its_use,
    ],
    "nothing_is_taken_off_without_a_promotion": [discount_from_nobody],
    "uses_are_numbered_without_a_gap": [use_that_was_skipped],
    "what_is_sold_out_is_gone": [sold_out_with_some_left],
    "counts_moved_what_they_recorded": [
        count_that_moved_less_than_it_says,
        count_without_its_movement,
        movement_of_no_count,
    ],
    "counts_moved_no_more_than_they_found": [count_that_moved_more_than_it_found],
    "money_by_hand_fits_its_order": [more_received_than_it_cost, delivered_for_less],
    "tills_were_closed_on_their_books": [till_that_expected_otherwise, till_with_another_coin],
    "tills_are_numbered_without_a_gap": [till_that_was_skipped],
    "z_reports_fit_their_payments": [
        z_of_another_sum,
        z_whose_tables_differ,
        z_of_another_drawer,
    ],
    "drivers_brought_what_their_movements_say": [movement_that_settled_nothing],
    "delivered_orders_were_paid": [delivered_and_never_paid],
    "what_was_undone_is_what_was_taken": [more_given_back_than_taken, given_back_from_nothing],
}
CASES = [(rule, breakage) for rule in RULES for breakage in BREAKAGES.get(rule.__name__, [])]


def test_every_rule_is_tried():
    assert BREAKAGES.keys() == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(("rule", "breakage"), CASES, ids=[b.__name__ for _, b in CASES])
def test_what_does_not_add_up_is_named(books, rule, breakage):
    expected = breakage(books)
    found = list(rule(books.session))
    assert any(expected in problem for problem in found), found


@pytest.mark.parametrize(("rule", "breakage"), CASES, ids=[b.__name__ for _, b in CASES])
def test_what_the_database_passes_over_is_what_fits(books, rule, breakage, monkeypatch):
    breakage(books)
    seen = list(rule(books.session))
    for module in ("check", "check_till"):
        monkeypatch.setattr(f"ocpizza.operations.{module}.unless", lambda _usual: true())
    assert list(rule(books.session)) == seen


@pytest.mark.parametrize("cents", [0, 1, 949, 950, 123_456_789])
@pytest.mark.parametrize("rate", [0, 210, 550, 1000, 2000])
def test_the_database_finds_the_vat_that_we_find(books, cents, rate):
    line, revision = books.order.revision.lines[0], books.order.revision
    values = {"unit_price_cents": cents, "amount_cents": cents, "fee_cents": 0, "vat_rate": rate}
    for wrong in (0, 1, -1):
        vat = max(0, vat_contained(cents, rate) + wrong)
        line_is = update(OrderLine).where(OrderLine.id == line.id)
        sums = {"subtotal_cents": cents, "total_cents": cents, "delivery_fee_cents": 0}
        of_it = update(OrderRevision).where(OrderRevision.id == revision.id)
        books.session.execute(line_is.values(**values, quantity=1, vat_cents=min(vat, cents)))
        books.session.execute(of_it.values(**sums))
        fits = select(revision_is_its_lines()).where(OrderRevision.id == revision.id)
        right = min(vat, cents) == vat_contained(cents, rate)
        assert books.session.execute(fits).scalar_one() == right


def test_what_fits_is_not_read(session, pizzeria):
    for mode in Mode:
        order = order_of(session, pizzeria, mode=mode, status=Status.READY)
        cashier = make_staff(session, Role.CASHIER, pizzeria.restaurant)
        record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
        advance_to(session, order, Status.DELIVERED)
    session.flush()
    session.expunge_all()
    read: list[object] = []

    def note(row, _context) -> None:
        read.append(row)

    for table in (Order, OrderRevision, Payment):
        event.listen(table, "load", note)
    try:
        assert check(session) == []
    finally:
        for table in (Order, OrderRevision, Payment):
            event.remove(table, "load", note)
    assert read == []


def test_a_till_without_a_report_is_no_z_whatever_writes_that_it_has_none(books):
    closed_till(books)
    books.unguarded("till_session", "frozen")
    for nothing in ("NULL", "'null'"):
        books.sql(f"UPDATE till_session SET report = {nothing}")
        assert check(books.session) == []


def test_all_that_is_wrong_is_said_at_once(books):
    expected = [stock_without_a_movement(books), payment_status_of_its_own(books)]
    found = check(books.session)
    assert all(any(one in problem for problem in found) for one in expected)


def test_a_refund_that_failed_may_be_tried_again(books):
    payment_id = books.session.execute(text("SELECT id FROM payment")).scalar_one()
    for state in (RefundState.FAILED, RefundState.REQUESTED):
        values = {"note": "froide", "requested_at": NOON}
        books.session.add(Refund(payment_id=payment_id, state=state, amount_cents=1200, **values))
    books.session.flush()
    assert check(books.session) == []


def test_an_empty_database_adds_up(session, add_up):
    add_up(session)


def test_a_busy_day_adds_up(session, pizzeria, add_up):
    make_account(session)
    for mode in Mode:
        for status in (Status.TO_PREPARE, Status.PREPARING, Status.DELIVERED):
            advance_to(session, order_of(session, pizzeria, mode=mode), status)
    add_up(session)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_many_orders_bring_no_more_rows_at_a_time_than_few(session, pizzeria, monkeypatch):
    monkeypatch.setattr("ocpizza.db.BLOCK", 2)
    brought: list[int] = []

    def note(_connection, cursor, *_):
        brought.append(cursor.rowcount)

    most = []
    for _ in range(2):
        for _ in range(4):
            order = order_of(session, pizzeria, status=Status.DELIVERED)
            cashier = make_staff(session, Role.CASHIER, pizzeria.restaurant)
            record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
        session.flush()
        session.expire_all()
        brought.clear()
        event.listen(session.connection(), "after_cursor_execute", note)
        assert check(session) == []
        event.remove(session.connection(), "after_cursor_execute", note)
        most.append(max(brought))
    assert most[0] == most[1] < 20
