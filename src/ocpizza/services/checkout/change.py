"""UC1.3: make the contents of a basket the new revision of the order that it changes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.agreement import Agreement
from ocpizza.domain.author import Author, written_by
from ocpizza.domain.checkout import (
    CallRestaurant,
    Details,
    DetailsMissing,
    LinesGone,
    OrderRefused,
    OutOfStock,
    StaleCheckout,
)
from ocpizza.domain.item import Item, shortages, total_needs
from ocpizza.domain.promotion import judge_agreed
from ocpizza.domain.requirements import (
    check_alcohol,
    check_contents,
    check_details,
    check_sums,
    holds_alcohol,
    quote_less_discount,
)
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.domain.unpaid import Asked, Visitor, pizzas_of
from ocpizza.models.account import Role
from ocpizza.models.mail import MailKind
from ocpizza.models.order import Order, PaymentChoice, Source
from ocpizza.models.order_revision import EventKind, OrderEvent, OrderRevision, RevisionState
from ocpizza.models.stock import Reason
from ocpizza.services.basket.basket import find_basket
from ocpizza.services.basket.contents import contents
from ocpizza.services.catalogue.storefront import storefront_by_id
from ocpizza.services.checkout.agreement import read_agreement
from ocpizza.services.checkout.proof import checkout_proof
from ocpizza.services.locks import lock_order, lock_stock
from ocpizza.services.order.cancel import TooLate
from ocpizza.services.order.lines import write_lines
from ocpizza.services.order.notify import notify_customer
from ocpizza.services.order.pending_change import (
    abandon_change,
    exceeds_authorisation,
    next_number,
    save_pending_change,
)
from ocpizza.services.order.unpaid_limits import asked_of, limit_order
from ocpizza.services.order.write import revision_row
from ocpizza.services.promotion.uses import revise_promotion_use
from ocpizza.services.stock.move import Cause, move_stock


class StaleOrder(StaleVersion, OrderRefused):
    """Somebody else has changed the order since this change was begun."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the last step of a change says: the basket's key and the total that was shown."""

    key: str
    shown_total_cents: int
    visitor: Visitor | None = None
    of_age: bool = False


def change_order(
    session: Session, basket_token: str | None, change: Change, author: Author, now: datetime
) -> Order:
    """Replace an order's contents and address by those of the basket that changes it.

    Only the difference moves in stock; the old revision is kept, and the promotion as long as
    the new contents reach its minimum. Of an order paid online that becomes dearer, the new
    revision waits until its payment is authorised (`save_pending_change`). The same change of the
    same basket sent again gives the order that it made. Raises TooLate, or OrderRefused, with
    nothing changed.
    """
    basket = find_basket(session, basket_token, lock=True)
    if basket is None or basket.checkout_key != change.key or basket.changes_order_id is None:
        return find_changed(session, basket_token, change.key)
    order = lock_order(session, basket.changes_order_id)
    if not order.changeable:
        raise TooLate(order.status)
    details = Details.from_json(basket.details)
    shop = storefront_by_id(session, order.restaurant_id)
    if details is None or shop is None:
        raise LinesGone if details else DetailsMissing
    agreement = read_agreement(session, order.id, shop.menu.assortment)
    if agreement.revision != basket.changes_revision:
        raise StaleOrder
    inside = contents(basket, shop.menu, agreement)
    check_contents(inside, order.source)
    items, agreed = inside.items, agreement.promotion
    check_alcohol(items, shop.point, change.of_age or order.of_age_at is not None, now)
    check_details(shop.point, details)
    verdict = judge_agreed(agreed, items) if agreed else None
    quote = quote_less_discount(items, order.mode, agreement.delivery_fee_cents, verdict)
    check_sums(shop.point, details, quote, change.shown_total_cents)
    revision = OrderRevision(
        number=next_number(session, order),
        checkout_key=checkout_proof(basket_token, change.key),
        **revision_row(details, quote, author, now),
    )
    if exceeds_authorisation(session, order, quote.total_cents):
        save_pending_change(session, order, revision, quote, now)
        if holds_alcohol(items):
            order.of_age_at = order.of_age_at or now
        session.delete(basket)
        return order
    asked = Asked(quote.total_cents, pizzas_of(items))
    if author.role is Role.CUSTOMER and change.visitor:
        _check_unpaid(session, order, change.visitor, asked, now)
    with session.begin_nested():
        abandon_change(session, order, now)
        order.of_age_at = (order.of_age_at or now) if holds_alcohol(items) else None
        revise_promotion_use(session, order.id, verdict)
        _replace_revision(session, order, revision)
        write_lines(session, revision.id, quote)
        session.add(_event(order, author, now))
        notify_customer(session, order, MailKind.ORDER_CHANGED, now, f"-{revision.number}")
        session.delete(basket)
        # Last: everybody who orders at this restaurant waits for these rows.
        cause = Cause(Reason.ORDER_CHANGED, now, order.id, author.account_id)
        _move_difference(session, order, agreement, items, cause)
    return order


def _check_unpaid(
    session: Session, order: Order, visitor: Visitor, asked: Asked, now: datetime
) -> None:
    """A customer makes no big unpaid order of a small one: the restaurant does, on the phone."""
    before = asked_of(order)
    more = asked.cents > before.cents or asked.pizzas > before.pizzas
    unpaid = order.source is Source.WEB and order.payment_choice is PaymentChoice.ON_DELIVERY
    if more and unpaid and limit_order(session, order, visitor, asked, now):
        raise CallRestaurant


def find_changed(session: Session, basket_token: str | None, key: str) -> Order:
    """Return the order that this basket changed by the form with this key.

    Raises StaleCheckout.
    """
    made_by = checkout_proof(basket_token, key)
    made = select(OrderRevision.order_id).where(OrderRevision.checkout_key == made_by)
    order = session.scalar(select(Order).where(Order.id.in_(made)))
    if order is None:
        raise StaleCheckout
    return order


def _move_difference(
    session: Session,
    order: Order,
    agreement: Agreement,
    items: list[tuple[Item, int]],
    cause: Cause,
) -> None:
    needs, taken = total_needs(items), agreement.taken
    locked = lock_stock(session, order.restaurant_id, needs.keys() | taken.keys())
    if short := shortages(items, {id: locked[id] + taken.get(id, 0) for id in locked}):
        raise OutOfStock(short)
    move_stock(
        session,
        order.restaurant_id,
        locked,
        {id: taken.get(id, 0) - needs[id] for id in locked},
        cause,
    )


def _replace_revision(session: Session, order: Order, revision: OrderRevision) -> None:
    order.revision.state = RevisionState.REPLACED
    # Its contents are elsewhere: the order's own version must say that it has changed.
    order.touch_version()
    session.flush()
    revision.order_id = order.id
    session.add(revision)
    session.flush()
    session.expire(order, ["revision"])


def _event(order: Order, author: Author, now: datetime) -> OrderEvent:
    return OrderEvent(order_id=order.id, kind=EventKind.REVISION, at=now, **written_by(author))
