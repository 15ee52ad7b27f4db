"""Fill an empty database with the demo chain: restaurants, menu, stock, staff, promotions."""

import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from ocpizza.domain.hours import business_day
from ocpizza.domain.passwords import hash_password
from ocpizza.domain.totp import code_of, step_at
from ocpizza.models.account import Account, AccountAddress, AddressUse, Employee, Role
from ocpizza.models.ingredient import Ingredient, IngredientAllergen
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.meat import IngredientMeat, RestaurantMeat
from ocpizza.models.order import Order
from ocpizza.models.price import HiddenProduct, RestaurantPrice
from ocpizza.models.product import Composition, Product, ProductExtra, ProductSize
from ocpizza.models.promotion import Promotion, PromotionRestaurant
from ocpizza.models.restaurant import DeliveryArea, OpeningHours, Restaurant
from ocpizza.models.second_factor import SecondFactor
from ocpizza.models.stock import Reason, Stock
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.move import Cause, move_stock
from ocpizza.services.till.session import open_till

# In euro cents: what a drawer begins with.
TILL_FLOAT = 150_00
# In days: what is not called new.
LONG_AGO = 500
PASSWORD = "pizza-demo"  # noqa: S105  (printed for everyone to see)
Rows = list[dict[str, Any]]


class NotEmpty(RuntimeError):
    """The database already holds a chain; demo data would mix with it. The message says what."""


def load_demo_data(session: Session, now: datetime) -> None:
    """Write the demo chain.

    Raises NotEmpty, with nothing changed, when there is a restaurant or an order already, or an
    account that signs in as one of the demo's.
    """
    _refuse_to_mix(session)
    ingredients = _ingredients(session, read_rows("ingredients", "ingredient"))
    products = _products(session, read_rows("products", "product"), ingredients, now)
    session.flush()
    restaurants = _restaurants(
        session, read_rows("restaurants", "restaurant"), products, ingredients
    )
    session.flush()
    _stock(session, restaurants, ingredients, now)
    # One hash for all: each costs a fifth of a second on purpose.
    password_hash = hash_password(PASSWORD)
    _staff(session, restaurants, password_hash, now)
    _customers(session, password_hash, now)
    _promotions(session, restaurants, products)
    session.flush()
    for restaurant in session.scalars(select(Restaurant).order_by(Restaurant.id)):
        open_till(session, restaurant.id, TILL_FLOAT, None, now)


def _refuse_to_mix(session: Session) -> None:
    if session.scalar(select(exists(select(Order.id)))):
        raise NotEmpty("the database holds orders: it is in use, demo data needs an empty one")
    if session.scalar(select(exists(select(Restaurant.id)))):
        raise NotEmpty("the database already holds restaurants; demo data needs an empty one")
    demo = [identifier for identifier, _, _ in demo_sign_ins()]
    names = func.coalesce(Account.identifier, Account.email)
    if taken := session.scalar(select(names).where(names.in_(demo))):
        raise NotEmpty(f"« {taken} » exists already and is one of the demo's; demo data needs it")


@cache
def demo_sign_ins() -> list[tuple[str, Role, str]]:
    """Return (identifier, role, restaurant) of the demo data's customers and staff."""
    names = {row["code"]: row["name"] for row in read_rows("restaurants", "restaurant")}
    customers = [(row["email"], Role.CUSTOMER, "–") for row in read_rows("staff", "customer")]
    staff = [
        (row["identifier"], Role(row["role"]), names.get(row.get("restaurant"), "OC Pizza"))
        for row in read_rows("staff", "staff")
    ]
    return customers[:1] + staff


def demo_code(session: Session, account_id: int, now: datetime) -> str | None:
    """Return the code that opens an account of the demo beside its password; None of any other.

    Its key is in this program for everybody to read: one that somebody made is not told.
    """
    keys = {row["second_factor"] for row in read_rows("staff", "staff") if "second_factor" in row}
    factor = session.get(SecondFactor, account_id)
    return code_of(factor.key, step_at(now)) if factor and factor.key in keys else None


