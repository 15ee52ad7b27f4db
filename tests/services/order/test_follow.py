"""UC6.1: every order of a restaurant, of a period, a page at a time."""

from datetime import timedelta

import pytest

from databases import counted_statements
from factories import NOON, make_branch, order_of
from ocpizza.domain.hours import business_day
from ocpizza.domain.order_search import Sought
from ocpizza.models.order import Source
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.order import follow
from ocpizza.services.order.boards import Workload, workloads
from ocpizza.services.order.follow import Filter, every_order, follow_orders

TODAY = business_day(NOON)
DAY = timedelta(days=1)


def wanted(**what) -> Filter:
    return Filter(**{"first": TODAY, "last": TODAY} | what)


def followed(session, pizzeria, **what):
    return list(every_order(session, pizzeria.restaurant.id, wanted(**what)))


def test_the_newest_comes_first_whatever_its_status(session, pizzeria):
    statuses = (Status.DELIVERED, Status.TO_PREPARE, Status.READY)
    placed = [
        order_of(session, pizzeria, now=NOON + timedelta(minutes=n), status=status)
        for n, status in enumerate(statuses)
    ]
    assert followed(session, pizzeria) == placed[::-1]


def test_another_restaurants_and_another_days_are_not_there(session, pizzeria):
    order_of(session, make_branch(session, pizzeria, code="city_002"))
    order_of(session, pizzeria, now=NOON - DAY)
    own = order_of(session, pizzeria)
    assert followed(session, pizzeria) == [own]
    assert len(followed(session, pizzeria, first=TODAY - DAY)) == 2


def test_a_night_belongs_to_the_day_before(session, pizzeria):
    late = order_of(session, pizzeria, now=NOON)
    late.placed_at, late.business_day = NOON + timedelta(hours=13), TODAY
    assert followed(session, pizzeria) == [late]


@pytest.mark.parametrize(
    "what",
    [
        {"status": Status.READY},
        {"mode": Mode.TAKEAWAY},
        {"source": Source.PHONE},
        {"sought": Sought.of("LEFEVRE")},
    ],
)
def test_each_filter_leaves_the_one_that_is_meant(session, pizzeria, what):
    order_of(session, pizzeria)
    meant = order_of(
        session,
        pizzeria,
        mode=Mode.TAKEAWAY,
        status=Status.READY,
        contact_name="Marc Lefèvre",
    )
    meant.source = Source.PHONE
    assert followed(session, pizzeria, **what) == [meant]


def test_pages_follow_each_other_without_gap_or_repetition(session, pizzeria, monkeypatch):
    monkeypatch.setattr(follow, "PAGE", 2)
    placed = [order_of(session, pizzeria, now=NOON - n * DAY) for n in range(5)]
    asked = wanted(first=TODAY - 9 * DAY)
    seen, before = [], ""
    while True:
        page = follow_orders(session, pizzeria.restaurant.id, asked, before)
        seen += page.orders
        if not page.older:
            break
        before = page.orders[-1].number
    assert seen == placed


def test_orders_of_one_instant_are_paged_too(session, pizzeria, monkeypatch):
    monkeypatch.setattr(follow, "PAGE", 1)
    placed = [order_of(session, pizzeria) for _ in range(3)]
    seen, before = [], ""
    for _ in placed:
        page = follow_orders(session, pizzeria.restaurant.id, wanted(), before)
        seen += page.orders
        before = page.orders[-1].number
    assert seen == placed[::-1]


def test_who_is_sought_is_found_beyond_a_block(session, pizzeria, monkeypatch):
    monkeypatch.setattr(follow, "BLOCK", 2)
    rare = order_of(session, pizzeria, contact_name="Rare", now=NOON - 5 * DAY)
    for n in range(4):
        order_of(session, pizzeria, now=NOON - n * DAY)
    found = followed(session, pizzeria, first=TODAY - 9 * DAY, sought=Sought.of("rare"))
    assert found == [rare]


def test_a_number_that_is_none_of_this_restaurant_leads_to_the_newest(session, pizzeria):
    other = order_of(session, make_branch(session, pizzeria, code="city_002"))
    own = order_of(session, pizzeria)
    for before in (other.number, "XXXX-XXXX"):
        page = follow_orders(session, pizzeria.restaurant.id, wanted(), before)
        assert list(page.orders) == [own]


def test_a_page_is_one_statement(session, pizzeria):
    for _ in range(3):
        order_of(session, pizzeria)
    session.flush()
    session.expire_all()
    own = pizzeria.restaurant.id
    with counted_statements(session.connection()) as statements:
        page = follow_orders(session, own, wanted())
        assert [order.total_cents for order in page.orders]
    assert len(statements) == 1


def test_an_order_is_late_once_its_time_is_over_and_only_while_somebody_waits(session, pizzeria):
    order = order_of(session, pizzeria)
    after = order.expected_at + timedelta(seconds=1)
    assert not order.is_late(order.expected_at)
    assert order.is_late(after)
    order.status = Status.DELIVERED
    assert not order.is_late(after)


def test_the_workload_of_each_restaurant_is_told(session, pizzeria):
    branch, idle = (make_branch(session, pizzeria, code=f"city_00{n}") for n in (2, 3))
    order = order_of(session, pizzeria)
    order_of(session, pizzeria, now=NOON + timedelta(hours=1))
    order_of(session, pizzeria, status=Status.DELIVERED)
    order_of(session, branch, now=NOON + timedelta(hours=1))
    session.flush()
    told = workloads(session, order.expected_at + timedelta(seconds=1))
    assert told[pizzeria.restaurant.id] == Workload(under_way=2, late=1)
    assert told[branch.restaurant.id] == Workload(under_way=1, late=0)
    assert idle.restaurant.id not in told
