"""When to expect an order, by what its restaurant takes and how far it has come."""

from datetime import datetime

from ocpizza.domain.expectation import Expectation, Pace, expectation
from ocpizza.models.order import Order
from ocpizza.services.order.shown import ShownOrder


def expected_at(order: Order | ShownOrder, now: datetime) -> Expectation | None:
    """Return when an order that was loaded whole is to be expected, or when it ended."""
    restaurant = order.restaurant
    pace = Pace(restaurant.preparation_minutes, restaurant.delivery_minutes)
    return expectation(order.status, order.mode, order.expected_at, order.reached, pace, now)
