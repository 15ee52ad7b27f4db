"""Every address with every method: what it is not made for is refused, and says what it is for."""

import pytest

from ocpizza.routes import ROUTES
from views.pages import designed

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
PARTS = {
    "restaurant": "city-001",
    "product": "margherita",
    "version": "1",
    "kind": "pizza",
    "codes": "mozzarella",
    "token": "t" * 43,
    "code": "city_001",
    "number": "ABCD-2345",
    "provider": "google",
    "promotion": "1",
    "ingredient": "1",
    "company": "1",
    "report": "1",
    "line": "1",
    "colleague": "1",
    "size": "carte",
    "digest": "d" * 32,
}
# What a page is made for beside being read.
BOTH = {
    "checkout find_order change_details change_confirm cancel_order",
    "erase_order sign_in second_factor sign_up forgotten_password reset_password confirm_email",
    "device",
    "account_data account_profile account_password account_email promotion_new promotion_edit",
    "till_order till_product till_session till_close stock_ingredient",
    "stock_count stock_count_ingredient stock_count_differences stock_threshold stock_delivery",
    "colleague_new colleague colleague_delete",
    "opening_hours restaurant_details till_payment product_new product_edit",
    "product_recipe product_extras product_prices product_photo unit_cost",
    "meat meat_here alcohol_sale",
    "exceptional_days restaurant_new company company_new",
    "undelivered_order staff_cancel_order refund_order product account_proof",
}
SENT = {
    "till_movement till_driver",
    "till_add till_line till_caller till_promotion till_place till_give_up pause resume",
    "stock_count_give_up stock_sold_out stock_sold_out_undo",
    "language basket_add basket_change basket_restore promotion_apply promotion_remove pay_return",
    "pay_on_delivery pay_give_up leave_order change_order change_give_up sign_out provider_sign_in",
    "repeat_order repeat_tracked account_email_link account_link account_unlink",
    "sign_out_everywhere",
    "account_card_remove account_keep promotion_switch promotion_delete staff_change_order",
    "account_favourite",
    "nobody_there deliveries_take deliveries_tap",
    "advance_order undo_step confirm_order stripe_events",
    "account_proof_provider give_back",
    "quick_switch device_code device_code_remove",
    "account_second_factor_begin account_second_factor_remove account_recovery_codes",
    "colleague_password colleague_second_factor colleague_switch",
    "product_price_drop product_price_call_off product_photo_remove product_sell",
    "exceptional_days_remove",
}


def names(lines: set[str]) -> set[str]:
    return {name for line in lines for name in line.split()}


def made_for(route: str) -> set[str]:
    if route in names(SENT):
        return {"POST"}
    return {"GET", "HEAD", "POST"} if route in names(BOTH) else {"GET", "HEAD"}


@pytest.mark.parametrize("route", [name for name, _pattern, _factory in ROUTES])
def test_a_wrong_method_is_told_the_right_ones(website, browser, route):
    path = website.application.routes_mapper.get_route(route).generate(PARTS)
    for method in METHODS:
        answer = browser.request(path, method=method, expect_errors=True)
        right = method in made_for(route)
        assert (answer.status_int == 405) is not right, method
        if not right:
            assert set(answer.headers["Allow"].split(", ")) == made_for(route)
            assert method == "HEAD" or designed(answer)


def test_static_files_are_read_only(browser):
    page = browser.get("/")
    path = page.html.select_one("link[rel=stylesheet]")["href"]
    assert browser.head(path).status_int == 200
    assert browser.post(path, expect_errors=True).headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path", ["/", "/pizzeria/city-001", "/panier", "/suivi", "/connexion", "/health/ready"]
)
def test_head_is_get_without_the_page(browser, path):
    read, looked_at = browser.get(path), browser.head(path)
    assert looked_at.status_int == read.status_int == 200
    assert looked_at.headers["Content-Type"] == read.headers["Content-Type"]
    assert looked_at.body == b""


def test_who_may_what_is_not_asked_for_a_wrong_method(website):
    answer = website.browser().put("/equipe/city_001/stock", expect_errors=True)
    assert answer.status_int == 405
