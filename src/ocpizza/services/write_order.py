"""Write a confirmed order with its first revision, lines, parts and ingredients."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from ocpizza.domain.checkout import Details
from ocpizza.domain.hours import business_day
from ocpizza.domain.item import ItemPart
from ocpizza.domain.quote import Quote, QuoteLine
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, OrderLinePart, PartIngredient, Use
from ocpizza.models.order_revision import EventKind, OrderEvent, OrderRevision, RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode

# No 0/O, 1/I/L or U: read out on the phone without a mistake.
NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something to an order: the account and the role it acts in."""

    account_id: int
    role: Role


def new_number() -> str:
    """A random order number such as « K7QM-2F9X » (39 bits: not guessable, not reused)."""
    letters = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def normal_number(typed: str) -> str:
    """The number that somebody typed, as we write it."""
    letters = "".join(typed.split()).replace("-", "").upper()
    return f"{letters[:4]}-{letters[4:]}"


def write_order(
    session: Session,
    order: Order,
    details: Details,
    offer: Quote,
    author: Author | None,
    now: datetime,
) -> None:
    """Complete `order` and insert it with all that belongs to it; its id is known afterwards."""
    order.number = new_number()
    order.mode = details.mode
    order.status = Status.TO_PREPARE
    order.contact_name = details.contact_name
    order.phone, order.email = details.phone, details.email
    order.placed_at = order.terms_accepted_at = now
    order.business_day = business_day(now)
    order.revisions = [_revision(details, offer, author, now)]
    order.events = [status_event(Status.TO_PREPARE, author, now)]
    session.add(order)
    session.flush()
    _write_ingredients(session, order.revisions[0], offer)


def status_event(status: Status, author: Author | None, at: datetime, note: str = "") -> OrderEvent:
    """The event that tells of a new status."""
    return OrderEvent(
        kind=EventKind.STATUS,
        status=status,
        author_id=author.account_id if author else None,
        author_role=author.role if author else None,
        note=note,
        at=at,
    )


def _revision(
    details: Details, offer: Quote, author: Author | None, now: datetime
) -> OrderRevision:
    address: dict[str, Any] = {}
    if details.mode is Mode.DELIVERY:
        address = {
            "street": details.street,
            "complement": details.complement,
            "postcode": details.postcode,
            "town": details.town,
            "country": "FR",
        }
    return OrderRevision(
        number=1,
        state=RevisionState.CURRENT,
        comment=details.comment,
        subtotal_cents=offer.subtotal_cents,
        discount_cents=offer.discount_cents,
        delivery_fee_cents=offer.delivery_fee_cents,
        total_cents=offer.total_cents,
        author_id=author.account_id if author else None,
        made_at=now,
        summary_shown_at=now,  # the answer to the order is its summary
        lines=[_line(position, line) for position, line in enumerate(offer.lines)],
        **address,
    )


def _line(position: int, line: QuoteLine) -> OrderLine:
    return OrderLine(
        position=position,
        kind=line.item.kind,
        product_size_id=line.item.size.id,
        size_name=line.item.size.name,
        quantity=line.quantity,
        unit_price_cents=line.item.unit_price_cents,
        amount_cents=line.amount_cents,
        discount_cents=line.discount_cents,
        fee_cents=line.fee_cents,
        vat_rate=line.vat_rate,
        vat_cents=line.vat_cents,
        parts=[
            OrderLinePart(position=place, product_id=part.product.id, name=part.product.name)
            for place, part in enumerate(line.item.parts)
        ],
    )


def _write_ingredients(session: Session, revision: OrderRevision, offer: Quote) -> None:
    rows = [
        row
        for written, line in zip(revision.lines, offer.lines, strict=True)
        for saved, part in zip(written.parts, line.item.parts, strict=True)
        for row in _ingredients(saved.id, part, len(line.item.parts))
    ]
    session.execute(insert(PartIngredient), rows)


def _ingredients(part_id: int, part: ItemPart, parts: int) -> list[dict[str, Any]]:
    size = part.size
    used = [
        *((c.ingredient.id, Use.BASE, size.quantity_of(c.quantity, parts), 0) for c in part.base),
        *((c.ingredient.id, Use.WITHOUT, 0, 0) for c in part.without),
        *(
            (e.ingredient.id, Use.EXTRA, size.quantity_of(e.quantity, parts), part.extra_price(e))
            for e in part.extras
        ),
    ]
    return [
        {
            "part_id": part_id,
            "ingredient_id": id,
            "use": use,
            "position": position,
            "quantity": quantity,
            "price_cents": price,
        }
        for position, (id, use, quantity, price) in enumerate(used)
    ]
