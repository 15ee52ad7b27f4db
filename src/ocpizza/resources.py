"""Context factories: what a URL is about, loaded or 404, with the restaurant that scopes rights."""

from typing import cast

from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound
from sqlalchemy import bindparam, select

from ocpizza.contexts import (
    BegunOrder,
    ClosedTill,
    Colleague,
    Company,
    Group,
    OwnOrder,
    ProductPage,
    StaffIngredient,
    StaffOrder,
    StaffProduct,
    StaffPromotion,
    StaffStock,
    TrackedOrder,
    Workplace,
)
from ocpizza.domain.expectation import Pace
from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.restaurant import Restaurant
from ocpizza.request import Request
from ocpizza.services.basket.begun import find_begun
from ocpizza.services.catalogue.managing import find_product
from ocpizza.services.catalogue.storefront import Storefront, storefront_by_slug
from ocpizza.services.order.queries import find_order, find_own_order, find_tracked
from ocpizza.services.promotion.queries import find_promotion
from ocpizza.services.stock.queries import find_stock
from ocpizza.services.till.closed import find_closed

BY_CODE = select(Restaurant).where(Restaurant.code == bindparam("code"))
ROW_BY_CODE = select(*Restaurant.__table__.columns).where(Restaurant.code == bindparam("code"))


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
    # Whoever was signed out gets another session, which no post may before its token was compared.
    who = request.signed_in if request.method in ("GET", "HEAD") else None
    account_id = who.account_id if who else None
    found = storefront_by_slug(request.db, request.matchdict["restaurant"], account_id)
    if found is None:
        raise HTTPNotFound
    return found


def product_page(request: Request) -> ProductPage:
    found = shop(request)
    product = found.menu.assortment.by_slug.get(request.matchdict["product"])
    if product is None:
        raise HTTPNotFound
    return ProductPage(found.point, found.menu, product, product.id in found.favourites)


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


def board(request: Request) -> Workplace:
    """Return the same for the part of a page that changes, with its restaurant's row alone.

    Parts are asked for all the time, and want no more of a restaurant than its columns.
    """
    code = _code_for_staff(request)
    row = request.db.execute(ROW_BY_CODE, {"code": code}).one_or_none()
    if row is None:
        raise HTTPNotFound
    return Workplace(cast(Restaurant, row))


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
    return TrackedOrder(
        found.id,
        found.version,
        found.status,
        found.number,
        found.mode,
        found.expected_at,
        Pace(found.preparation_minutes, found.delivery_minutes),
    )


def _restaurant_by_code(request: Request) -> Restaurant:
    restaurant = request.db.scalar(BY_CODE, {"code": _code_for_staff(request)})
    if restaurant is None:
        raise HTTPNotFound
    return restaurant


def _code_for_staff(request: Request) -> str:
    if request.signed_in is None or not request.signed_in.is_staff:
        # Before anything is looked up: strangers must not learn which pages exist.
        raise HTTPForbidden
    code: str = request.matchdict["code"]
    return code
