"""One order of the demo's weeks: what is asked for, by whom, and what became of it until now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from ocpizza.domain.hours import business_day, span
from ocpizza.domain.item import Item, resolve
from ocpizza.domain.menu import MenuProduct
from ocpizza.domain.promotion import Verdict
from ocpizza.domain.quote import Quote, make_quote
from ocpizza.domain.selection import Selection
from ocpizza.models.order import Source
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.product import Kind
from ocpizza.models.vat import Mode
from ocpizza.operations.demo_weeks.customers import Person
from ocpizza.operations.demo_weeks.house import House
from ocpizza.operations.demo_weeks.life import Life, Plan, draw_fate, live
from ocpizza.operations.demo_weeks.offers import Offers
from ocpizza.operations.demo_weeks.rhythm import rush

T = TypeVar("T")
Lines = list[tuple[Item, int]]
# No payment of the demo is known at Stripe: what is still under way has none to be captured.
UNDER_WAY = timedelta(hours=3)
SOURCES = {Source.WEB: 60, Source.PHONE: 18, Source.COUNTER: 22}
MODES = {
    Source.WEB: {Mode.DELIVERY: 70, Mode.TAKEAWAY: 30},
    Source.PHONE: {Mode.DELIVERY: 60, Mode.TAKEAWAY: 40},
    Source.COUNTER: {Mode.TAKEAWAY: 60, Mode.EAT_IN: 40},
}
MEANS = {
    Source.WEB: {Means.ONLINE_CARD: 62, Means.CASH: 18, Means.CARD_TERMINAL: 20},
    Source.PHONE: {Means.CASH: 40, Means.CARD_TERMINAL: 48, Means.MEAL_VOUCHER: 9, Means.OTHER: 3},
    Source.COUNTER: {
        Means.CASH: 38,
        Means.CARD_TERMINAL: 48,
        Means.MEAL_VOUCHER: 11,
        Means.OTHER: 3,
    },
}
PIZZAS = {1: 40, 2: 38, 3: 14, 4: 6, 5: 2}
DRINKS, DESSERTS, EXTRA, WITHOUT = 0.45, 0.22, 0.1, 0.08
COMMENTS = ("Bien cuite, merci !", "Sonner deux fois.", "Découpée en huit, s’il vous plaît.")


@dataclass(eq=False)
class Story:
    """An order with all that is written of it; `ordinal` is which use of a promotion it is."""

    house: House
    person: Person
    source: Source
    mode: Mode
    means: Means
    quote: Quote
    comment: str
    placed_at: datetime
    expected_at: datetime
    first_purchase: bool
    life: Life
    verdict: Verdict | None = None
    ordinal: int = 0
    order_id: int = 0

    @property
    def signed_in(self) -> int | None:
        """Whose account it was ordered with: nobody's at the counter."""
        return self.person.account_id if self.source is Source.WEB else None

    @property
    def cancelled_at(self) -> datetime | None:
        return self.life.events[-1].at if self.life.status is Status.CANCELLED else None


def tell(
    house: House, crowd: list[Person], offers: Offers, at: datetime, now: datetime, chance: Random
) -> Story:
    """Return what somebody ordered at this moment, and how far it has come by `now`."""
    source = _drawn(SOURCES, chance)
    mode, means = _drawn(MODES[source], chance), _drawn(MEANS[source], chance)
    # Some come often.
    person = crowd[int(len(crowd) * chance.random() ** 1.4)]
    lines = _lines(house, mode, chance)
    signed_in = source is Source.WEB and person.account_id is not None
    verdict = offers.tried(house, person, lines, at, chance) if signed_in else None
    quote = make_quote(
        lines,
        mode,
        house.delivery_fee_cents,
        verdict.discount_cents if verdict else 0,
        verdict.promotion_id if verdict else None,
    )
    if means is Means.ONLINE_CARD and (quote.total_cents == 0 or now - at < UNDER_WAY):
        means = Means.CASH
    way = house.delivery_minutes if mode is Mode.DELIVERY else 0
    plan = Plan(house, mode, source, means, quote.total_cents, person.account_id, at, way)
    fate = draw_fate(plan, chance)
    busy = rush(at, span(business_day(at))[0])
    life = live(plan, fate, busy, chance).until(now)
    expected_at = at + timedelta(minutes=house.preparation_minutes + way)
    story = Story(
        house=house,
        person=person,
        source=source,
        mode=mode,
        means=means,
        quote=quote,
        comment=chance.choice(COMMENTS) if chance.random() < 0.06 else "",
        placed_at=at,
        expected_at=expected_at + (life.confirmed_at - at),
        first_purchase=not person.received,
        life=life,
        verdict=verdict,
    )
    if life.status is not Status.CANCELLED:
        _remember(story, offers)
    return story


def _remember(story: Story, offers: Offers) -> None:
    person = story.person
    if story.life.status is Status.DELIVERED:
        person.received = True
    if story.signed_in is not None:
        if story.verdict:
            story.ordinal = offers.use(story.verdict, person)
        person.known = replace(person.known, has_ordered=True)


def _lines(house: House, mode: Mode, chance: Random) -> Lines:
    wanted: dict[str, tuple[Item, int]] = {}

    def add(kind: Kind) -> None:
        item = _item(house, kind, chance)
        _, number = wanted.get(item.selection.text, (item, 0))
        wanted[item.selection.text] = (item, number + 1)

    pizzas = _drawn(PIZZAS, chance)
    for _ in range(pizzas):
        add(Kind.PIZZA)
        if chance.random() < DRINKS:
            add(Kind.DRINK)
        if chance.random() < DESSERTS:
            add(Kind.DESSERT)
    while mode is Mode.DELIVERY and _subtotal(wanted) < house.minimum_cents:
        add(Kind.PIZZA)
    return list(wanted.values())


def _subtotal(wanted: dict[str, tuple[Item, int]]) -> int:
    return sum(item.unit_price_cents * number for item, number in wanted.values())


def _item(house: House, kind: Kind, chance: Random) -> Item:
    shelf = [product for product in house.menu.of_kind(kind) if product.available]
    # The first ones of the menu are what people know.
    product = shelf[int(len(shelf) * chance.random() ** 1.6)]
    size = product.default_size if chance.random() < 0.6 else chance.choice(product.sizes)
    without, extras = _options(product, chance)
    return resolve(Selection.of(size.id, without, extras), house.menu)


def _options(product: MenuProduct, chance: Random) -> tuple[list[int], list[int]]:
    removable = [c.ingredient.id for c in product.composition if c.removable]
    without = [chance.choice(removable)] if removable and chance.random() < WITHOUT else []
    offered = [e.ingredient.id for e in product.extras if e.ingredient.id not in without]
    extras = [chance.choice(offered)] if offered and chance.random() < EXTRA else []
    return without, extras


def _drawn(weights: dict[T, int], chance: Random) -> T:
    return chance.choices(list(weights), list(weights.values()))[0]
