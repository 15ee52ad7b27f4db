"""`ocpizza check`: recompute every sum that must hold (product.md) and name what does not fit."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise

from sqlalchemy import Engine, Integer, and_, bindparam, exists, func, literal, select, union_all
from sqlalchemy.orm import Session, selectinload

from ocpizza.db import in_blocks, key_spans, snapshot
from ocpizza.domain.money import vat_contained
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order import TRANSITIONS, UNDOABLE, Order, PaymentChoice
from ocpizza.models.order_line import OrderLine, OrderLinePart, PartIngredient
from ocpizza.models.order_revision import EventKind, OrderRevision, RevisionState, standing
from ocpizza.models.order_status import Status
from ocpizza.models.payment import (
    Means,
    Payment,
    PaymentGoal,
    PaymentState,
    Receipt,
    Refund,
    RefundState,
    payment_status,
)
from ocpizza.models.stock import Stock, StockMovement
from ocpizza.operations.check_promotions import PROMOTION_RULES
from ocpizza.operations.check_stock import STOCK_RULES
from ocpizza.operations.check_till import TILL_RULES, delivered_orders_were_paid
from ocpizza.operations.check_usual import (
    FIRST_STATUSES,
    order_has_one_current_revision,
    order_is_as_its_payments,
    order_is_paid_online_or_not,
    order_went_a_known_way,
    revision_is_its_lines,
    unless,
)

Problems = Iterator[str]
GIVEN_BACK = Status.CANCELLED


def check_database(engine: Engine, advance: Callable[[], None] = lambda: None) -> Problems:
    """One line for each thing that does not add up, as of one moment: the shop may go on selling.

    The database passes over what evidently fits, and a block of the rest is in memory at a time,
    however many orders there are. `advance` is called after each rule.
    """
    with Session(snapshot(engine)) as session:
        for rule in RULES:
            yield from rule(session)
            advance()


def check(session: Session) -> list[str]:
    """The same of what a session sees; an empty list is what one hopes for."""
    return [problem for rule in RULES for problem in rule(session)]


def wrong_sums(session: Session) -> list[str]:
    """The same of the books alone, whatever people have yet to do."""
    return [problem for rule in SUMS for problem in rule(session)]


def stock_is_its_movements(session: Session) -> Problems:
    moved = (
        select(
            StockMovement.restaurant_id,
            StockMovement.ingredient_id,
            func.sum(StockMovement.delta).label("sum"),
        )
        .group_by(StockMovement.restaurant_id, StockMovement.ingredient_id)
        .subquery()
    )
    same = and_(
        moved.c.restaurant_id == Stock.restaurant_id, moved.c.ingredient_id == Stock.ingredient_id
    )
    total = func.coalesce(moved.c.sum, 0)
    query = select(Stock, total).outerjoin(moved, same).where(Stock.quantity != total)
    for stock, movements in session.execute(query):
        yield (
            f"stock of ingredient {stock.ingredient_id} at restaurant {stock.restaurant_id}: "
            f"{stock.quantity}, its movements add up to {movements}"
        )


def stock_is_never_negative(session: Session) -> Problems:
    for stock in session.scalars(select(Stock).where(Stock.quantity < 0)):
        yield (
            f"stock of ingredient {stock.ingredient_id} at restaurant {stock.restaurant_id} "
            f"is negative: {stock.quantity}"
        )


def orders_took_what_they_contain(session: Session) -> Problems:
    """An order's movements are minus what its current lines need, nothing once it is cancelled."""
    first, last = bindparam("first", type_=Integer), bindparam("last", type_=Integer)
    nothing = literal(0)
    used = (
        select(
            OrderRevision.order_id.label("order_id"),
            PartIngredient.ingredient_id.label("ingredient_id"),
            (PartIngredient.quantity * OrderLine.quantity).label("needs"),
            nothing.label("took"),
        )
        .join(OrderLine, OrderLine.revision_id == OrderRevision.id)
        .join(OrderLinePart, OrderLinePart.line_id == OrderLine.id)
        .join(PartIngredient, PartIngredient.part_id == OrderLinePart.id)
        .join(Order, Order.id == OrderRevision.order_id)
        .where(OrderRevision.state == RevisionState.CURRENT, Order.status != GIVEN_BACK)
        .where(OrderRevision.order_id.between(first, last))
    )
    taken = select(
        StockMovement.order_id, StockMovement.ingredient_id, nothing, -StockMovement.delta
    ).where(StockMovement.order_id.between(first, last))
    both = union_all(used, taken).subquery()
    key = (both.c.order_id, both.c.ingredient_id)
    needs, took = func.sum(both.c.needs), func.sum(both.c.took)
    query = select(*key, needs, took).group_by(*key).having(needs != took).order_by(*key)
    for span in key_spans(session, Order.id):
        values = {"first": span[0], "last": span[1]}
        for order_id, ingredient_id, needed, moved in session.execute(query, values):
            yield f"order {order_id} needs {needed} of ingredient {ingredient_id} and took {moved}"


