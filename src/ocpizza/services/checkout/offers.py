"""UC3.2: the promotions that a customer could put in their basket now (« Vos offres »)."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.menu import Menu
from ocpizza.domain.promotion import Ineligibility, Terms, judge
from ocpizza.services.checkout.review import Review
from ocpizza.services.promotion.terms import listed_terms, read_customer


def list_offers(
    session: Session, review: Review, account_id: int | None, now: datetime
) -> list[Terms]:
    """Return the listed promotions that would hold for this basket and customer, by name."""
    customer = read_customer(session, account_id)
    if customer is None:
        return []

    def possible(terms: Terms) -> bool:
        verdict = judge(terms, review.point.id, customer, review.inside.items, now)
        # What it offers comes into the basket with it, if it can be made.
        lacking = verdict.ineligibilities == (Ineligibility.PRODUCT,)
        return verdict.holds or (lacking and _can_be_made(review.menu, terms))

    return [terms for terms in listed_terms(session) if possible(terms)]


def _can_be_made(menu: Menu, terms: Terms) -> bool:
    found = menu.assortment.by_size.get(terms.benefit.product_size_id or 0)
    return found is not None and menu.feasible(*found) > 0
