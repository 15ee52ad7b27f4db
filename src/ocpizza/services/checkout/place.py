"""UC1.2: turn a basket into an order and take its ingredients, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.author import Author, account_of
from ocpizza.domain.checkout import (
    Details,
    DetailsMissing,
    LinesGone,
    NothingOrdered,
    OutOfStock,
    StaleCheckout,
    TooLittleForCard,
)
from ocpizza.domain.item import Item, shortages, total_needs
from ocpizza.domain.payment import MIN_CENTS
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.promotion import PromotionLost, Verdict
from ocpizza.domain.quote import Quote
from ocpizza.domain.requirements import (
    check_alcohol,
    check_contents,
    check_details,
    check_open,
    check_sums,
    holds_alcohol,
    quote_less_discount,
    reachable,
)
from ocpizza.domain.unpaid import Asked, Buyer, Visitor, pizzas_of
from ocpizza.models.account import Role
from ocpizza.models.basket import Basket
from ocpizza.models.mail import MailKind
from ocpizza.models.order import Order, Source
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.stock import Reason
from ocpizza.services.basket.basket import empty_basket, find_basket
from ocpizza.services.basket.contents import contents
from ocpizza.services.basket.promotion import judge_basket
from ocpizza.services.catalogue.storefront import storefront_by_id
from ocpizza.services.checkout.proof import checkout_proof
from ocpizza.services.locks import lock_active_account, lock_stock
from ocpizza.services.order.notify import notify_customer
from ocpizza.services.order.unpaid_limits import judge_unpaid, unpaid_names
from ocpizza.services.order.write import NewOrder, with_own_number, write_order
from ocpizza.services.payment.open import open_payment
from ocpizza.services.promotion.uses import use_promotion
from ocpizza.services.stock.move import Cause, move_stock


@dataclass(frozen=True, slots=True)
class Checkout:
    """What the last step of the checkout says; a total that was not shown is not the right one."""

    key: str
    means: Means
    shown_total_cents: int | None
    language: str = "fr"
    source: Source = Source.WEB
    visitor: Visitor | None = None
    # Whether its customer says that they are 18, asked where there is alcohol.
    of_age: bool = False


def place_order(
    session: Session,
    basket_token: str | None,
    checkout: Checkout,
    now: datetime,
    author: Author | None = None,
) -> Order:
    """Place the order of a basket, paid when it is handed over (B32) or online (B31).

    One that is paid online takes its ingredients at once and awaits its payment; the basket is
    kept until then. It is the order of its author's account, if a customer with one places it
    in person. The same checkout of the same basket sent again gives the order that it made. Raises
    OrderRefused, with nothing changed and the basket kept.
    """
    hold_buyer(session, author)
    basket = find_basket(session, basket_token, lock=True)
    if basket is None:
        return find_placed(session, basket_token, checkout.key)
    return order_basket(session, basket, checkout, now, author)


def order_basket(
    session: Session, basket: Basket, checkout: Checkout, now: datetime, author: Author | None
) -> Order:
    """Place the order of a basket that is locked, of a buyer who is held, as `place_order` does."""
    proof = checkout_proof(basket.token, checkout.key)
    if basket.checkout_key != checkout.key or basket.changes_order_id:
        return find_placed(session, basket.token, checkout.key)
    if basket.awaits_order is not None:
        return basket.awaits_order
    account_id = _customer_account(author)
    # Nobody on the telephone proves who they are: it is not put in their account.
    customer_id = account_id or basket.customer_id
    buyer = _buyer(basket, account_id, checkout.visitor)
    point, lines = _lock_names_and_read_lines(session, basket, buyer, checkout.source)
    if buyer is None or not reachable(buyer.details, checkout.source):
        raise DetailsMissing
    check_open(point, checkout.source, now)
    check_alcohol(lines, point, checkout.of_age, now)
    check_details(point, buyer.details)
    # The promotion and whoever uses it are locked here, before stock.
    verdict = judge_basket(session, basket, lines, customer_id, now, lock=True)
    quote = _confirmed_quote(point, lines, verdict, buyer.details, checkout)
    asked = Asked(quote.total_cents, pizzas_of(lines), checkout.means is Means.ONLINE_CARD)
    confirm_by = judge_unpaid(session, point.id, buyer, asked, now)
    new = NewOrder(
        restaurant_id=point.id,
        buyer=buyer,
        quote=quote,
        means=checkout.means,
        expected_at=point.promised_at(buyer.details.mode, now),
        source=checkout.source,
        language=checkout.language,
        checkout_proof=proof,
        confirm_by=confirm_by,
        of_age_at=now if holds_alcohol(lines) else None,
    )

    def write() -> Order:
        order = write_order(session, new, author, now)
        if verdict and verdict.holds and customer_id:
            use_promotion(session, verdict, order.id, customer_id, now)
        _await_payment_or_confirm(session, order, quote, basket, now)
        # Last: everybody who orders at this restaurant waits for these rows.
        cause = Cause(Reason.ORDER, now, order.id, account_of(author))
        _take(session, point.id, lines, cause)
        return order

    return with_own_number(session, write)


def hold_buyer(session: Session, author: Author | None) -> None:
    """Have the account of a customer who orders stay until the end of the transaction.

    Before their basket is locked, as everywhere. Raises CustomerGone.
    """
    lock_active_account(session, _customer_account(author))


def find_placed(session: Session, basket_token: str | None, key: str | None) -> Order:
    """Return the order that was placed of this basket by the form with this key.

    Raises StaleCheckout.
    """
    proof = checkout_proof(basket_token, key)
    order = session.scalar(select(Order).where(Order.checkout_key == proof))
    if order is None:
        raise StaleCheckout
    return order


def _customer_account(author: Author | None) -> int | None:
    """Return the account that an order is of: that of a customer who places it in person."""
    return author.account_id if author and author.role is Role.CUSTOMER else None


def _buyer(basket: Basket, account_id: int | None, visitor: Visitor | None) -> Buyer | None:
    details = Details.from_json(basket.details)
    return Buyer(details, account_id, visitor) if details else None


def _lock_names_and_read_lines(
    session: Session, basket: Basket, buyer: Buyer | None, source: Source
) -> tuple[PointOfSale, Sequence[tuple[Item, int]]]:
    if basket.restaurant_id is None or not basket.lines:
        raise NothingOrdered
    names = unpaid_names(basket.restaurant_id, buyer) if buyer else ()
    shop = storefront_by_id(session, basket.restaurant_id, names)
    if shop is None:
        raise LinesGone
    inside = contents(basket, shop.menu)
    check_contents(inside, source)
    return shop.point, inside.items


def _confirmed_quote(
    point: PointOfSale,
    lines: Sequence[tuple[Item, int]],
    verdict: Verdict | None,
    details: Details,
    checkout: Checkout,
) -> Quote:
    """Return the quote, if it is what the customer was shown and may be paid so."""
    quote = quote_less_discount(lines, details.mode, point.delivery_fee_cents, verdict)
    if verdict and not verdict.holds and quote.total_cents != checkout.shown_total_cents:
        raise PromotionLost(verdict, quote.total_cents)
    check_sums(point, details, quote, checkout.shown_total_cents)
    if checkout.means is Means.ONLINE_CARD and quote.total_cents < MIN_CENTS:
        raise TooLittleForCard
    return quote


def _await_payment_or_confirm(
    session: Session, order: Order, quote: Quote, basket: Basket, now: datetime
) -> None:
    if order.status is Status.AWAITING_PAYMENT:
        open_payment(session, order, quote.total_cents, now)
        basket.awaits_order_id = order.id
        return
    if order.confirm_by is None:
        notify_customer(session, order, MailKind.ORDER_CONFIRMED, now)
    empty_basket(session, basket, now)


def _take(
    session: Session, restaurant_id: int, lines: Sequence[tuple[Item, int]], cause: Cause
) -> None:
    needs = total_needs(lines)
    locked = lock_stock(session, restaurant_id, set(needs))
    if short := shortages(lines, locked):
        raise OutOfStock(short)
    taken = {id: -quantity for id, quantity in needs.items()}
    move_stock(session, restaurant_id, locked, taken, cause)