def revisions_add_up(session: Session) -> Problems:
    """Lines make the subtotal, their shares the discount and the fee; VAT is what they contain."""
    query = select(OrderRevision).where(unless(revision_is_its_lines()))
    query = query.options(selectinload(OrderRevision.lines))
    for revision in chain.from_iterable(in_blocks(session, query, OrderRevision.id)):
        name = f"revision {revision.number} of order {revision.order_id}"
        sums = {
            "subtotal": (revision.subtotal_cents, sum(x.amount_cents for x in revision.lines)),
            "discount": (revision.discount_cents, sum(x.discount_cents for x in revision.lines)),
            "delivery fee": (revision.delivery_fee_cents, sum(x.fee_cents for x in revision.lines)),
        }
        for what, (kept, computed) in sums.items():
            if kept != computed:
                yield f"{name}: {what} {kept}, its lines say {computed}"
        total = revision.subtotal_cents - revision.discount_cents + revision.delivery_fee_cents
        if revision.total_cents != total:
            yield f"{name}: total {revision.total_cents}, its sums say {total}"
        for line in revision.lines:
            base = line.amount_cents - line.discount_cents + line.fee_cents
            if line.vat_cents != vat_contained(base, line.vat_rate):
                yield f"{name}: VAT of line {line.position} is {line.vat_cents}"


def every_order_has_one_current_revision(session: Session) -> Problems:
    query = select(Order).where(unless(order_has_one_current_revision()))
    query = query.options(selectinload(Order.revisions))
    for order in chain.from_iterable(in_blocks(session, query, Order.id)):
        found = sum(each.state is RevisionState.CURRENT for each in order.revisions)
        if found != 1:
            yield f"order {order.number} has {found} current revisions"


def statuses_follow_their_events(session: Session) -> Problems:
    query = select(Order).where(unless(order_went_a_known_way()))
    query = query.options(selectinload(Order.events))
    for order in chain.from_iterable(in_blocks(session, query, Order.id)):
        yield from _wrongly_undone(order)
        way = [event.status for event in standing(order.events)]
        if not way or way[0] not in FIRST_STATUSES:
            yield f"order {order.number} does not begin with a first status"
            continue
        if way[-1] is not order.status:
            yield f"order {order.number} is {order.status}, its last event says {way[-1]}"
        for before, after in pairwise(way):
            allowed = TRANSITIONS.get((before, after), {}) if before and after else {}
            if order.mode not in allowed:
                yield f"order {order.number} went from {before} to {after}"


def _wrongly_undone(order: Order) -> Problems:
    """Only the change just before is taken back, in time, and of the steps that may be."""
    for place, event in enumerate(order.events):
        if event.kind is not EventKind.UNDONE:
            continue
        way = standing(order.events[:place])
        step = tuple(change.status for change in way[-2:])
        if not way or way[-1].id != event.undoes_id or step not in UNDOABLE:
            yield f"order {order.number}: event {event.id} takes back what it may not"


def payment_status_follows_payments(session: Session) -> Problems:
    query = select(Order).where(unless(order_is_as_its_payments()))
    for orders in in_blocks(session, query, Order.id):
        payments = _payments_of(session, orders)
        for order in orders:
            due = payment_status(payments[order.id])
            if order.payment_status is not due:
                yield f"order {order.number} is {order.payment_status}, its payments say {due}"


