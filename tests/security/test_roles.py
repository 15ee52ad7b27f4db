"""Product.md's table « Who uses it »: every page and every button, for everybody."""

from urllib.parse import unquote

import pytest

from factories import author_of, make_promotion, turn_over_till
from ocpizza.models.account import Role
from ocpizza.models.order import TRANSITIONS, Order
from ocpizza.models.order_status import ENDED, Status
from ocpizza.models.vat import Mode
from ocpizza.pictures import ART_VERSION
from views.pages import designed, notices, place, words
from views.website import ELSEWHERE, HERE, SECOND_FACTOR

# in: sent to the sign-in page. `elsewhere` is each kind of staff of another restaurant.
# The last row signs out.
TABLE = """
route             method visitor customer cashier pizzaiolo driver manager direction elsewhere
home              GET    200     200      200     200       200    200     200       200
terms             GET    200     200      200     200       200    200     200       200
accessibility     GET    200     200      200     200       200    200     200       200
legal_notice      GET    200     200      200     200       200    200     200       200
privacy           GET    200     200      200     200       200    200     200       200
allergens_anywhere GET   200     200      200     200       200    200     200       200
allergens         GET    200     200      200     200       200    200     200       200
language          POST   400     400      400     400       400    400     400       400
menu              GET    200     200      200     200       200    200     200       200
product           GET    200     200      200     200       200    200     200       200
product           POST   422     422      422     422       422    422     422       422
product_choice    GET    200     200      200     200       200    200     200       200
picture           GET    200     200      200     200       200    200     200       200
photo             GET    404     404      404     404       404    404     404       404
basket            GET    200     200      200     200       200    200     200       200
basket_add        POST   303     303      303     303       303    303     303       303
basket_change     POST   303     303      303     303       303    303     303       303
basket_restore    POST   303     303      303     303       303    303     303       303
promotion_apply   POST   303     303      303     303       303    303     303       303
promotion_remove  POST   303     303      303     303       303    303     303       303
checkout          GET    303     303      303     303       303    303     303       303
checkout          POST   303     303      303     303       303    303     303       303
pay_order         GET    303     303      303     303       303    303     303       303
pay_return        POST   303     303      303     303       303    303     303       303
pay_on_delivery   POST   303     303      303     303       303    303     303       303
pay_give_up       POST   303     303      303     303       303    303     303       303
stripe_events     POST   404     404      404     404       404    404     404       404
find_order        GET    200     200      200     200       200    200     200       200
find_order        POST   422     422      422     422       422    422     422       422
tracking          GET    200     200      200     200       200    200     200       200
tracking_state    GET    200     200      200     200       200    200     200       200
summary_pdf       GET    200     200      200     200       200    200     200       200
change_order      POST   303     303      303     303       303    303     303       303
change_details    GET    303     303      303     303       303    303     303       303
change_details    POST   303     303      303     303       303    303     303       303
change_confirm    GET    303     303      303     303       303    303     303       303
change_confirm    POST   303     303      303     303       303    303     303       303
leave_order       POST   303     303      303     303       303    303     303       303
change_give_up    POST   303     303      303     303       303    303     303       303
cancel_order      GET    303     303      303     303       303    303     303       303
cancel_order      POST   303     303      303     303       303    303     303       303
erase_order       GET    303     303      303     303       303    303     303       303
erase_order       POST   303     303      303     303       303    303     303       303
repeat_tracked    POST   303     303      303     303       303    303     303       303
sign_in           GET    200     200      200     200       200    200     200       200
sign_in           POST   422     422      422     422       422    422     422       422
quick_switch      POST   422     422      422     422       422    422     422       422
second_factor     GET    303     303      303     303       303    303     303       303
second_factor     POST   303     303      303     303       303    303     303       303
sign_out          POST   303     303      303     303       303    303     303       303
provider_sign_in  POST   303     303      303     303       303    303     303       303
provider_return   GET    303     303      303     303       303    303     303       303
sign_up           GET    200     200      200     200       200    200     200       200
sign_up           POST   422     422      422     422       422    422     422       422
forgotten_password GET   200     200      200     200       200    200     200       200
forgotten_password POST  422     422      422     422       422    422     422       422
reset_password    GET    410     410      410     410       410    410     410       410
reset_password    POST   422     422      422     422       422    422     422       422
confirm_email     GET    410     410      410     410       410    410     410       410
confirm_email     POST   410     410      410     410       410    410     410       410
account           GET    in      200      200     200       200    200     200       200
account_orders    GET    in      200      200     200       200    200     200       200
repeat_order      POST   in      404      404     404       404    404     404       404
account_data      GET    in      200      200     200       200    200     200       200
account_data      POST   in      422      422     422       422    422     422       422
account_download  GET    in      200      200     200       200    200     200       200
account_keep      POST   in      303      303     303       303    303     303       303
account_profile   GET    in      200      200     200       200    200     200       200
account_profile   POST   in      422      422     422       422    422     422       422
account_password  GET    in      200      200     200       200    200     200       200
account_password  POST   in      422      422     422       422    422     422       422
account_second_factor GET in     403      200     200       200    200     200       200
account_second_factor_begin POST in 403   303     303       303    303     303       303
account_second_factor_remove POST in 403  303     303       303    303     303       303
account_recovery_codes POST in   403      303     303       303    303     200       303
account_email     GET    in      200      200     200       200    200     200       200
account_email     POST   in      422      422     422       422    422     422       422
account_sign_in_ways GET in      200      200     200       200    200     200       200
account_link      POST   in      303      303     303       303    303     303       303
account_proof     GET    in      200      200     200       200    200     200       200
account_proof     POST   in      422      422     422       422    422     422       422
account_proof_provider POST in   303      303     303       303    303     303       303
account_cards     GET    in      200      200     200       200    200     200       200
account_favourite POST in      303      303     303       303    303     303       303
account_card_remove POST in      303      303     303       303    303     303       303
account_unlink    POST   in      303      303     303       303    303     303       303
account_email_link POST  in      303      303     303       303    303     303       303
staff             GET    in      403      303     303       303    303     200       303
staff_state       GET    bare    403      403     403       403    403     200       403
overview          GET    in      403      403     403       403    200     200       403
overview_state    GET    bare    403      403     403       403    200     200       403
restaurant_new    GET    in      403      403     403       403    403     200       403
restaurant_new    POST   in      403      403     403       403    403     422       403
companies         GET    in      403      403     403       403    403     200       403
company_new       GET    in      403      403     403       403    403     200       403
company_new       POST   in      403      403     403       403    403     422       403
company           GET    in      403      403     403       403    403     200       403
company           POST   in      403      403     403       403    403     422       403
device            GET    in      403      200     200       200    200     200       200
device            POST   in      403      422     422       422    422     422       422
device_code       POST   in      403      422     422       422    422     303       422
device_code_remove POST  in      403      303     303       303    303     303       303
kitchen           GET    in      403      403     200       403    200     200       403
kitchen_state     GET    bare    403      403     200       403    200     200       403
pause             POST   in      403      403     422       403    422     422       403
resume            POST   in      403      403     303       403    303     303       403
deliveries        GET    in      403      403     403       200    200     200       403
deliveries_state  GET    bare    403      403     403       200    200     200       403
deliveries_take   POST   in      403      403     403       303    303     303       403
deliveries_tap    POST   in      403      403     403       422    422     422       403
deliveries_copy   GET    in      403      403     403       200    200     200       403
deliveries_manifest GET  in      403      403     403       200    200     200       403
deliveries_worker GET    in      403      403     403       200    200     200       403
till              GET    in      403      200     403       403    200     200       403
till_session      GET    in      403      200     403       403    200     200       403
till_session      POST   in      403      422     403       403    422     422       403
till_movement     POST   in      403      422     403       403    422     422       403
till_driver       POST   in      403      422     403       403    422     422       403
till_close        GET    in      403      200     403       403    200     200       403
till_close        POST   in      403      422     403       403    422     422       403
till_x            GET    in      403      200     403       403    200     200       403
till_x_pdf        GET    in      403      200     403       403    200     200       403
till_x_csv        GET    in      403      200     403       403    200     200       403
till_reports      GET    in      403      200     403       403    200     200       403
till_report       GET    in      403      200     403       403    200     200       403
till_report_pdf   GET    in      403      200     403       403    200     200       403
till_report_csv   GET    in      403      200     403       403    200     200       403
till_order        GET    in      403      200     403       403    200     200       403
till_order        POST   in      403      303     403       403    303     303       403
till_add          POST   in      403      303     403       403    303     303       403
till_line         POST   in      403      303     403       403    303     303       403
till_product      GET    in      403      200     403       403    200     200       403
till_product      POST   in      403      422     403       403    422     422       403
till_caller       POST   in      403      303     403       403    303     303       403
till_promotion    POST   in      403      303     403       403    303     303       403
till_place        POST   in      403      422     403       403    422     422       403
till_give_up      POST   in      403      303     403       403    303     303       403
handovers         GET    in      403      200     403       403    200     200       403
handovers_state   GET    bare    403      200     403       403    200     200       403
feasible          GET    in      403      403     200       403    200     200       403
recipes           GET    in      403      403     200       403    200     200       403
recipe            GET    in      403      403     200       403    200     200       403
products          GET    in      403      403     403       403    200     200       403
staff_product     GET    in      403      403     403       403    200     200       403
product_new       GET    in      403      403     403       403    200     200       403
product_new       POST   in      403      403     403       403    422     422       403
product_edit      GET    in      403      403     403       403    403     200       403
product_edit      POST   in      403      403     403       403    403     422       403
product_recipe    GET    in      403      403     403       403    403     200       403
product_recipe    POST   in      403      403     403       403    403     422       403
product_extras    GET    in      403      403     403       403    403     200       403
product_extras    POST   in      403      403     403       403    403     200       403
product_prices    GET    in      403      403     403       403    200     200       403
product_prices    POST   in      403      403     403       403    422     422       403
product_price_drop POST  in      403      403     403       403    303     303       403
product_price_call_off POST in   403      403     403       403    303     303       403
product_photo     GET    in      403      403     403       403    403     200       403
product_photo     POST   in      403      403     403       403    403     422       403
product_photo_remove POST in     403      403     403       403    403     303       403
product_sell      POST   in      403      403     403       403    303     303       403
unit_costs        GET    in      403      403     403       403    200     200       403
unit_cost         GET    in      403      403     403       403    403     200       403
unit_cost         POST   in      403      403     403       403    403     303       403
alcohol_sale      GET    in      403      403     403       403    200     200       403
alcohol_sale      POST   in      403      403     403       403    422     422       403
meats             GET    in      403      403     403       403    200     200       403
meat              GET    in      403      403     403       403    403     200       403
meat              POST   in      403      403     403       403    403     303       403
meat_here         GET    in      403      403     403       403    200     200       403
meat_here         POST   in      403      403     403       403    422     422       403
stock             GET    in      403      403     200       403    200     200       403
stock_ingredient  GET    in      403      403     200       403    200     200       403
stock_ingredient  POST   in      403      403     403       403    422     422       403
orders            GET    in      403      403     403       403    200     200       403
orders_csv        GET    in      403      403     403       403    200     200       403
stock_threshold   GET    in      403      403     403       403    200     200       403
stock_threshold   POST   in      403      403     403       403    422     422       403
stock_delivery    GET    in      403      403     403       403    200     200       403
stock_delivery    POST   in      403      403     403       403    422     422       403
stock_count       GET    in      403      403     403       403    200     200       403
stock_count_differences GET in   403      403     403       403    303     303       403
stock_count_differences POST in  403      403     403       403    303     303       403
stock_count_give_up POST in      403      403     403       403    303     303       403
stock_count_ingredient GET in    403      403     403       403    303     303       403
stock_count_ingredient POST in   403      403     403       403    303     303       403
stock_count       POST   in      403      403     403       403    303     303       403
stock_sold_out    POST   in      403      403     303       403    303     303       403
stock_sold_out_undo POST in      403      403     303       403    303     303       403
group_comparison  GET    in      403      403     403       403    403     200       403
group_comparison_csv GET in      403      403     403       403    403     200       403
comparison        GET    in      403      403     403       403    200     200       403
comparison_csv    GET    in      403      403     403       403    200     200       403
sales             GET    in      403      403     403       403    200     200       403
sales_csv         GET    in      403      403     403       403    200     200       403
promotions        GET    in      403      403     403       403    200     200       403
promotion_new     GET    in      403      403     403       403    200     200       403
promotion_new     POST   in      403      403     403       403    422     422       403
promotion_edit    GET    in      403      403     403       403    200     200       403
promotion_edit    POST   in      403      403     403       403    422     422       403
promotion_switch  POST   in      403      403     403       403    303     303       403
promotion_delete  POST   in      403      403     403       403    303     303       403
restaurant        GET    in      403      403     403       403    200     200       403
opening_hours     GET    in      403      403     403       403    200     200       403
opening_hours     POST   in      403      403     403       403    422     422       403
exceptional_days  GET    in      403      403     403       403    200     200       403
exceptional_days  POST   in      403      403     403       403    422     422       403
exceptional_days_remove POST in  403      403     403       403    303     303       403
restaurant_details GET   in      403      403     403       403    200     200       403
restaurant_details POST  in      403      403     403       403    422     422       403
people            GET    in      403      403     403       403    200     200       403
colleague_new     GET    in      403      403     403       403    200     200       403
colleague_new     POST   in      403      403     403       403    422     422       403
colleague         GET    in      403      403     403       403    200     200       403
colleague         POST   in      403      403     403       403    422     422       403
colleague_password POST  in      403      403     403       403    303     303       403
colleague_second_factor POST in  403      403     403       403    303     303       403
colleague_switch  POST   in      403      403     403       403    303     303       403
colleague_delete  GET    in      403      403     403       403    200     200       403
colleague_delete  POST   in      403      403     403       403    303     303       403
trail             GET    in      403      403     403       403    200     200       403
staff_order       GET    in      403      200     200       200    200     200       403
staff_summary_pdf GET    in      403      200     200       200    200     200       403
kitchen_ticket    GET    in      403      200     200       200    200     200       403
customer_ticket   GET    in      403      200     200       200    200     200       403
staff_change_order POST  in      403      303     403       403    303     303       403
staff_cancel_order GET   in      403      303     403       403    303     303       403
staff_cancel_order POST  in      403      303     403       403    303     303       403
undelivered_order GET    in      403      403     403       403    200     200       403
undelivered_order POST   in      403      403     403       403    422     422       403
nobody_there      POST   in      403      403     403       303    303     303       403
confirm_order     POST   in      403      303     403       403    303     303       403
till_payment      GET    in      403      200     403       403    200     200       403
till_payment      POST   in      403      422     403       403    422     422       403
give_back         POST   in      403      303     403       403    303     303       403
refund_order      GET    in      403      403     403       403    303     303       403
refund_order      POST   in      403      403     403       403    303     303       403
advance_order     POST   in      403      303     303       303    303     303       403
undo_step         POST   in      403      303     303       303    303     303       403
security_txt      GET    404     404      404     404       404    404     404       404
robots            GET    200     200      200     200       200    200     200       200
sitemap           GET    200     200      200     200       200    200     200       200
manifest          GET    200     200      200     200       200    200     200       200
favicon           GET    200     200      200     200       200    200     200       200
health_live       GET    200     200      200     200       200    200     200       200
health_ready      GET    200     200      200     200       200    200     200       200
sign_out_everywhere POST in      303      303     303       303    303     303       303
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
PAGES = [tuple(row[:2]) for row in ROWS]
JOBS = ("cashier", "pizzaiolo", "driver", "manager")
EVERYBODY = (*HEAD[2:-1], *(f"{job}.{ELSEWHERE}" for job in JOBS))
NEXT = {"before": "ready", "after": "out_for_delivery"}
IMPOSSIBLE = [
    (Status.TO_PREPARE, Status.READY),
    (Status.TO_PREPARE, Status.DELIVERED),
    (Status.READY, Status.PREPARING),
    (Status.READY, Status.READY),
    (Status.OUT_FOR_DELIVERY, Status.READY),
]


def column(who: str) -> list[str]:
    place = HEAD.index("elsewhere" if who.endswith(ELSEWHERE) else who)
    return [row[place] for row in ROWS]


def path_of(website, route: str, order: Order) -> str:
    parts = {
        "restaurant": "city-001",
        "product": "margherita",
        "version": str(ART_VERSION),
        "kind": "pizza",
        "codes": "mozzarella",
        "size": "carte",
        "digest": "d" * 32,
        "token": order.tracking_token,
        "code": HERE,
        "number": order.number,
        "provider": "google",
        "promotion": "1",
        "colleague": str(website.account("cashier").id),
        "ingredient": "1",
        "company": "1",
        "report": "1",
        "line": "1",
    }
    return website.application.routes_mapper.get_route(route).generate(parts)


def outcome(website, who: str, route: str, method: str, order: Order) -> str:
    browser = website.browser() if who == "visitor" else website.staff(who)
    path = path_of(website, route, order)
    if method == "POST":
        fields = NEXT if route == "advance_order" else {}
        answer = browser.post_form(path, fields)
    else:
        answer = browser.get(path, expect_errors=True)
    if answer.status_int == 403 and not answer.body:
        return "bare"  # the page around it loads anew, and leads to signing in
    if answer.status_int == 403:
        assert designed(answer)
        assert "Accès refusé" in words(answer)
    leaves = answer.status_int == 303 and not route.startswith(("provider_", "second_factor"))
    if leaves and place(answer).startswith("/connexion") and place(answer) != SECOND_FACTOR:
        led = unquote(place(answer).partition("?suite=")[2])
        if method == "POST" and led:
            # To where the form is: whose page it was finds there what they had typed.
            assert path.startswith(led.removesuffix("?reprise=1"))
        else:
            assert led == ("" if method == "POST" else path)
        return "in"
    return str(answer.status_int)


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_gets_the_pages_of_their_row_and_no_other(website, who):
    found = {}
    order = website.order(Status.READY)
    with website.session() as session:
        cashier = author_of(session.merge(website.account("cashier")))
        make_promotion(session, at=[website.pizzeria.restaurant])
        turn_over_till(session, website.pizzeria.restaurant, cashier)
    for route, method in PAGES:
        found[route, method] = outcome(website, who, route, method, order)
    assert found == dict(zip(PAGES, column(who), strict=True))


def test_every_view_has_a_row_in_the_table(website):
    views = [
        each["introspectable"]
        for each in website.application.registry.introspector.get_category("views")
    ]
    ours = [view for view in views if view["route_name"] and "__static" not in view["route_name"]]
    methods = {"advance_order": "POST"}
    pages = {
        (view["route_name"], view["request_methods"] or methods.get(view["route_name"], "GET"))
        for view in ours
    }
    assert pages == set(PAGES)


def test_every_route_leads_to_a_view(website):
    routes = {route.name for route in website.application.routes_mapper.get_routes()}
    routes = {name for name in routes if "static" not in name}
    assert routes == {route for route, _method in PAGES}


def test_the_figures_are_shown_to_nobody_who_comes_as_visitors_do(website, browser):
    """They are no page of the shop (`metrics.page`): there is no route, and no right to it."""
    for visitor in (browser, *(website.staff(who) for who in EVERYBODY[1:])):
        answer = visitor.get("/metrics", status=404)
        assert designed(answer)


@pytest.mark.parametrize("mode", [Mode.DELIVERY, Mode.TAKEAWAY])
@pytest.mark.parametrize("who", [*JOBS, "direction"])
def test_each_role_advances_orders_as_the_transitions_say(website, who, mode):
    browser, role = website.staff(who), website.account(who)
    waiting: dict[Status, Order] = {}
    found, expected = {}, {}
    for before, after in [*TRANSITIONS, *IMPOSSIBLE]:
        if before is Status.AWAITING_PAYMENT:
            continue
        order = waiting.get(before) or order_in(website, before, mode, role.id)
        waiting[before] = order
        path = path_of(website, "advance_order", order)
        browser.post_form(path, {"before": before, "after": after})
        found[before, after] = website.look_at(order).status is after
        if found[before, after]:
            del waiting[before]
        actors = TRANSITIONS.get((before, after), {}).get(mode, ())
        job = Role.MANAGER if who == "direction" else Role(who)
        expected[before, after] = job in actors and (after not in ENDED or after == "delivered")
    expected[Status.READY, Status.READY] = found[Status.READY, Status.READY]
    assert found == expected


def order_in(website, status: Status, mode: Mode, driver_id: int) -> Order:
    """An order set to a status by force, on its way with this driver if it is on its way."""
    order = website.order(mode=mode)
    with website.session() as session:
        order = session.get_one(Order, order.id)
        order.status = status
        order.driver_id = driver_id if status is Status.OUT_FOR_DELIVERY else None
    return order


def test_a_cancellation_sent_as_a_status_takes_nothing_from_the_order(website, add_up):
    order = website.order()
    answer = website.staff("manager").post_form(
        path_of(website, "advance_order", order), {"before": "to_prepare", "after": "cancelled"}
    )
    assert answer.status_int == 400
    assert designed(answer)
    add_up(website.engine)


def test_a_signed_out_tap_leads_to_the_sign_in_page_and_changes_nothing(website, browser):
    order = website.order(Status.READY)
    answer = browser.post_form(path_of(website, "advance_order", order), NEXT)
    assert answer.status_int == 303
    assert place(answer) == "/connexion"
    assert website.look_at(order).status is Status.READY


def test_a_driver_sees_ready_deliveries_and_their_own_only(website):
    driver, me = website.staff("driver"), website.account("driver")
    seen = {
        "ready": website.order(Status.READY),
        "in the kitchen": website.order(Status.PREPARING),
        "at the counter": website.order(Status.READY, mode=Mode.TAKEAWAY),
        "a colleague's": website.order(Status.OUT_FOR_DELIVERY),
        "their own": order_in(website, Status.OUT_FOR_DELIVERY, Mode.DELIVERY, me.id),
    }
    found = {
        which: driver.get(path_of(website, "staff_order", order), expect_errors=True).status_int
        for which, order in seen.items()
    }
    assert found == dict.fromkeys(seen, 403) | {"ready": 200, "their own": 200}


def test_a_driver_cannot_collect_for_a_delivery_of_their_colleague(website, add_up):
    order = website.order(Status.OUT_FOR_DELIVERY)
    fields = {"before": "out_for_delivery", "after": "delivered", "board": "deliveries"}
    answer = website.staff("driver").post_form(path_of(website, "advance_order", order), fields)
    assert "Ce changement de statut ne vous est pas ouvert." in notices(answer.follow())
    assert website.look_at(order).status is Status.OUT_FOR_DELIVERY
    add_up(website.engine)
