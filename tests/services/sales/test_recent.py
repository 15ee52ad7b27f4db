"""What was sold in the last weeks is counted, whatever was sold before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, make_branch, make_pizzeria, order_of
from ocpizza.models.catalogue_state import CatalogueState
from ocpizza.models.order_status import Status
from ocpizza.models.recent_sale import RecentSale
from ocpizza.services.sales.recent import count_recent_sales

DAY = timedelta(days=1)
TOMORROW = NOON + DAY


@pytest.fixture
def pizzeria(session):
    return make_pizzeria(session)


@pytest.fixture
def sell(session, pizzeria):
    def sell(slug: str, number: int = 1, *, at=NOON, status=Status.DELIVERED, of=pizzeria):
        lines = [(of.select(slug), number)]
        return order_of(session, of, lines, now=at, status=status)

    return sell


def count(session, pizzeria, now=TOMORROW) -> dict[str, int]:
    here = pizzeria.restaurant.id
    count_recent_sales(session, here, now)
    session.flush()
    rows = session.execute(
        select(RecentSale.product_id, RecentSale.sold).filter_by(restaurant_id=here)
    )
    slugs = {product.id: slug for slug, product in pizzeria.products.items()}
    return {slugs[id]: sold for id, sold in rows}


def test_what_was_handed_over_is_counted_here_alone(session, pizzeria, sell):
    other = make_branch(session, pizzeria, code="city_002")
    sell("margherita", 2)
    sell("margherita", 3)
    sell("regina", at=NOON - DAY)
    sell("regina", 9, of=other)
    sell("regina", 7, status=Status.PREPARING)
    assert count(session, pizzeria) == {"margherita": 5, "regina": 1}
    assert count(session, other) == {"regina": 9}


def test_what_was_sold_before_counts_no_more(session, pizzeria, sell):
    sell("margherita")
    assert count(session, pizzeria, NOON + 28 * DAY) == {"margherita": 1}
    assert count(session, pizzeria, NOON + 29 * DAY) == {}


def test_menus_are_read_anew_only_where_something_changed(session, pizzeria, sell):
    def token() -> str:
        session.flush()
        return session.execute(select(CatalogueState.token)).scalar_one()

    sell("margherita")
    before = token()
    count(session, pizzeria)
    counted = token()
    assert counted != before
    count(session, pizzeria)
    assert token() == counted
