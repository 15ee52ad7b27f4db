"""UC4.1: a driver leaves with several orders, each of which goes to one of them."""

from factories import NOON, author_of, make_branch, make_staff, order_of
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.order.take import take_orders


def test_a_driver_leaves_with_several_orders(session, pizzeria, add_up):
    orders = [order_of(session, pizzeria, status=Status.READY) for _ in "abc"]
    driver = author_of(make_staff(session, Role.DRIVER, pizzeria.restaurant))
    numbers = [order.number for order in orders[:2]]
    found = take_orders(session, pizzeria.restaurant.id, numbers, driver, NOON)
    assert (sorted(found.taken), found.lost) == (sorted(numbers), {})
    assert [order.driver_id for order in orders] == [driver.account_id] * 2 + [None]
    assert orders[2].status is Status.READY


def test_what_a_colleague_took_is_lost_and_the_rest_taken(session, pizzeria):
    here = pizzeria.restaurant
    orders = [order_of(session, pizzeria, status=Status.READY) for _ in "ab"]
    first, second = (author_of(make_staff(session, Role.DRIVER, here)) for _ in "ab")
    take_orders(session, here.id, [orders[0].number], first, NOON)
    session.flush()
    found = take_orders(session, here.id, [order.number for order in orders], second, NOON)
    assert found.taken == [orders[1].number]
    assert found.lost[orders[0].number].status is Status.OUT_FOR_DELIVERY
    assert orders[0].driver_id == first.account_id


def test_a_second_press_takes_nothing_from_the_first(session, pizzeria):
    order = order_of(session, pizzeria, status=Status.READY)
    driver = author_of(make_staff(session, Role.DRIVER, pizzeria.restaurant))
    for _ in range(2):
        found = take_orders(session, pizzeria.restaurant.id, [order.number], driver, NOON)
        session.flush()
        assert (found.taken, found.lost) == ([order.number], {})


def test_nothing_is_taken_that_waits_at_the_counter_or_elsewhere(session, pizzeria):
    branch = make_branch(session, pizzeria, code="city_002")
    counter = order_of(session, pizzeria, status=Status.READY, mode=Mode.TAKEAWAY)
    orders = [counter, order_of(session, branch, status=Status.READY)]
    driver = author_of(make_staff(session, Role.DRIVER, pizzeria.restaurant))
    numbers = [*(order.number for order in orders), "XXXX-XXXX"]
    found = take_orders(session, pizzeria.restaurant.id, numbers, driver, NOON)
    assert (found.taken, found.lost) == ([], {counter.number: None})
    assert {order.status for order in orders} == {Status.READY}
