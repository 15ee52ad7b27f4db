"""Context factories: what a URL is about, loaded or 404, with the restaurant that scopes rights."""

from dataclasses import dataclass
from datetime import datetime

from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound
from sqlalchemy import select

from ocpizza.domain.menu import Menu, MenuProduct
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.models.account import Account, AccountStatus, Employee, Role
from ocpizza.models.basket import Basket
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.product import Product
from ocpizza.models.promotion import Promotion
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.stock import Stock
from ocpizza.models.till import TillSession
from ocpizza.models.vat import Mode
from ocpizza.request import Request
from ocpizza.security.policy import Identity
from ocpizza.services.basket.begun import find_begun
from ocpizza.services.catalogue.managing import find_product
from ocpizza.services.catalogue.storefront import Storefront, storefront_by_slug
from ocpizza.services.order.queries import find_order, find_own_order, find_tracked
from ocpizza.services.promotion.queries import find_promotion, may_manage
from ocpizza.services.stock.queries import find_stock
from ocpizza.services.till.closed import find_closed


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One product of a restaurant's menu."""

    point: PointOfSale
    menu: Menu
    product: MenuProduct


@dataclass(frozen=True, slots=True)
class Group:
    """All restaurants together: for the group's managers alone."""

    of_group: bool = True
    restaurant: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company(Group):
    """Who sells at some of the restaurants."""

    entity: LegalEntity


@dataclass(frozen=True, slots=True)
class Workplace:
    """A restaurant as its staff see it; `restaurant_id` is what rights are checked against."""

    restaurant: Restaurant

    @property
    def restaurant_id(self) -> int:
        return self.restaurant.id


@dataclass(frozen=True, slots=True)
class StaffOrder(Workplace):
    """An order of the staff's restaurant."""

    order: Order

    def concerns(self, who: Identity) -> bool:
        """Return whether a colleague may look at it.

        A driver, at ready deliveries and their own.
        """
        if who.role is not Role.DRIVER or self.order.driver_id == who.account_id:
            return True
        return self.order.mode is Mode.DELIVERY and self.order.status is Status.READY


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """An order of the signed-in customer, whatever the restaurant."""

    order_id: int
    number: str


@dataclass(frozen=True, slots=True)
class BegunOrder(Workplace):
    """An order that the colleague who asks has begun for a customer; nothing of it may be kept
    yet.
    """

    token: str
    basket: Basket | None


@dataclass(frozen=True, slots=True)
class StaffPromotion(Workplace):
    """A promotion, from the page of a restaurant."""

    promotion: Promotion

    def managed_by(self, who: Identity) -> bool:
        """A restaurant's manager manages what holds there only, the group's manager all."""
        return may_manage(self.promotion, who.restaurant_id)


@dataclass(frozen=True, slots=True)
class StaffStock(Workplace):
    """What a restaurant has of an ingredient."""

    stock: Stock


@dataclass(frozen=True, slots=True)
class ClosedTill(Workplace):
    """A till of a restaurant that was closed, by the number of its report."""

    till: TillSession


@dataclass(frozen=True, slots=True)
class StaffProduct(Workplace):
    """A product of the group, sold there or not, from the page of a restaurant."""

    product: Product


@dataclass(frozen=True, slots=True)
class StaffIngredient(Workplace):
    """An ingredient of the group, from the page of a restaurant."""

    ingredient: Ingredient


@dataclass(frozen=True, slots=True)
class Colleague(Workplace):
    """A member of a restaurant's staff or, for the group's managers, one of them."""

    account: Account
    employee: Employee


@dataclass(frozen=True, slots=True)
class TrackedOrder:
    """An order reached by its secret link: enough to know whether it has changed."""

    order_id: int
    version: int
    status: Status
    placed_at: datetime


def restaurant_code(context: object) -> str | None:
    """Return the code of the restaurant that a context is about, if it holds it already."""
    match context:
        case Storefront() | ProductPage():
            return context.point.code
        case Workplace():
            return context.restaurant.code
    return None


def everywhere(request: Request) -> None:
    """Pages about nothing in particular."""
    return


def group(request: Request) -> Group:
    """Pages about the chain itself."""
    return Group()


def company(request: Request) -> Company:
    who = request.signed_in
    if who is None or not who.is_staff or who.restaurant_id is not None:
        raise HTTPForbidden
    entity = request.db.get(LegalEntity, int(request.matchdict["company"]))
    if entity is None:
        raise HTTPNotFound
    return Company(entity=entity)


def shop(request: Request) -> Storefront:
    found = storefront_by_slug(request.db, request.matchdict["restaurant"])
    if found is None:
        raise HTTPNotFound
    return found


def product_page(request: Request) -> ProductPage:
    found = shop(request)
    product = found.menu.assortment.by_slug.get(request.matchdict["product"])
    if product is None:
        raise HTTPNotFound
    return ProductPage(found.point, found.menu, product)


