"""UC4.1: what a driver does with their telephone."""

import pytest

from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.views.staff.map_links import map_link
from views.pages import form_of, notices, soup, words
from views.staff.test_boards import ROAD, TAKE, leave_with, numbers

ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"


def test_a_driver_leaves_with_what_they_checked(website, add_up):
    first, second, third = (website.order(Status.READY, minutes_ago=m) for m in (9, 5, 1))
    browser = website.staff("driver")
    assert numbers(browser.get(ROAD)) == [first.number, second.number, third.number]
    page = leave_with(browser, first, third)
    assert notices(page) == [f"Vous partez avec {first.number}, {third.number}."]
    assert numbers(page) == [first.number, third.number, second.number]
    assert website.look_at(second).status is Status.READY
    add_up(website.engine)


def test_leaving_with_nothing_says_what_to_do(website):
    website.order(Status.READY)
    page = leave_with(website.staff("driver"))
    assert notices(page) == ["Cochez les commandes que vous emportez."]


def test_orders_that_colleagues_took_are_named_and_the_others_taken(website, add_up):
    orders = [website.order(Status.READY, minutes_ago=minutes) for minutes in (9, 5, 1)]
    browser = website.staff("driver")
    form = form_of(browser.get(ROAD), TAKE)
    leave_with(website.staff("manager"), *orders[:2])
    for box in form.fields["order"]:
        box.checked = True
    page = form.submit(status=303).follow()
    taken, lost = notices(page)
    assert taken == f"Vous partez avec {orders[2].number}."
    named = f"{orders[0].number}, {orders[1].number}"
    assert lost == f"Trop tard, ces commandes ne sont plus à prendre : {named}."
    add_up(website.engine)


def test_a_manager_reads_who_carries_what(website):
    order = website.order(Status.READY)
    leave_with(website.staff("driver"), order)
    name = website.account("driver").full_name
    assert name in words(website.staff("manager").get(ROAD))
    header = soup(website.staff("driver").get(ROAD)).select_one("article header")
    assert name not in words(header.get_text())


def test_the_door_code_and_what_the_customer_said_stand_out(website):
    website.order(Status.READY, complement="3e étage, code 12B4", comment="Sonnez deux fois")
    page = soup(website.staff("driver").get(ROAD))
    assert words(page.select_one("strong.complement").get_text()) == "3e étage, code 12B4"
    assert words(page.select_one(".comment").get_text()) == "« Sonnez deux fois »"


@pytest.mark.parametrize(
    ("agent", "start"),
    [
        (ANDROID, "geo:0,0?q="),
        (IPHONE, "https://maps.apple.com/?daddr="),
        ("Mozilla/5.0 (X11; Linux x86_64)", "https://www.openstreetmap.org/search?query="),
        (None, "https://www.openstreetmap.org/search?query="),
    ],
)
def test_an_address_opens_the_map_of_the_telephone(agent, start):
    link = map_link("12 rue d’Été & Co, 75011 Paris", agent)
    assert link == f"{start}12%20rue%20d%E2%80%99%C3%89t%C3%A9%20%26%20Co%2C%2075011%20Paris"


def test_the_map_is_not_told_which_page_asks(website):
    website.order(Status.READY)
    page = website.staff("driver").get(ROAD, headers={"User-Agent": ANDROID})
    (link,) = soup(page).select("a[href^='geo:']:not(template *)")
    assert link["referrerpolicy"] == "no-referrer"


def test_every_means_of_payment_at_the_door_is_offered(website):
    order = website.order(Status.READY)
    page = leave_with(website.staff("driver"), order)
    offered = {radio["value"] for radio in soup(page).select("input[name=means]")}
    assert offered == {means for means in Means if means is not Means.ONLINE_CARD}


def test_a_driver_of_another_restaurant_takes_nothing_here(website):
    order = website.order(Status.READY)
    answer = website.staff("driver.city_002").post_form(TAKE, {"order": order.number})
    assert answer.status_int == 403
    assert website.look_at(order).status is Status.READY


def test_who_is_not_signed_in_takes_nothing(website, browser):
    order = website.order(Status.READY)
    answer = browser.post_form(TAKE, {"order": order.number})
    assert answer.location.endswith("/connexion")
    assert website.look_at(order).status is Status.READY


def test_a_page_of_orders_costs_no_more_for_more_of_them(website):
    browser = website.staff("driver")
    counts = []
    for _ in range(2):
        orders = [website.order(Status.READY) for _ in range(3)]
        leave_with(browser, *orders[:2])
        with website.counted() as statements:
            browser.get(ROAD)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 15
