"""B2, B5: an order as its customer's page shows it, read by one statement without the ORM."""

from dataclasses import is_dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from ocpizza.db import execute_plain
from ocpizza.json_rows import json_rows
from ocpizza.models.account import Account
from ocpizza.models.ingredient import Ingredient, IngredientAllergen
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, OrderLinePart, PartIngredient, Use
from ocpizza.models.order_revision import OrderEvent, OrderRevision
from ocpizza.models.order_status import Status
from ocpizza.models.promotion import Promotion
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.order.shown import (
    ShownAccount,
    ShownEvent,
    ShownIngredient,
    ShownLine,
    ShownOrder,
    ShownPart,
    ShownPlace,
    ShownPromotion,
    ShownRevision,
    ShownUse,
)
from ocpizza.typography import typeset


def _columns(model: Any, shown: type[Any], *read_apart: str) -> list[Any]:
    names = shown.__dataclass_fields__ if is_dataclass(shown) else shown._fields
    return [getattr(model, name) for name in names if name not in read_apart]


ORDER = _columns(Order, ShownOrder, "account", "restaurant", "revision", "events")
REVISION = _columns(OrderRevision, ShownRevision, "promotion", "lines")
PLACE = _columns(Restaurant, ShownPlace)


def read_shown(session: Session, order_id: int) -> ShownOrder:
    """Return the order with this id."""
    row = execute_plain(session, _shown_by_id(), {"order_id": order_id}).one()
    values = iter(row)
    order, revision = ({one.key: next(values) for one in columns} for columns in (ORDER, REVISION))
    place = ShownPlace(*islice(values, len(PLACE)))
    first_name, code, lines, events = values
    return ShownOrder(
        **order,
        account=None if first_name is None else ShownAccount(first_name),
        restaurant=place,
        revision=ShownRevision(
            **revision,
            promotion=None if code is None else ShownPromotion(code),
            lines=[_line(columns) for columns in _in_order(lines)],
        ),
        events=[_event(columns) for columns in _in_order(events)],
    )


def _line(columns: list[Any]) -> ShownLine:
    _, quantity, size_name, size_name_en, amount_cents, vat_rate, vat_cents, parts = columns
    return ShownLine(
        quantity,
        typeset(size_name),
        typeset(size_name_en),
        amount_cents,
        vat_rate,
        vat_cents,
        [_part(columns) for columns in _in_order(parts)],
    )


def _part(columns: list[Any]) -> ShownPart:
    _, name, used = columns
    return ShownPart(typeset(name), [_use(columns) for columns in _in_order(used)])


def _use(columns: list[Any]) -> ShownUse:
    _, use, name, name_en, short_name, short_name_en, allergens = columns
    called = typeset(name), typeset(name_en), typeset(short_name), typeset(short_name_en)
    return ShownUse(Use(use), ShownIngredient(*called, allergens))


def _event(columns: list[Any]) -> ShownEvent:
    id, status, at, undoes_id = columns
    moment = datetime.fromisoformat(at)
    # SQLite has no time zones: what it gives back is the UTC that was stored.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return ShownEvent(id, Status(status) if status else None, moment, undoes_id)


def _in_order(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=itemgetter(0))


@cache
def _shown_by_id() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *ORDER,
            *REVISION,
            *PLACE,
            Account.first_name,
            Promotion.code,
            _lines(),
            json_rows(
                OrderEvent.id,
                OrderEvent.status,
                OrderEvent.at,
                OrderEvent.undoes_id,
                of=OrderEvent.__table__,
                where=OrderEvent.order_id == Order.id,
            ),
        )
        .join(Order.restaurant)
        .join(Order.revision)
        .outerjoin(Order.account)
        .outerjoin(OrderRevision.promotion)
        .where(Order.id == bindparam("order_id"))
    )


def _lines() -> Any:
    allergens = (
        select(func.aggregate_strings(IngredientAllergen.allergen, ","))
        .where(IngredientAllergen.ingredient_id == Ingredient.id)
        .scalar_subquery()
    )
    used = json_rows(
        PartIngredient.position,
        PartIngredient.use,
        Ingredient.name,
        Ingredient.name_en,
        Ingredient.short_name,
        Ingredient.short_name_en,
        allergens,
        of=PartIngredient.__table__.join(Ingredient.__table__),
        where=PartIngredient.part_id == OrderLinePart.id,
    )
    parts = json_rows(
        OrderLinePart.position,
        OrderLinePart.name,
        used,
        of=OrderLinePart.__table__,
        where=OrderLinePart.line_id == OrderLine.id,
    )
    return json_rows(
        OrderLine.position,
        OrderLine.quantity,
        OrderLine.size_name,
        OrderLine.size_name_en,
        OrderLine.amount_cents,
        OrderLine.vat_rate,
        OrderLine.vat_cents,
        parts,
        of=OrderLine.__table__,
        where=OrderLine.revision_id == OrderRevision.id,
    )