def online_payments_fit_their_orders(session: Session) -> Problems:
    """An order is paid online once or not at all, and what was captured is what it cost."""
    query = select(Order).where(unless(order_is_paid_online_or_not()))
    query = query.options(selectinload(Order.revisions))
    for orders in in_blocks(session, query, Order.id):
        payments = _payments_of(session, orders)
        for order in orders:
            online = [one for one in payments[order.id] if one.means is Means.ONLINE_CARD]
            yield from _misfits(order, online)


def _payments_of(session: Session, orders: Sequence[Order]) -> defaultdict[int, list[Payment]]:
    """Order id → payments with their refunds."""
    query = select(Payment).where(Payment.order_id.in_([order.id for order in orders]))
    payments = defaultdict(list)
    for payment in session.scalars(query.options(selectinload(Payment.refunds))):
        payments[payment.order_id].append(payment)
    return payments


def _misfits(order: Order, payments: list[Payment]) -> Problems:
    if order.status is Status.AWAITING_PAYMENT:
        return
    for payment in payments:
        if payment.goal is PaymentGoal.CAPTURE and order.changeable:
            yield f"order {order.number} is {order.status}, payment {payment.id} to be captured"
        waits = payment.state is PaymentState.AUTHORISED and payment.goal is PaymentGoal.AUTHORISE
        if waits and not order.changeable:
            yield f"order {order.number} is {order.status}, nobody captures payment {payment.id}"
    total = sum(x.total_cents for x in order.revisions if x.state is RevisionState.CURRENT)
    wanted = [payment for payment in payments if payment.goal is not PaymentGoal.RELEASE]
    captured = [payment for payment in wanted if payment.state is PaymentState.CAPTURED]
    held = [payment for payment in wanted if payment.state is PaymentState.AUTHORISED]
    online = order.payment_choice is PaymentChoice.ONLINE and order.status is not Status.CANCELLED
    if len(captured) + len(held) != (1 if online else 0):
        yield (
            f"order {order.number} is {order.status}, {order.payment_choice}, with "
            f"{len(captured)} payments captured and {len(held)} authorised"
        )
    for payment in captured:
        if payment.captured_cents != total:
            yield f"order {order.number} costs {total}, {payment.captured_cents} was captured"
    for payment in held:
        if payment.amount_cents < total:
            yield f"order {order.number} costs {total}, {payment.amount_cents} is authorised"


def refunds_stay_within_payments(session: Session) -> Problems:
    refunded = exists().where(Refund.payment_id == Payment.id)
    query = select(Payment).where(refunded).options(selectinload(Payment.refunds))
    for payment in chain.from_iterable(in_blocks(session, query, Payment.id)):
        given = sum(
            refund.amount_cents
            for refund in payment.refunds
            if refund.state is not RefundState.FAILED
        )
        if given > payment.captured_cents:
            yield f"payment {payment.id}: {given} refunded of {payment.captured_cents}"


def receipts_have_no_gap(session: Session) -> Problems:
    query = (
        select(
            LegalEntity.name,
            LegalEntity.last_receipt_number,
            func.count(Receipt.id),
            func.coalesce(func.max(Receipt.number), 0),
        )
        .outerjoin(Receipt, Receipt.legal_entity_id == LegalEntity.id)
        .group_by(LegalEntity.id, LegalEntity.name, LegalEntity.last_receipt_number)
    )
    for name, last, count, highest in session.execute(query):
        if not last == count == highest:
            yield (
                f"{name} has given {count} receipts up to number {highest}, its counter says {last}"
            )


SUMS: tuple[Callable[[Session], Problems], ...] = (
    stock_is_never_negative,
    stock_is_its_movements,
    orders_took_what_they_contain,
    revisions_add_up,
    every_order_has_one_current_revision,
    statuses_follow_their_events,
    payment_status_follows_payments,
    online_payments_fit_their_orders,
    refunds_stay_within_payments,
    receipts_have_no_gap,
    *PROMOTION_RULES,
    *STOCK_RULES,
    *TILL_RULES,
)
# What people have yet to do: books that tell of it are whole.
TO_DO = (delivered_orders_were_paid,)
RULES = (*SUMS, *TO_DO)
