"""Promotions in the demo's weeks: used by whoever may, counted as the shop counts them."""

from dataclasses import replace
from datetime import datetime
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.item import Item
from ocpizza.domain.promotion import Verdict, judge
from ocpizza.models.promotion import Promotion
from ocpizza.operations.demo_weeks.customers import Person
from ocpizza.operations.demo_weeks.house import House
from ocpizza.services.promotion.terms import terms_of

TRIED = 0.5


class Offers:
    """The promotions there are; `given` is how often each was used and what it took off."""

    def __init__(self, session: Session) -> None:
        promotions = session.scalars(select(Promotion).order_by(Promotion.id))
        self.terms = [terms_of(promotion) for promotion in promotions]
        self.given: dict[int, tuple[int, Cents]] = {}

    def tried(
        self, house: House, person: Person, lines: list[tuple[Item, int]], at: datetime,
        chance: Random,
    ) -> Verdict | None:  # fmt: skip
        """Return a promotion that holds for an order of this person's, if they think of one."""
        if person.account_id is None or chance.random() > TRIED:
            return None
        for terms in self.terms:
            used, _ = self.given.get(terms.id, (0, 0))
            verdict = judge(
                replace(terms, times_used=used), house.id, person.known, lines, at
            )  # fmt: skip
            if verdict.holds:
                return verdict
        return None

    def use(self, verdict: Verdict, person: Person) -> int:
        """Count a use; return which of this person's it is."""
        id = verdict.terms.id
        uses, cents = self.given.get(id, (0, 0))
        self.given[id] = uses + 1, cents + verdict.discount_cents
        ordinal = person.known.used(id) + 1
        uses_by_id = {**(person.known.uses or {}), id: ordinal}
        person.known = replace(person.known, uses=uses_by_id)
        return ordinal
