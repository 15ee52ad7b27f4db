"""Which restaurant each page is about: a row for every route."""

from types import SimpleNamespace

import pytest

from ocpizza import resources as about
from ocpizza.overlay.places import BASKET_ROUTES, restaurant_of
from ocpizza.routes import ROUTES

# What the context of these says; `everywhere` and one's own account say nothing.
TELLING = {
    about.shop,
    about.product_page,
    about.own_order,
    about.tracked_order,
    about.board,
    about.workplace,
    about.staff_order,
    about.whole_staff_order,
    about.begun_order,
    about.staff_promotion,
    about.staff_stock,
    about.staff_product,
    about.staff_ingredient,
    about.staff_colleague,
    about.closed_till,
}
SILENT = {about.everywhere, about.own_account, about.group, about.company}
# About no restaurant, whatever is in the visitor's basket.
NOWHERE = {
    "home",
    "terms",
    "legal_notice",
    "privacy",
    "accessibility",
    "allergens_anywhere",
    "language",
    "picture",
    "photo",
    "find_order",
    "leave_order",
    "sign_in",
    "second_factor",
    "quick_switch",
    "sign_out",
    "provider_sign_in",
    "provider_return",
    "sign_up",
    "forgotten_password",
    "reset_password",
    "confirm_email",
    "account_orders",
    "staff",
    "staff_state",
    "group_comparison",
    "group_comparison_csv",
    "restaurant_new",
    "companies",
    "company_new",
    "company",
    "robots",
    "sitemap",
    "manifest",
    "favicon",
    "security_txt",
    "stripe_events",
    "health_live",
    "health_ready",
    "metrics",
}


@pytest.mark.parametrize(("name", "factory"), [(name, factory) for name, _, factory in ROUTES])
def test_it_is_known_of_every_page_whose_it_is(name, factory):
    assert factory in TELLING | SILENT
    known = [name in BASKET_ROUTES, name in NOWHERE, factory in TELLING]
    known.append(factory is about.own_account)
    assert known.count(True) == 1


def request(context: object, route: str, **more) -> SimpleNamespace:
    registry = {"overlay": SimpleNamespace(route_places={"city_001_page": "city_001"})}
    return SimpleNamespace(
        context=context,
        matched_route=SimpleNamespace(name=route),
        registry=registry,
        basket=SimpleNamespace(restaurant_id=7),
        db=SimpleNamespace(scalar=lambda _: "of the database"),
        **more,
    )


def shop(code: str) -> about.Storefront:
    return about.Storefront(SimpleNamespace(code=code), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("context", "route", "expected"),
    [
        (shop("city_002"), "menu", "city_002"),
        (shop("city_002"), "basket_add", "city_002"),
        (about.ProductPage(SimpleNamespace(code="city_002"), None, None), "product", "city_002"),
        (about.Workplace(SimpleNamespace(code="city_003")), "stock", "city_003"),
        (about.StaffOrder(SimpleNamespace(code="city_003"), None), "staff_order", "city_003"),
        (about.TrackedOrder(1, 1, None, "", None, None, None), "tracking", "of the database"),
        (about.OwnOrder(1, "x"), "repeat_order", "of the database"),
        (None, "basket", "of the database"),
        (None, "home", None),
        (object(), "account", None),
        (None, "city_001_page", "city_001"),
        (shop("city_002"), "city_001_page", "city_002"),
    ],
)
def test_the_page_decides(context, route, expected):
    assert restaurant_of(request(context, route)) == expected


def test_an_error_page_is_about_none_and_asks_nothing():
    failed = request(None, "basket", exception=ValueError())
    failed.db = None
    assert restaurant_of(failed) is None


def test_what_was_found_before_the_context_was_known_does_not_stay():
    asked = request(None, "menu")
    assert restaurant_of(asked) is None
    asked.context = shop("city_002")
    assert restaurant_of(asked) == "city_002"