def own_account(request: Request) -> Account:
    """Return the account of whoever is signed in, locked while the request may change it.

    Before the basket, which pages lock last; rows that only name the account need not wait. Whoever
    was signed out while they waited for it, or has no account any more, is not let in.
    """
    if request.signed_in is None:
        raise HTTPForbidden
    mine = select(Account).where(Account.id == request.signed_in.account_id)
    if request.method == "POST":
        mine = mine.with_for_update(of=Account, key_share=True)
        mine = mine.execution_options(populate_existing=True)
    account = request.db.scalars(mine).one()
    version = request.signed_in.session_version
    if account.status is not AccountStatus.ACTIVE or account.session_version != version:
        request.signed_in = None
        raise HTTPForbidden
    return account


def own_order(request: Request) -> OwnOrder:
    """Return an order of whoever is signed in, by its number alone (B5)."""
    if request.signed_in is None:
        raise HTTPForbidden
    number = request.matchdict["number"]
    order = find_own_order(request.db, request.signed_in.account_id, number)
    if order is None:
        raise HTTPNotFound
    return OwnOrder(order.id, order.number)


def workplace(request: Request) -> Workplace:
    return Workplace(_restaurant_by_code(request))


def staff_order(request: Request) -> StaffOrder:
    return _staff_order(request, whole=False)


def whole_staff_order(request: Request) -> StaffOrder:
    """Return an order of a restaurant with all that its page shows."""
    return _staff_order(request, whole=True)


def _staff_order(request: Request, *, whole: bool) -> StaffOrder:
    restaurant = _restaurant_by_code(request)
    order = find_order(request.db, request.matchdict["number"], restaurant.id, whole=whole)
    if order is None:
        raise HTTPNotFound
    return StaffOrder(restaurant, order)


def begun_order(request: Request) -> BegunOrder:
    """Return what a colleague has begun, locked while the request may change it."""
    restaurant, token = _restaurant_by_code(request), request.matchdict["token"]
    if request.signed_in is None:
        raise HTTPForbidden
    mine, writes = request.signed_in.account_id, request.method == "POST"
    try:
        basket = find_begun(request.db, token, mine, restaurant.id, lock=writes)
    except LookupError:
        raise HTTPNotFound from None
    return BegunOrder(restaurant, token, basket)


def staff_promotion(request: Request) -> StaffPromotion:
    restaurant = _restaurant_by_code(request)
    promotion = find_promotion(request.db, int(request.matchdict["promotion"]))
    if promotion is None:
        raise HTTPNotFound
    return StaffPromotion(restaurant, promotion)


def staff_stock(request: Request) -> StaffStock:
    restaurant = _restaurant_by_code(request)
    stock = find_stock(request.db, restaurant.id, int(request.matchdict["ingredient"]))
    if stock is None:
        raise HTTPNotFound
    return StaffStock(restaurant, stock)


def closed_till(request: Request) -> ClosedTill:
    restaurant = _restaurant_by_code(request)
    till = find_closed(request.db, restaurant.id, int(request.matchdict["report"]))
    if till is None:
        raise HTTPNotFound
    return ClosedTill(restaurant, till)


def staff_product(request: Request) -> StaffProduct:
    restaurant = _restaurant_by_code(request)
    product = find_product(request.db, request.matchdict["product"])
    if product is None:
        raise HTTPNotFound
    return StaffProduct(restaurant, product)


def staff_ingredient(request: Request) -> StaffIngredient:
    restaurant = _restaurant_by_code(request)
    ingredient = request.db.get(Ingredient, int(request.matchdict["ingredient"]))
    if ingredient is None:
        raise HTTPNotFound
    return StaffIngredient(restaurant, ingredient)


def staff_colleague(request: Request) -> Colleague:
    """Return a colleague whom the restaurant's page shows: the group's managers to their own."""
    restaurant, id = _restaurant_by_code(request), int(request.matchdict["colleague"])
    account = request.db.get(Account, id)
    employee = account.employee if account else None
    everywhere = request.signed_in is not None and request.signed_in.restaurant_id is None
    known = {restaurant.id, None} if everywhere else {restaurant.id}
    if account is None or employee is None or employee.restaurant_id not in known:
        raise HTTPNotFound
    return Colleague(restaurant, account, employee)


def tracked_order(request: Request) -> TrackedOrder:
    found = find_tracked(request.db, request.matchdict["token"])
    if found is None:
        raise HTTPNotFound
    return TrackedOrder(*found)


def _restaurant_by_code(request: Request) -> Restaurant:
    if request.signed_in is None or not request.signed_in.is_staff:
        # Before anything is looked up: strangers must not learn which pages exist.
        raise HTTPForbidden
    code = request.matchdict["code"]
    restaurant = request.db.scalar(select(Restaurant).where(Restaurant.code == code))
    if restaurant is None:
        raise HTTPNotFound
    return restaurant
