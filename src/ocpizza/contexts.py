"""What a URL is about, as views and rights see it; `restaurant_id` scopes rights."""

from dataclasses import dataclass
from datetime import datetime

from ocpizza.domain.expectation import Pace
from ocpizza.domain.menu import Menu, MenuProduct
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.models.account import Account, Employee, Role
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
from ocpizza.security.policy import Identity
from ocpizza.services.catalogue.storefront import Storefront
from ocpizza.services.promotion.queries import may_manage


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One product of a restaurant's menu, and whether it is a favourite of whoever looks."""

    point: PointOfSale
    menu: Menu
    product: MenuProduct
    favourite: bool = False


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
    number: str
    mode: Mode
    expected_at: datetime
    pace: Pace


def restaurant_code(context: object) -> str | None:
    """Return the code of the restaurant that a context is about, if it holds it already."""
    match context:
        case Storefront() | ProductPage():
            return context.point.code
        case Workplace():
            return context.restaurant.code
    return None
