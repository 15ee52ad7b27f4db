"""B5: one order, by what whoever asks knows of it."""

from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer_group
from sqlalchemy.orm.interfaces import LoaderOption

from ocpizza.db import execute_plain
from ocpizza.models.account import Account
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, OrderLinePart, PartIngredient
from ocpizza.models.order_revision import OrderEvent, OrderRevision, RevisionState
from ocpizza.models.product import Product, ProductSize
from ocpizza.models.promotion import Promotion
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.order.number import normal_number

TRACKED = (
    select(
        Order.id,
        Order.version,
        Order.status,
        Order.number,
        Order.mode,
        Order.expected_at,
        Restaurant.preparation_minutes,
        Restaurant.delivery_minutes,
    )
    .join(Order.restaurant)
    .where(Order.tracking_token == bindparam("token"))
)


def find_order(
    session: Session, number: str, restaurant_id: int | None = None, *, whole: bool = False
) -> Order | None:
    """Return the order with this number, at this restaurant if one is given (B5).

    `whole` loads what a page shows of it, too.
    """
    query = select(Order).where(Order.number == normal_number(number))
    if whole:
        query = query.options(*whole_order())
    if restaurant_id is not None:
        query = query.where(Order.restaurant_id == restaurant_id)
    return session.scalars(query).unique().one_or_none()


def find_tracked(session: Session, token: str) -> Row[*tuple[Any, ...]] | None:
    """Return what TRACKED says of the order whose secret link has this token."""
    return execute_plain(session, TRACKED, {"token": token}).one_or_none()


def load_order(session: Session, order_id: int) -> Order:
    """Return the order with this id, whole."""
    return session.scalars(_order_by_id(), {"order_id": order_id}).unique().one()


@cache
def _order_by_id() -> Select[Order]:
    return select(Order).where(Order.id == bindparam("order_id")).options(*whole_order())


def load_progress(session: Session, order_id: int) -> Order:
    """Return the order with this id, with what tells how far it has come, by one statement."""
    return session.scalars(_progress_by_id(), {"order_id": order_id}).unique().one()


@cache
def _progress_by_id() -> Select[Order]:
    return _progress().where(Order.id == bindparam("order_id"))


def _progress() -> Select[Order]:
    restaurant = joinedload(Order.restaurant)
    return select(Order).options(
        restaurant.load_only(Restaurant.preparation_minutes, Restaurant.delivery_minutes),
        joinedload(Order.revision).load_only(OrderRevision.number, OrderRevision.total_cents),
        joinedload(Order.events).load_only(
            OrderEvent.kind, OrderEvent.status, OrderEvent.at, OrderEvent.undoes_id
        ),
        undefer_group("money"),
    )


def find_progress(session: Session, number: str) -> Order | None:
    """Return the same of the order with this number, None where there is none any more."""
    return session.scalars(_progress_by_number(), {"number": number}).unique().one_or_none()


@cache
def _progress_by_number() -> Select[Order]:
    return _progress().where(Order.number == bindparam("number"))


def load_pending(session: Session, order_id: int) -> OrderRevision | None:
    """Return the dearer revision of an order that waits for its payment, whole, if there is one."""
    lines = selectinload(OrderRevision.lines)
    parts = lines.selectinload(OrderLine.parts).selectinload(OrderLinePart.ingredients)
    query = (
        select(OrderRevision)
        .where(OrderRevision.order_id == order_id, OrderRevision.state == RevisionState.PENDING)
        .options(parts.joinedload(PartIngredient.ingredient), joinedload(OrderRevision.promotion))
    )
    return session.scalars(query).one_or_none()


def find_proved(session: Session, number: str, contact: str) -> Order | None:
    """Return the order with this number, for somebody who knows its phone (E.164) or e-mail."""
    if not contact:
        return None
    return session.scalar(
        select(Order).where(
            Order.number == normal_number(number),
            or_(Order.phone == contact, Order.email == contact),
        )
    )


def whole_order() -> list[LoaderOption]:
    """Return the options that load everything that one order's page shows."""
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


def whole_contents() -> list[LoaderOption]:
    """Return the options that load each line, with what its picture and its allergens need."""
    lines = joinedload(Order.revision).selectinload(OrderRevision.lines)
    parts = lines.joinedload(OrderLine.parts)
    used = parts.selectinload(OrderLinePart.ingredients).joinedload(PartIngredient.ingredient)
    return [
        # Of a product and a size the pages only name: its recipe would be a long text a line.
        lines.joinedload(OrderLine.size).load_only(ProductSize.code),
        parts.joinedload(OrderLinePart.product).load_only(Product.slug),
        used.load_only(
            Ingredient.code,
            Ingredient.name,
            Ingredient.name_en,
            Ingredient.short_name,
            Ingredient.short_name_en,
            Ingredient.unit,
        ),
        used.joinedload(Ingredient.allergens),
        undefer_group("money"),
    ]


def find_own_order(session: Session, account_id: int, number: str) -> Order | None:
    """B5: the order with this number if it is this account's, by number alone."""
    return session.scalar(
        select(Order).where(Order.number == normal_number(number), Order.account_id == account_id)
    )
