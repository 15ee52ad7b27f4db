"""UC4.5, UC4.1, B5: the orders somebody works on, and one order whole."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from ocpizza.models.account import Account
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, OrderLinePart, PartIngredient
from ocpizza.models.order_revision import OrderEvent, OrderRevision, RevisionState
from ocpizza.models.order_status import ENDED, Status
from ocpizza.models.product import Product, ProductSize
from ocpizza.models.promotion import Promotion
from ocpizza.models.vat import Mode
from ocpizza.services.write_order import normal_number

# Named, not « all but ended »: an index finds them.
ON_BOARDS = tuple(status for status in Status if status not in ENDED)
TRACKED = select(Order.id, Order.version, Order.status, Order.placed_at).where(
    Order.tracking_token == bindparam("token")
)


def orders_of(session: Session, restaurant_id: int, statuses: Collection[Status]) -> list[Order]:
    """A restaurant's orders in these statuses, the oldest first, with their contents."""
    query = _of(restaurant_id, statuses).options(*whole_contents())
    return list(session.scalars(query.order_by(Order.placed_at, Order.id)).unique())


def deliveries_of(session: Session, restaurant_id: int, driver_id: int | None) -> list[Order]:
    """Ready delivery orders and the driver's own on the road; without a driver, everybody's."""
    mine = Order.status == Status.READY
    on_the_road = Order.status == Status.OUT_FOR_DELIVERY
    if driver_id is not None:
        on_the_road &= Order.driver_id == driver_id
    query = (
        _of(restaurant_id, (Status.READY, Status.OUT_FOR_DELIVERY))
        .where(Order.mode == Mode.DELIVERY, or_(mine, on_the_road))
        .options(*whole_contents())
        .order_by(Order.status == Status.READY, Order.expected_at, Order.id)
    )
    return list(session.scalars(query).unique())


def handovers_of(session: Session, restaurant_id: int) -> list[Order]:
    """Take-away and counter orders that wait for their customer."""
    query = (
        _of(restaurant_id, (Status.READY,))
        .where(Order.mode != Mode.DELIVERY)
        .options(*whole_contents())
        .order_by(Order.expected_at, Order.id)
    )
    return list(session.scalars(query).unique())


def calls_of(session: Session, restaurant_id: int) -> list[Order]:
    """Orders that the counter has still to confirm by telephone, the most urgent first."""
    query = _of(restaurant_id, (Status.TO_PREPARE,)).where(Order.confirm_by.is_not(None))
    query = query.options(*whole_contents()).order_by(Order.confirm_by, Order.id)
    return list(session.scalars(query).unique())


def board_version(session: Session, restaurant_id: int) -> str:
    """A text that changes whenever an order comes to this restaurant's boards, changes or leaves.

    It reads what is on them: an order of yesterday costs nothing.
    """
    there = select(Order.id, Order.version).where(
        Order.restaurant_id == restaurant_id, Order.status.in_(ON_BOARDS)
    )
    versions = sorted((row.id, row.version) for row in session.execute(there))
    return hashlib.sha256(repr(versions).encode()).hexdigest()[:32]


def find_order(session: Session, number: str, restaurant_id: int | None = None) -> Order | None:
    """The order with this number, at this restaurant if one is given, whole (B5)."""
    query = select(Order).where(Order.number == normal_number(number)).options(*whole_order())
    if restaurant_id is not None:
        query = query.where(Order.restaurant_id == restaurant_id)
    return session.scalars(query).unique().one_or_none()


def find_tracked(session: Session, token: str) -> tuple[int, int, Status, datetime] | None:
    """Id, version, status and time of the order whose secret tracking link has this token."""
    row = session.execute(TRACKED, {"token": token}).one_or_none()
    return (row.id, row.version, row.status, row.placed_at) if row else None


def load_order(session: Session, order_id: int) -> Order:
    """The order with this id, whole."""
    return session.scalars(_order_by_id(), {"order_id": order_id}).unique().one()


@cache
def _order_by_id() -> Select[Order]:
    return select(Order).where(Order.id == bindparam("order_id")).options(*whole_order())


def load_pending(session: Session, order_id: int) -> OrderRevision | None:
    """The dearer revision of an order that waits for its payment, whole, if there is one."""
    lines = selectinload(OrderRevision.lines)
    parts = lines.selectinload(OrderLine.parts).selectinload(OrderLinePart.ingredients)
    query = (
        select(OrderRevision)
        .where(OrderRevision.order_id == order_id, OrderRevision.state == RevisionState.PENDING)
        .options(parts.joinedload(PartIngredient.ingredient), joinedload(OrderRevision.promotion))
    )
    return session.scalars(query).one_or_none()


def find_proved(session: Session, number: str, contact: str) -> Order | None:
    """The order with this number, for somebody who knows its phone (E.164) or e-mail."""
    if not contact:
        return None
    return session.scalar(
        select(Order).where(
            Order.number == normal_number(number),
            or_(Order.phone == contact, Order.email == contact),
        )
    )


def whole_order() -> list[LoaderOption]:
    """Everything that one order's page shows."""
    return [
        joinedload(Order.restaurant),
        joinedload(Order.account).load_only(Account.first_name),
        *whole_contents(),
        joinedload(Order.revision)
        .joinedload(OrderRevision.promotion)
        .load_only(Promotion.code, Promotion.name, Promotion.name_en),
        selectinload(Order.events)
        .joinedload(OrderEvent.author)
        .load_only(Account.first_name, Account.last_name),
    ]


def _of(restaurant_id: int, statuses: Collection[Status]) -> Select[Order]:
    return select(Order).where(Order.restaurant_id == restaurant_id, Order.status.in_(statuses))


def whole_contents() -> list[LoaderOption]:
    """What was ordered, line by line, with what its picture and its allergens need."""
    lines = joinedload(Order.revision).selectinload(OrderRevision.lines)
    parts = lines.joinedload(OrderLine.parts)
    used = parts.selectinload(OrderLinePart.ingredients).joinedload(PartIngredient.ingredient)
    return [
        # Of a product and a size the pages only name: its recipe would be a long text a line.
        lines.joinedload(OrderLine.size).load_only(ProductSize.code),
        parts.joinedload(OrderLinePart.product).load_only(Product.slug),
        used.load_only(Ingredient.code, Ingredient.name, Ingredient.unit),
        used.joinedload(Ingredient.allergens),
    ]
