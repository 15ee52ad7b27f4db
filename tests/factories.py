"""What tests start from: a small believable pizzeria, its menu, stock, staff, baskets and orders.

Everything is flushed, nothing committed. Times default to `NOON`, a Wednesday.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.author import Author
from ocpizza.domain.checkout import Details
from ocpizza.domain.selection import Selection
from ocpizza.models.account import Role
from ocpizza.models.basket import Basket, BasketLine
from ocpizza.models.ingredient import Allergen, Ingredient, Unit
from ocpizza.models.order import Order, Source
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.product import Product, ProductSize
from ocpizza.models.promotion import Promotion
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.stock import Reason, Stock
from ocpizza.models.till import TillSession
from ocpizza.models.vat import Mode, VatClass
from ocpizza.services.basket.basket import new_basket
from ocpizza.services.checkout.place import Checkout, place_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.order.advance import Step, advance_order
from ocpizza.services.till.close import Counted, close_till
from ocpizza.services.till.drawer import drawer_of
from ocpizza.services.till.session import find_till, open_till
from rows import (
    KEY,
    NOON,
    PASSWORD,
    PIZZA_SIZES,
    ROUND_THE_CLOCK,
    at_once,
    author_of,
    make_account,
    make_drink,
    make_ingredient,
    make_legal_entity,
    make_pizza,
    make_product,
    make_promotion,
    make_restaurant,
    make_staff,
    stock_up,
)

__all__ = [
    "KEY",
    "NOON",
    "PASSWORD",
    "PIZZA_SIZES",
    "ROUND_THE_CLOCK",
    "Pizzeria",
    "advance_to",
    "author_of",
    "checkout_of",
    "details_of",
    "make_account",
    "make_basket",
    "make_branch",
    "make_drink",
    "make_ingredient",
    "make_legal_entity",
    "make_pizza",
    "make_pizzeria",
    "make_product",
    "make_promotion",
    "make_restaurant",
    "make_staff",
    "order_of",
    "stock_up",
    "the_pizzeria",
]

PLENTY = 100_000
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
WAY = {
    Status.ACCEPTED: Role.PIZZAIOLO,
    Status.PREPARING: Role.PIZZAIOLO,
    Status.READY: Role.PIZZAIOLO,
    Status.OUT_FOR_DELIVERY: Role.DRIVER,
}
Lines = Sequence[tuple[Selection, int]]

# code: (name, unit, allergens)
INGREDIENTS = {
    "farine": ("Farine", Unit.GRAM, [Allergen.GLUTEN]),
    "sauce-tomate": ("Sauce tomate", Unit.GRAM, []),
    "mozzarella": ("Mozzarella", Unit.GRAM, [Allergen.MILK]),
    "jambon": ("Jambon blanc", Unit.GRAM, []),
    "champignons": ("Champignons", Unit.GRAM, []),
    "oeuf": ("Œuf", Unit.PIECE, [Allergen.EGGS]),
    "cola": ("Cola 33 cl", Unit.PIECE, []),
    "biere": ("Bière 33 cl", Unit.PIECE, [Allergen.GLUTEN]),
}


@dataclass(frozen=True)
class Pizzeria:
    """A restaurant with what it sells: `margherita`, `regina`, `cola` and `biere`."""

    restaurant: Restaurant
    ingredients: dict[str, Ingredient]
    products: dict[str, Product]

    def size(self, slug: str, code: str | None = None) -> ProductSize:
        """A size of a product, the default one if none is named."""
        sizes = self.products[slug].sizes
        return next(size for size in sizes if size.code == code or (not code and size.is_default))

    def select(
        self, slug: str, size: str | None = None, *, without: Sequence[str] = (), extras=()
    ) -> Selection:
        """What a customer chooses; ingredients by code."""
        ids = {code: ingredient.id for code, ingredient in self.ingredients.items()}
        size_id = self.size(slug, size).id
        return Selection.of(size_id, [ids[code] for code in without], [ids[c] for c in extras])

    def stock_of(self, session: Session, code: str) -> int:
        """How much of an ingredient there is now."""
        key = (self.restaurant.id, self.ingredients[code].id)
        return session.get_one(Stock, key, populate_existing=True).quantity


def make_pizzeria(
    session: Session, *, stock: Mapping[str, int] | None = None, **restaurant: Any
) -> Pizzeria:
    """A restaurant with a menu and plenty of everything, but for what `stock` says by code."""
    with at_once(session):
        known = {
            code: make_ingredient(session, code, name=name, unit=unit, allergens=allergens)
            for code, (name, unit, allergens) in INGREDIENTS.items()
        }
        known["jambon"].short_name = "jambon"
        base = {known["farine"]: 160, known["sauce-tomate"]: 80, known["mozzarella"]: 120}
        common = {
            "fixed": [known["farine"], known["sauce-tomate"]],
            "extras": {known["oeuf"]: (1, 100), known["mozzarella"]: (40, 125)},
        }
        regina = base | {known["jambon"]: 60, known["champignons"]: 50}
        products = [
            make_pizza(session, "margherita", (750, 950, 1490), base, **common),
            make_pizza(session, "regina", (900, 1150, 1750), regina, **common),
            make_drink(session, known["cola"], cents=280, vat_class=VatClass.SEALED_DRINK),
            make_drink(session, known["biere"], cents=420, vat_class=VatClass.ALCOHOL),
        ]
    menu = {product.slug: product for product in products}
    return make_branch(session, Pizzeria(None, known, menu), stock=stock, **restaurant)


def make_branch(
    session: Session,
    of: Pizzeria,
    *,
    stock: Mapping[str, int] | None = None,
    **restaurant: Any,
) -> Pizzeria:
    """Another restaurant with the menu of a pizzeria and a stock of its own."""
    branch = replace(of, restaurant=make_restaurant(session, **restaurant))
    wanted = dict.fromkeys(of.ingredients, PLENTY) | dict(stock or {})
    quantities = {of.ingredients[code]: quantity for code, quantity in wanted.items()}
    stock_up(session, branch.restaurant, quantities, reason=Reason.OPENING)
    # Whoever works at its counter finds a till that is open.
    open_till(session, branch.restaurant.id, 0, None, OPENED)
    return branch


def turn_over_till(
    session: Session, restaurant: Restaurant, who: Author, now: datetime = NOON
) -> TillSession:
    """Close the till of a restaurant on what should be in it, and open the next one."""
    till = find_till(session, restaurant.id)
    expected = drawer_of(session, till).expected_cents
    close_till(session, till, Counted({1: expected}, expected), who, now)
    open_till(session, restaurant.id, 0, who, now)
    return till


def the_pizzeria(session: Session, code: str = "city_001") -> Pizzeria:
    """The committed pizzeria with this code, in another session."""
    restaurant = session.scalars(select(Restaurant).where(Restaurant.code == code)).one()
    ingredients = {one.code: one for one in session.scalars(select(Ingredient))}
    products = {one.slug: one for one in session.scalars(select(Product))}
    return Pizzeria(restaurant, ingredients, products)


def details_of(mode: Mode = Mode.DELIVERY, **values: Any) -> Details:
    """What Stanley tells of their own person; the address only when it is delivered."""
    address = {"street": "12 rue Oberkampf", "postcode": "75011", "town": "Paris"}
    known = {"contact_name": "Stanley Martin", "phone": "+33612345678"}
    if mode is Mode.DELIVERY:
        known |= address
    return Details(mode=mode, **known | values)


def make_basket(
    session: Session,
    pizzeria: Pizzeria,
    lines: Lines | None = None,
    *,
    details: Details | None = None,
    now: datetime = NOON,
) -> Basket:
    """A basket with these lines (one Margherita if none are given) and complete details."""
    basket = new_basket(session, now)
    basket.restaurant_id = pizzeria.restaurant.id
    basket.details = (details or details_of()).to_json()
    wanted = [(pizzeria.select("margherita"), 1)] if lines is None else lines
    basket.lines = [
        BasketLine(selection=selection.text, quantity=quantity) for selection, quantity in wanted
    ]
    session.flush()
    return basket


def checkout_of(session: Session, basket: Basket, now: datetime = NOON, **values: Any) -> Checkout:
    """What the payment page of this basket sends: its key and the total that it showed."""
    who = values.pop("customer", None)
    review = review_basket(session, basket, now, who if who and who.role is Role.CUSTOMER else None)
    total = review.quote.total_cents if review else 0
    values = {"of_age": True} | values
    return Checkout(basket.checkout_key, values.pop("means", Means.CASH), total, **values)


def order_of(
    session: Session,
    pizzeria: Pizzeria,
    lines: Lines | None = None,
    *,
    mode: Mode = Mode.DELIVERY,
    means: Means = Means.CASH,
    source: Source = Source.WEB,
    author: Author | None = None,
    promotion: Promotion | None = None,
    now: datetime = NOON,
    status: Status = Status.TO_PREPARE,
    **details: Any,
) -> Order:
    """An order placed by the shop's own way: basket, details, `place_order`, up to `status`."""
    basket = make_basket(session, pizzeria, lines, details=details_of(mode, **details), now=now)
    basket.promotion_id = promotion.id if promotion else None
    checkout = checkout_of(session, basket, now, means=means, source=source, customer=author)
    order = place_order(session, basket.token, checkout, now, author)
    return advance_to(session, order, status, now=now)


def advance_to(session: Session, order: Order, status: Status, *, now: datetime = NOON) -> Order:
    """Take an order all the way to `status`, each step by a new member of the right staff.

    But for the delivery: whoever carries it hands it over.
    """
    counter = order.mode is not Mode.DELIVERY
    way = WAY | {Status.DELIVERED: Role.CASHIER if counter else Role.DRIVER}
    steps = [step for step in way if not (counter and step is Status.OUT_FOR_DELIVERY)]
    while order.status is not status:
        before = order.status
        after = steps[steps.index(before) + 1] if before in steps else steps[0]
        author = author_of(make_staff(session, way[after], order.restaurant))
        if before is Status.OUT_FOR_DELIVERY:
            author = Author(order.driver_id, Role.DRIVER)
        advance_order(session, order.id, Step(before, after), author, now)
        session.flush()
    return order
