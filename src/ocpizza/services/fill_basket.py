"""B1: the visitor's basket, found by the token in their cookie."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from ocpizza.db import rows_changed
from ocpizza.domain.agreement import Agreement
from ocpizza.domain.checkout import Details
from ocpizza.domain.item import Item, Shortage, UnknownItem, resolve, shortages
from ocpizza.domain.menu import Menu
from ocpizza.domain.selection import Selection
from ocpizza.models.basket import MAX_LINES, MAX_QUANTITY, Basket, BasketLine
from ocpizza.models.product import Kind

BASKET = (
    select(Basket)
    .where(Basket.token == bindparam("token"))
    .execution_options(populate_existing=True)
)
LOCKED_BASKET = BASKET.with_for_update()
LINES = (
    select(BasketLine)
    .where(BasketLine.basket_id == bindparam("basket_id"))
    .order_by(BasketLine.id)
    .execution_options(populate_existing=True)
)


class BasketFull(ValueError):
    """More lines, or more of one line, than a basket holds."""


class OtherRestaurant(ValueError):
    """The basket already holds items of another restaurant."""


class LastPizza(ValueError):
    """An order that is changed keeps at least one pizza (UC1.3)."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a basket by today's menu; `gone` are the lines that nobody sells any more.

    A line that changes an order may hold two `portions`: what was ordered, and what is new.
    """

    portions: tuple[tuple[BasketLine, Item, int], ...]
    gone: tuple[BasketLine, ...]

    @property
    def items(self) -> list[tuple[Item, int]]:
        """The items with their quantities, for prices, needs and shortages."""
        return [(item, quantity) for _, item, quantity in self.portions]


def find_basket(session: Session, token: str | None, *, lock: bool = False) -> Basket | None:
    """The basket with this token and its lines; `lock` keeps it to ourselves."""
    if not token:
        return None
    # The lines apart: a statement that waits for a lock still sees the lines of before.
    query = LOCKED_BASKET if lock else BASKET
    basket = session.scalars(query, {"token": token}).one_or_none()
    if basket is not None:
        lines = session.scalars(LINES, {"basket_id": basket.id}).all()
        set_committed_value(basket, "lines", lines)
    return basket


def new_basket(session: Session, now: datetime) -> Basket:
    """An empty basket with a fresh random token."""
    basket = Basket(
        token=secrets.token_urlsafe(32),
        checkout_key=secrets.token_urlsafe(32),
        details={},
        lines=[],
        created_at=now,
        updated_at=now,
    )
    session.add(basket)
    return basket


def renew_token(session: Session, token: str | None) -> str | None:
    """Return a new token for the basket that had this one, which finds nothing any more."""
    basket = find_basket(session, token, lock=True)
    if basket is None:
        return None
    basket.token = secrets.token_urlsafe(32)
    session.flush()
    return basket.token


def contents(basket: Basket, menu: Menu, agreement: Agreement | None = None) -> Contents:
    """The basket's lines as items of this menu, at the prices of the order that it changes."""
    portions: list[tuple[BasketLine, Item, int]] = []
    gone = []
    for line in basket.lines:
        try:
            item = resolve(Selection.parse(line.selection), menu)
        except UnknownItem:
            gone.append(line)
            continue
        split = agreement.portions(item, line.quantity) if agreement else [(item, line.quantity)]
        portions += [(line, portion, quantity) for portion, quantity in split]
    return Contents(tuple(portions), tuple(gone))


def add_item(
    basket: Basket,
    restaurant_id: int,
    menu: Menu,
    selection: Selection,
    quantity: int,
    *,
    replace: bool = False,
) -> Shortage | None:
    """Put `quantity` more of a selection in, or as many as today's stock still makes.

    With `replace` they take the place of all that was in it, unless there are none to be had.
    Gives the shortage when that is fewer; the order itself takes the stock. Raises UnknownItem,
    OtherRestaurant and BasketFull, with the basket as it was.
    """
    elsewhere = bool(basket.lines) and basket.restaurant_id != restaurant_id
    if elsewhere and (not replace or basket.changes_order_id):
        raise OtherRestaurant
    item = resolve(selection, menu)
    line = next((line for line in basket.lines if line.selection == selection.text), None)
    before = line.quantity if line and not replace else 0
    wanted = quantity + before
    full = line is None and not replace and len(basket.lines) >= MAX_LINES
    if wanted > MAX_QUANTITY or full:
        raise BasketFull
    shortage = next(iter(shortages([(item, wanted)], menu.stock)), None)
    possible = shortage.left if shortage else wanted
    if replace:
        if not possible:
            return shortage
        drop_lines(basket, [other for other in basket.lines if other is not line])
    basket.restaurant_id = restaurant_id
    if line:
        line.quantity = max(possible, before)
    elif possible:
        basket.lines.append(BasketLine(selection=selection.text, quantity=possible))
    return shortage


def set_quantity(basket: Basket, line_id: int, quantity: int) -> None:
    """Change a line's quantity; none removes it. A line that is already gone stays gone."""
    if quantity > MAX_QUANTITY:
        raise BasketFull
    line = next((line for line in basket.lines if line.id == line_id), None)
    if line is None:
        return
    if quantity == 0:
        basket.lines.remove(line)
    else:
        line.quantity = quantity


def refuse_last_pizza(basket: Basket, menu: Menu, line_id: int) -> None:
    """Refuse to take a line out of a basket that changes an order when no pizza stays in it.

    Raises LastPizza.
    """
    rest = [item for line, item, _ in contents(basket, menu).portions if line.id != line_id]
    if basket.changes_order_id and not any(item.kind is Kind.PIZZA for item in rest):
        raise LastPizza


def drop_lines(basket: Basket, lines: Sequence[BasketLine]) -> None:
    """Take these lines out of the basket."""
    for line in lines:
        basket.lines.remove(line)


def empty_basket(session: Session, basket: Basket, now: datetime) -> None:
    """Take everything out and get ready for another order; what the visitor told us stays."""
    session.execute(delete(BasketLine).where(BasketLine.basket_id == basket.id))
    session.execute(
        update(Basket)
        .where(Basket.id == basket.id)
        .values(checkout_key=secrets.token_urlsafe(32), promotion_id=None, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    session.expire(basket)


def forget_basket(session: Session, basket: Basket) -> None:
    """Throw a basket away with what is in it."""
    session.delete(basket)


def forget_baskets(session: Session, tokens: Sequence[str]) -> None:
    """Throw the baskets with these tokens away, with what is in them."""
    session.execute(
        delete(Basket).where(Basket.token.in_(tokens)).execution_options(synchronize_session=False)
    )


def touch(basket: Basket, now: datetime) -> None:
    """Note that the visitor still uses their basket, so that it does not expire."""
    basket.updated_at = now


def keep_details(basket: Basket, details: Details, now: datetime) -> None:
    """A1: keep what the visitor told us for the next step, and for their next order."""
    basket.details = details.to_json()
    touch(basket, now)


def forget_old_baskets(session: Session, now: datetime, days: int) -> int:
    """Delete the baskets that nobody has touched for `days`; gives their number."""
    old = delete(Basket).where(Basket.updated_at < now - timedelta(days=days))
    return rows_changed(session, old.execution_options(synchronize_session=False))
