"""Which restaurant a request is about: what its page shows decides, never what its visitor says."""

from sqlalchemy import select

from ocpizza.contexts import OwnOrder, TrackedOrder, restaurant_code
from ocpizza.models.order import Order
from ocpizza.models.restaurant import Restaurant
from ocpizza.overlay.release import COMMON
from ocpizza.request import Request

# Pages about the visitor's basket, and so about its restaurant.
BASKET_ROUTES = frozenset(
    {
        "basket",
        "basket_change",
        "basket_restore",
        "promotion_apply",
        "promotion_remove",
        "checkout",
        "change_details",
        "change_confirm",
        "change_give_up",
    }
)


def overlay_places(request: Request) -> tuple[str, ...]:
    """Return where components are looked for, the nearest first: a restaurant, then `common`."""
    overlay = request.registry["overlay"]
    code = restaurant_of(request) if overlay.release.restaurants else None
    found: tuple[str, ...] = overlay.places(code)
    return found


def restaurant_of(request: Request) -> str | None:
    """Return the code of the restaurant that the page is about, None of one about no restaurant.

    Found once a context: an error page, which must not ask the database, is about none.
    """
    if getattr(request, "exception", None) is not None:
        return None
    context = getattr(request, "context", None)
    known: tuple[object, str | None] | None = request.__dict__.get("_restaurant_of")
    if known is None or known[0] is not context:
        known = request.__dict__["_restaurant_of"] = (context, _find(request, context))
    return known[1]


def _find(request: Request, context: object) -> str | None:
    route = getattr(request, "matched_route", None)
    name = route.name if route else ""
    if code := restaurant_code(context):
        return code
    if isinstance(context, OwnOrder | TrackedOrder):
        return _code_of_order(request, context.order_id)
    if name in BASKET_ROUTES:
        return _code_of_basket(request)
    own: str | None = request.registry["overlay"].route_places.get(name)
    return None if own == COMMON else own


def _code_of_order(request: Request, order_id: int) -> str | None:
    order = select(Order.restaurant_id).where(Order.id == order_id).scalar_subquery()
    return request.db.scalar(select(Restaurant.code).where(Restaurant.id == order))


def _code_of_basket(request: Request) -> str | None:
    basket = request.basket
    if basket is None or basket.restaurant_id is None:
        return None
    return request.db.scalar(select(Restaurant.code).where(Restaurant.id == basket.restaurant_id))
