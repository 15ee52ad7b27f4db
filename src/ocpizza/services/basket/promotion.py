"""UC3.2: a promotion in a basket: put there, judged, taken out again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.benefit import Lines
from ocpizza.domain.item import UnknownItem
from ocpizza.domain.menu import Menu
from ocpizza.domain.promotion import Ineligibility, Terms, Verdict, judge
from ocpizza.domain.selection import Chosen, Selection
from ocpizza.models.basket import Basket
from ocpizza.services.basket.basket import touch
from ocpizza.services.basket.contents import contents
from ocpizza.services.basket.lines import add_item
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.promotion.terms import (
    lock_promotion,
    read_customer,
    terms_by_id,
    terms_of,
    terms_of_code,
)


class UnknownCode(LookupError):
    """There is no promotion with this code."""


@dataclass
class PromotionRefused(Exception):
    """The promotion does not hold for this basket and customer."""

    verdict: Verdict


@dataclass
class BenefitUnavailable(Exception):
    """What the promotion offers is not sold here, or cannot be made today."""

    terms: Terms


def apply_promotion(
    session: Session, basket: Basket, code: str, account_id: int | None, now: datetime
) -> Verdict:
    """Put a promotion in a basket that has a restaurant, and what it offers beside it.

    `account_id` is the customer signed in. Raises UnknownCode, PromotionRefused, BenefitUnavailable
    and BasketFull, with the basket as it was.
    """
    terms = terms_of_code(session, code)
    if terms is None or basket.restaurant_id is None:
        raise UnknownCode(code)
    menu = read_menu(session, basket.restaurant_id)
    customer = read_customer(session, account_id)
    lines = contents(basket, menu).items
    verdict = judge(terms, basket.restaurant_id, customer, lines, now)
    if set(verdict.ineligibilities) - {Ineligibility.PRODUCT}:
        raise PromotionRefused(verdict)
    if terms.benefit.lacks_product(lines):
        _add_benefit(basket, basket.restaurant_id, menu, terms)
        lines = contents(basket, menu).items
    basket.promotion_id = terms.id
    touch(basket, now)
    return judge(terms, basket.restaurant_id, customer, lines, now)


def remove_promotion(basket: Basket, now: datetime) -> None:
    """Take the promotion out; what it offered stays, as something to pay."""
    basket.promotion_id = None
    touch(basket, now)


def judge_basket(
    session: Session,
    basket: Basket,
    lines: Lines,
    account_id: int | None,
    now: datetime,
    *,
    lock: bool = False,
) -> Verdict | None:
    """Return whether the basket's promotion holds now, None if it has no promotion or restaurant.

    With `lock` it is counted for whoever asks first: promotion, then customer, are locked.
    """
    if basket.promotion_id is None or basket.restaurant_id is None:
        return None
    if lock:
        terms = terms_of(lock_promotion(session, basket.promotion_id))
    else:
        terms = terms_by_id(session, basket.promotion_id)
    customer = read_customer(session, account_id, lock=lock)
    return judge(terms, basket.restaurant_id, customer, lines, now)


def _add_benefit(basket: Basket, restaurant_id: int, menu: Menu, terms: Terms) -> None:
    offered = Chosen(Selection.of(terms.benefit.product_size_id or 0), 1)
    try:
        shortage = add_item(basket, restaurant_id, menu, offered)
    except UnknownItem:
        raise BenefitUnavailable(terms) from None
    if shortage:
        raise BenefitUnavailable(terms)
