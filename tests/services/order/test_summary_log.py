"""Each way in which a summary was handed out is noted once, on the revision that it showed."""

from datetime import timedelta

import pytest

from factories import NOON, order_of
from ocpizza.services.order.summary_log import SummaryDelivery, record_summary_delivery

LATER = NOON + timedelta(minutes=1)


def noted(session, order) -> dict:
    session.expire_all()
    return {
        how: getattr(order.revision, how) for how in SummaryDelivery if getattr(order.revision, how)
    }


@pytest.mark.parametrize("how", SummaryDelivery)
def test_the_first_time_is_kept_and_the_order_is_what_it_was(session, pizzeria, how, add_up):
    order = order_of(session, pizzeria)
    version = order.version
    assert noted(session, order) == {}
    record_summary_delivery(session, order.revision.id, how, NOON)
    record_summary_delivery(session, order.revision.id, how, LATER)
    assert noted(session, order) == {how: NOON}
    assert order.version == version
    add_up(session)


def test_another_order_is_left_alone(session, pizzeria):
    first, second = order_of(session, pizzeria), order_of(session, pizzeria)
    record_summary_delivery(session, first.revision.id, SummaryDelivery.SHOWN, NOON)
    assert noted(session, second) == {}
