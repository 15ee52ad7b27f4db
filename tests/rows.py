"""Single rows that tests start from, with believable defaults; `factories` puts them together.

Everything is flushed, nothing committed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.author import Author
from ocpizza.domain.passwords import hash_password
from ocpizza.models.account import Account, Employee, Role
from ocpizza.models.ingredient import Allergen, Ingredient, IngredientAllergen, Unit
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.product import Composition, Kind, Product, ProductExtra, ProductSize
from ocpizza.models.promotion import Promotion, PromotionKind, PromotionRestaurant
from ocpizza.models.restaurant import DeliveryArea, OpeningHours, Restaurant
from ocpizza.models.second_factor import SecondFactor
from ocpizza.models.stock import Reason, Stock
from ocpizza.models.vat import VatClass
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.move import Cause, move_stock

NOON = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)  # 12:00 in Paris
ROUND_THE_CLOCK = tuple((weekday, 360, 1800) for weekday in range(7))
PASSWORD = "quatre-fromages"
# What the authenticator application of every group manager here knows.
KEY = "QUATREFROMAGESQUATREFROMAGESQUAT"
_numbers = count(1)
# code: (name, factor in percent)
PIZZA_SIZES = {
    "junior": ("Junior 26 cm", 75),
    "medium": ("Classique 31 cm", 100),
    "family": ("Familiale 40 cm", 170),
}


def make_legal_entity(session: Session, *, code: str = "oc-pizza", **values: Any) -> LegalEntity:
    number = next(_numbers)
    defaults = {
        "name": "OC Pizza SAS",
        "siret": f"{number:014}",
        "vat_number": f"FR{number:011}",
        "street": "1 rue de la Pâte",
        "postcode": "75010",
        "town": "Paris",
    }
    return _added(session, LegalEntity(code=code, **defaults | values))


def make_restaurant(
    session: Session,
    *,
    code: str = "city_001",
    legal_entity: LegalEntity | None = None,
    postcodes: Iterable[str] = ("75011",),
    hours: Iterable[tuple[int, int, int]] = ROUND_THE_CLOCK,
    **values: Any,
) -> Restaurant:
    """A restaurant that is always open and delivers to 75011 for 2.50 €, without a minimum."""
    defaults = {
        "slug": code.replace("_", "-"),
        "name": f"OC Pizza {code}",
        "phone": "+33143000000",
        "email": f"{code}@ocpizza.example",
        "street": "18 rue du Moulin-Neuf",
        "postcode": "75011",
        "town": "Paris",
        "delivery_fee_cents": 250,
        "preparation_minutes": 15,
        "delivery_minutes": 20,
        "sells_alcohol": True,
    }
    restaurant = Restaurant(
        code=code,
        legal_entity=legal_entity or make_legal_entity(session, code=f"{code}-sas"),
        opening_hours=[
            OpeningHours(weekday=day, opens_minute=opens, closes_minute=closes)
            for day, opens, closes in hours
        ],
        delivery_areas=[DeliveryArea(postcode=postcode) for postcode in postcodes],
        **defaults | values,
    )
    return _added(session, restaurant)


def make_ingredient(
    session: Session,
    code: str,
    *,
    name: str | None = None,
    unit: Unit = Unit.GRAM,
    allergens: Iterable[Allergen] = (),
) -> Ingredient:
    links = [IngredientAllergen(allergen=allergen) for allergen in allergens]
    return _added(
        session, Ingredient(code=code, name=name or code.title(), unit=unit, allergens=links)
    )


def stock_up(
    session: Session,
    restaurant: Restaurant,
    quantities: Mapping[Ingredient, int],
    *,
    reason: Reason = Reason.SUPPLY,
    at: datetime = NOON,
) -> None:
    """Bring (or take away) these quantities, through `move_stock`."""
    deltas = {ingredient.id: quantity for ingredient, quantity in quantities.items()}
    here = select(Stock.ingredient_id).where(Stock.restaurant_id == restaurant.id)
    for id in deltas.keys() - set(session.scalars(here)):
        session.add(Stock(restaurant_id=restaurant.id, ingredient_id=id))
    session.flush()
    locked = lock_stock(session, restaurant.id, set(deltas))
    move_stock(session, restaurant.id, locked, deltas, Cause(reason, at))


def make_product(
    session: Session,
    slug: str,
    *,
    composition: Mapping[Ingredient, int],
    sizes: Mapping[str, tuple[str, int, int]],
    kind: Kind = Kind.PIZZA,
    vat_class: VatClass = VatClass.PREPARED_FOOD,
    extras: Mapping[Ingredient, tuple[int, int]] | None = None,
    fixed: Iterable[Ingredient] = (),
    **values: Any,
) -> Product:
    """A product; `sizes` maps a code to (name, cents, factor), `extras` to (quantity, cents).

    The default size is « medium », or the first one. `fixed` ingredients cannot be left out.
    """
    default = "medium" if "medium" in sizes else next(iter(sizes))
    product = Product(
        slug=slug,
        kind=kind,
        vat_class=vat_class,
        **{"name": slug.title(), "position": next(_numbers)} | values,
    )
    product.sizes = [
        ProductSize(
            code=code,
            name=name,
            price_cents=cents,
            factor_percent=factor,
            is_default=code == default,
            position=place,
        )
        for place, (code, (name, cents, factor)) in enumerate(sizes.items())
    ]
    product.composition = [
        Composition(
            ingredient=one, quantity=quantity, removable=one not in set(fixed), position=place
        )
        for place, (one, quantity) in enumerate(composition.items())
    ]
    product.extras = [
        ProductExtra(ingredient=one, quantity=quantity, price_cents=cents, position=place)
        for place, (one, (quantity, cents)) in enumerate((extras or {}).items())
    ]
    return _added(session, product)


def make_pizza(
    session: Session, slug: str, prices: Sequence[int], composition: Mapping, **values: Any
) -> Product:
    """A pizza in three sizes, `prices` from small to large."""
    sizes = {
        code: (name, cents, factor)
        for (code, (name, factor)), cents in zip(PIZZA_SIZES.items(), prices, strict=True)
    }
    return make_product(session, slug, composition=composition, sizes=sizes, **values)


def make_drink(
    session: Session, ingredient: Ingredient, *, cents: int, vat_class: VatClass, **values: Any
) -> Product:
    return make_product(
        session,
        ingredient.code,
        kind=Kind.DRINK,
        vat_class=vat_class,
        composition={ingredient: 1},
        fixed=[ingredient],
        sizes={"unique": ("33 cl", cents, 100)},
        **{"name": ingredient.name} | values,
    )


@cache
def _hash(password: str) -> str:
    # Each costs a fifth of a second on purpose.
    return hash_password(password)


def make_account(session: Session, *, password: str = PASSWORD, **values: Any) -> Account:
    """A customer."""
    number = next(_numbers)
    defaults = {
        "email": f"client{number}@example.org",
        "first_name": "Julia",
        "last_name": "Moreau",
        "created_at": NOON,
    }
    return _added(session, Account(password_hash=_hash(password), **defaults | values))


def make_staff(
    session: Session, role: Role, restaurant: Restaurant | None = None, **values: Any
) -> Account:
    """A member of staff; without a restaurant, a manager of the group."""
    names = {"identifier": f"{role}{next(_numbers)}", "email": None, "last_name": "Lombard"}
    account = make_account(session, **names | {"first_name": role.title()} | values)
    account.employee = Employee(role=role, restaurant_id=restaurant.id if restaurant else None)
    session.flush()
    if restaurant is None:
        enrolled = {"key": KEY, "last_step": 0, "enrolled_at": NOON}
        session.add(SecondFactor(account_id=account.id, **enrolled))
        session.flush()
    return account


def make_promotion(
    session: Session, code: str = "DIX", *, at: Iterable[Restaurant] = (), **values: Any
) -> Promotion:
    """A promotion of ten percent, always and for everybody, where nothing else is said."""
    kind = PromotionKind.PERCENTAGE
    if "amount_cents" in values:
        kind = PromotionKind.AMOUNT
    elif "product_size_id" in values:
        kind = PromotionKind.FREE_PRODUCT
    gives = {"kind": kind, "percent": 10 if kind is PromotionKind.PERCENTAGE else None}
    places = [PromotionRestaurant(restaurant_id=restaurant.id) for restaurant in at]
    promotion = Promotion(code=code, restaurants=places, **{"name": code.title()} | gives | values)
    return _added(session, promotion)


def author_of(account: Account) -> Author:
    """A customer or a member of staff, as services record him."""
    return Author(account.id, account.employee.role if account.employee else Role.CUSTOMER)


@contextmanager
def at_once(session: Session) -> Iterator[None]:
    """Flush what is made within the block at its end: few statements, but no id before."""
    session.info["at_once"] = True
    yield
    del session.info["at_once"]
    session.flush()


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    if "at_once" not in session.info:
        session.flush()
    return row
