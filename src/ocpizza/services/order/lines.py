"""Write what a revision of an order sells: lines, their parts and the parts' ingredients.

Three statements however long the order is, on every database.
"""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from ocpizza.domain.item import ItemPart
from ocpizza.domain.quote import Quote, QuoteLine
from ocpizza.models.order_line import OrderLine, OrderLinePart, PartIngredient, Use

Rows = list[dict[str, Any]]
LINES, PARTS, INGREDIENTS = (
    cast(Table, model.__table__) for model in (OrderLine, OrderLinePart, PartIngredient)
)
INSERT_LINES = insert(LINES).returning(LINES.c.id, LINES.c.position)
INSERT_PARTS = insert(PARTS).returning(PARTS.c.id, PARTS.c.line_id, PARTS.c.position)
# What it returns is not needed: it makes the rows go in one statement.
INSERT_INGREDIENTS = insert(INGREDIENTS).returning(INGREDIENTS.c.part_id)


def write_lines(session: Session, revision_id: int, quote: Quote) -> None:
    """Insert the lines of an offer under a revision."""
    lines: Rows = [
        {"revision_id": revision_id, "position": position, **line_row(line)}
        for position, line in enumerate(quote.lines)
    ]
    line_ids = {position: id for id, position in session.execute(INSERT_LINES, lines)}
    parts = {
        (line_ids[position], place): part
        for position, line in enumerate(quote.lines)
        for place, part in enumerate(line.item.parts)
    }
    halves = {line_ids[position]: len(line.item.parts) for position, line in enumerate(quote.lines)}
    written: Rows = [
        {
            "line_id": line_id,
            "position": place,
            "product_id": part.product.id,
            "name": part.product.name,
        }
        for (line_id, place), part in parts.items()
    ]
    ingredients: Rows = []
    for part_id, line_id, place in session.execute(INSERT_PARTS, written):
        ingredients += ingredient_rows(part_id, parts[line_id, place], halves[line_id])
    session.execute(INSERT_INGREDIENTS, ingredients)


def line_row(line: QuoteLine) -> dict[str, Any]:
    """Return what is written of a line."""
    return {
        "kind": line.item.kind,
        "product_size_id": line.item.size.id,
        "size_name": line.item.size.name,
        "size_name_en": line.item.size.name_en,
        "quantity": line.quantity,
        "unit_price_cents": line.item.unit_price_cents,
        "amount_cents": line.amount_cents,
        "discount_cents": line.discount_cents,
        "fee_cents": line.fee_cents,
        "vat_rate": line.vat_rate,
        "vat_cents": line.vat_cents,
    }


def ingredient_rows(part_id: int, part: ItemPart, parts: int) -> Iterator[dict[str, Any]]:
    """Yield what is written of the ingredients of a part, one of so many."""
    size = part.size
    used = [
        *((c.ingredient.id, Use.BASE, size.quantity_of(c.quantity, parts), 0) for c in part.base),
        *((c.ingredient.id, Use.WITHOUT, 0, 0) for c in part.without),
        *(
            (e.ingredient.id, Use.EXTRA, size.quantity_of(e.quantity, parts), part.extra_price(e))
            for e in part.extras
        ),
    ]
    for position, (id, use, quantity, price) in enumerate(used):
        yield {
            "part_id": part_id,
            "ingredient_id": id,
            "use": use,
            "position": position,
            "quantity": quantity,
            "price_cents": price,
        }
