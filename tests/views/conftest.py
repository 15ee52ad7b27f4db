"""The website, for tests of this folder, and a customer who has ordered there."""

import pytest

from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from views.website import backend, browser, website

__all__ = ["backend", "browser", "website"]


@pytest.fixture
def customer(website):
    return website.staff("customer")


@pytest.fixture
def own_order(website):
    """Places an order of the customer who is signed in."""

    def place_one(status: Status = Status.DELIVERED, **values):
        author = Author(website.account("customer").id, Role.CUSTOMER)
        return website.order(status, author=author, **values)

    return place_one