def demo_codes(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Return (identifier, code of this half minute) of the demo's accounts that ask for one."""
    known = select(Account.id, Account.identifier).join(SecondFactor)
    found = [(name, demo_code(session, id, now)) for id, name in session.execute(known)]
    return [(name, code) for name, code in found if name and code]


def read_rows(file: str, table: str) -> Rows:
    """Return the rows of a table in one of the demo's files."""
    text = (resources.files("ocpizza.demo") / f"{file}.toml").read_text(encoding="utf-8")
    rows: Rows = tomllib.loads(text).get(table, [])
    return rows


def _ingredients(session: Session, rows: Rows) -> dict[str, tuple[Ingredient, int, int]]:
    known = {}
    for row in rows:
        stock, alert = row.pop("stock"), row.pop("alert")
        allergens = [IngredientAllergen(allergen=code) for code in row.pop("allergens")]
        meats = [IngredientMeat(**_countries(meat)) for meat in row.pop("meats", [])]
        ingredient = Ingredient(allergens=allergens, meats=meats, **row)
        known[row["code"]] = (ingredient, stock, alert)
    session.add_all(ingredient for ingredient, _, _ in known.values())
    return known


def _countries(row: dict[str, Any]) -> dict[str, Any]:
    """Return a meat's columns; TOML has lists."""
    return {key: tuple(each) if isinstance(each, list) else each for key, each in row.items()}


def _products(
    session: Session, rows: Rows, ingredients: dict[str, Any], now: datetime
) -> dict[str, Product]:
    products = {}
    for position, row in enumerate(rows):
        sizes, composition, extras = row.pop("sizes"), row.pop("composition"), row.pop("extras")
        since = business_day(now) - timedelta(days=row.pop("days_on_menu", LONG_AGO))
        product = Product(position=position, on_menu_since=since, **row)
        product.sizes = [
            ProductSize(position=place, is_default=size.pop("default"), **size)
            for place, size in enumerate(sizes)
        ]
        product.composition = _links(Composition, composition, ingredients)
        product.extras = _links(ProductExtra, extras, ingredients)
        products[product.slug] = product
    session.add_all(products.values())
    return products


def _links(link: Any, rows: Rows, ingredients: dict[str, Any]) -> list[Any]:
    return [
        link(position=place, ingredient=ingredients[row.pop("ingredient")][0], **row)
        for place, row in enumerate(rows)
    ]


def _restaurants(
    session: Session, rows: Rows, products: dict[str, Product], ingredients: dict[str, Any]
) -> dict[str, tuple[Restaurant, dict[str, Any]]]:
    entities = {row["code"]: LegalEntity(**row) for row in read_rows("restaurants", "legal_entity")}
    session.add_all(entities.values())
    session.flush()
    restaurants = {}
    for row in rows:
        supply = {key: row.pop(key, None) for key in ("stock_factor_percent", "stock")}
        hidden, prices = row.pop("hidden", []), row.pop("prices", [])
        areas, hours = row.pop("delivery_postcodes"), row.pop("hours")
        meats = [_countries(meat) for meat in row.pop("meats", [])]
        restaurant = Restaurant(legal_entity=entities[row.pop("legal_entity")], **row)
        restaurant.delivery_areas = [DeliveryArea(postcode=postcode) for postcode in areas]
        restaurant.opening_hours = [
            OpeningHours(
                weekday=hour["weekday"],
                opens_minute=_minute(hour["opens"]),
                closes_minute=_minute(hour["closes"]),
            )
            for hour in hours
        ]
        session.add(restaurant)
        session.flush()
        session.add_all(_differences(restaurant.id, hidden, prices, products))
        for meat in meats:
            ingredient_id = ingredients[meat.pop("ingredient")][0].id
            session.add(
                RestaurantMeat(restaurant_id=restaurant.id, ingredient_id=ingredient_id, **meat)
            )
        restaurants[restaurant.code] = (restaurant, supply)
    return restaurants


def _differences(
    restaurant_id: int, hidden: list[str], prices: Rows, products: dict[str, Product]
) -> Iterable[HiddenProduct | RestaurantPrice]:
    for slug in hidden:
        yield HiddenProduct(restaurant_id=restaurant_id, product_id=products[slug].id)
    for row in prices:
        yield RestaurantPrice(
            restaurant_id=restaurant_id,
            product_size_id=_size(products, row["product"], row["size"]).id,
            price_cents=row["price_cents"],
        )


def _size(products: dict[str, Product], slug: str, code: str) -> ProductSize:
    return next(size for size in products[slug].sizes if size.code == code)


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _stock(
    session: Session,
    restaurants: dict[str, tuple[Restaurant, dict[str, Any]]],
    ingredients: dict[str, tuple[Ingredient, int, int]],
    now: datetime,
) -> None:
    for restaurant, supply in restaurants.values():
        factor, fixed = supply["stock_factor_percent"] or 100, supply["stock"] or {}
        quantities = {}
        for code, (ingredient, usual, alert) in ingredients.items():
            quantities[ingredient.id] = fixed.get(code, usual * factor // 100)
            session.add(
                Stock(
                    restaurant_id=restaurant.id, ingredient_id=ingredient.id, alert_quantity=alert
                )
            )
        session.flush()
        locked = lock_stock(session, restaurant.id, set(quantities))
        move_stock(session, restaurant.id, locked, quantities, Cause(Reason.OPENING, now))


def _staff(
    session: Session,
    restaurants: dict[str, tuple[Restaurant, Any]],
    password_hash: str,
    now: datetime,
) -> None:
    for row in read_rows("staff", "staff"):
        role, code = Role(row.pop("role")), row.pop("restaurant", None)
        key = row.pop("second_factor", None)
        account = Account(password_hash=password_hash, created_at=now, **row)
        restaurant_id = restaurants[code][0].id if code else None
        account.employee = Employee(role=role, restaurant_id=restaurant_id)
        session.add(account)
        if key:
            session.flush()
            session.add(SecondFactor(account_id=account.id, key=key, last_step=0, enrolled_at=now))


def _customers(session: Session, password_hash: str, now: datetime) -> None:
    for row in read_rows("staff", "customer"):
        address = {key: row.pop(key) for key in ("street", "postcode", "town")}
        account = Account(password_hash=password_hash, created_at=now, email_verified_at=now, **row)
        session.add(account)
        session.flush()
        session.add(AccountAddress(account_id=account.id, use=AddressUse.DELIVERY, **address))


def _promotions(
    session: Session,
    restaurants: dict[str, tuple[Restaurant, Any]],
    products: dict[str, Product],
) -> None:
    for row in read_rows("promotions", "promotion"):
        places, weekdays = row.pop("restaurants"), row.pop("weekdays")
        slug, size = row.pop("product", None), row.pop("size", None)
        promotion = Promotion(
            from_minute=_minute(row.pop("from_time")) if "from_time" in row else None,
            to_minute=_minute(row.pop("to_time")) if "to_time" in row else None,
            weekday_mask=sum(1 << weekday for weekday in weekdays) or 127,
            product_size_id=_size(products, slug, size).id if slug else None,
            **row,
        )
        promotion.restaurants = [
            PromotionRestaurant(restaurant_id=restaurants[code][0].id) for code in places
        ]
        session.add(promotion)
